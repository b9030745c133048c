"""A plan in the diff pane: a document, approved into a mode or sent back as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from nanodeck.contracts.changes import Hunk
from nanodeck.contracts.comments import Comment, comment_on
from nanodeck.contracts.lines import HunkLines, lines_of
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.text import counted
from nanodeck.contracts.views import ReviewView
from nanodeck_widgets.diff.commenting import CommentingViewer
from nanodeck_widgets.diff.draw import Verdict
from nanodeck_widgets.diff.hints import PLANNING, READING, Hint
from nanodeck_widgets.diff.messages import Decided
from nanodeck_widgets.diff.picking import STEPS
from nanodeck_widgets.diff.rows import Layout, Rows

Choice = Literal["", "normal", "auto-accept", "back"]
_CHOICES: dict[str, Choice] = {
    "accept": "normal",
    "accept_file": "normal",
    "accept_all": "auto-accept",
    "reject": "back",
    "reject_file": "back",
    "reject_all": "back",
}
_WORDS: dict[Choice, str] = {
    "": "undecided",
    "normal": "approve",
    "auto-accept": "approve, auto-accept",
    "back": "send back",
}
_MEANS: dict[Choice, str] = {
    "normal": "approve it, edits are reviewed",
    "auto-accept": "approve it, edits are applied as they come",
    "back": "send it back",
}


class PlanViewer(CommentingViewer):
    """Shows plans as documents. What the person chooses leaves as `Decided` once it is sent."""

    _chosen: Choice = ""

    @property
    def planning(self) -> bool:
        """Whether a plan waits to be decided on."""
        return self.asking and self._is_plan

    @property
    def _is_plan(self) -> bool:
        return self._review is not None and self._review.changeset.plan

    def show(self, view: ReviewView | None) -> None:
        """Show a review or a plan; on another one nothing was chosen yet."""
        before = self._review.changeset.id if self._review is not None else ""
        if view is None or view.changeset.id != before:
            self._chosen = ""
        super().show(view)

    # What is said.

    @property
    def label(self) -> str:
        """The name of what is shown."""
        name = super().label
        return f"Plan{name.removeprefix(self._label)}" if self._is_plan else name

    def draw_title(self) -> None:
        """Say how long the document is and what changed in it, or name the file under the cursor."""
        if not self._is_plan or self.rows is None:
            super().draw_title()
            return
        (file,) = self.rows.changeset.files
        changes = f"  +{file.added} -{file.removed}" if file.added or file.removed else ""
        self.title = f"{self.label}  {counted(self._length, 'line')}{changes}"

    def verdict(self, hunk: int) -> Verdict:
        """What the header says: what was chosen, or what became of it."""
        if not self.planning:
            return super().verdict(hunk)
        words, palette, glyphs = _WORDS[self._chosen], self.palette, self.glyphs
        if self._chosen == "back":
            return Verdict(glyphs.failed, words, palette.error, marked=True)
        if self._chosen:
            return Verdict(glyphs.done, words, palette.success, marked=True)
        return (
            super().verdict(hunk) if self._edited or self.comments else Verdict("?", words, palette.warning)
        )

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The keys that do something now."""
        if not self._is_plan:
            return super().hints
        return PLANNING if self.planning else READING

    def unseen(self, hunks: Iterable[int]) -> int:
        """Lines that were never in view; of a plan unchanged ones too."""
        if not self._is_plan or self.rows is None:
            return super().unseen(hunks)
        return max(0, len(self.rows.body(0)) - sum(map(len, self._seen.values())))

    def counts(self, sign: str) -> bool:
        """Whether lines with `sign` have to be seen."""
        return super().counts(sign) or (self._is_plan and sign == " ")

    def _badge_text(self) -> str:
        return self.verdict(0).words if self.planning else super()._badge_text()

    def _layout(self, width: int) -> Layout:
        """A document has one side, unless the person wants to compare it with the one before."""
        layout = super()._layout(width)
        if not self._is_plan or self._arrangement.mode != "auto":
            return layout
        return self._arrangement.layout(width, 0, self._lines)

    @property
    def _length(self) -> int:
        (file,) = self.rows.changeset.files if self.rows is not None else ()
        return file.hunks[0].new_count

    # Lines of it.

    def pickable(self, hunk: Hunk) -> list[int]:
        """Where in the body of `hunk` lines can be picked: in a plan all of them, to comment on."""
        return list(range(len(lines_of(hunk)))) if self._is_plan else super().pickable(hunk)

    def act(self, name: str) -> bool:
        """Walk the lines of a plan where hunks are walked otherwise."""
        if self._is_plan and self.picking is None and name in ("next_hunk", "previous_hunk"):
            self._walk()
            return True
        return super().act(name)

    def _walk(self) -> None:
        """Put a cursor on the first line that is in view."""
        rows = self.rows
        if rows is None:
            return
        self.start_picking(rows.hunk(0), 0)
        if self.picking is not None:
            self.picking.move(self._line_in_view(rows))
        self._say_picked()

    def _line_in_view(self, rows: Rows) -> int:
        """The first line that is in view."""
        seen = (rows[row] for row in range(self.top, len(rows)))
        return next((rows.own_lines(row)[0] for row in seen if row.kind == "line"), 0)

    def _act_on_lines(self, name: str) -> bool:
        if not self._is_plan:
            return super()._act_on_lines(name)
        if name == "pick":
            return self.close_inner()
        return (name == "toggle" or name in STEPS) and super()._act_on_lines(name)

    def _say_picked(self) -> None:
        if not self._is_plan:
            super()._say_picked()
        elif self.picking is not None:
            taken, comment = len(self.picking.taken), self._key("comment")
            on = counted(taken, "line") if taken else "this line"
            self.notice = f"{comment} comments on {on}, {self._key('toggle')} takes a line, esc leaves"

    def _meant(self, rows: Rows, hunk: int, first: int, last: int) -> Comment:
        if not self._is_plan:
            return super()._meant(rows, hunk, first, last)
        lines: HunkLines = rows.body(hunk)
        if (first, last) == (0, len(lines) - 1):
            # On the plan as a whole: nobody has to read it again in front of the remark.
            lines = ()
        path, number = rows.file(hunk).path, rows.hunk(hunk).id
        changeset = self.source.name if self.asking else ""
        return comment_on(self.source, path, lines, first, last, "", changeset=changeset, hunk=number)

    # What the person does.

    def decide_plan(self, name: str, asked: str) -> bool:
        """Do what a deciding key does to a plan; False where that is what it does to any hunk."""
        if choice := _CHOICES.get(name):
            self._choose(choice)
        elif name == "toggle":
            self._choose("back" if self._chosen in ("normal", "auto-accept") else "normal")
        elif name == "split":
            self.notice = f"a plan is taken as a whole: {self._key('edit')} changes its lines"
        elif name == "pick":
            self._walk()
        elif name == "send":
            self._send_plan(asked)
        elif name == "edit":
            self.edit(asked)
            self.end_picking()
        else:
            self.end_picking()
            return False
        return True

    @property
    def line_in_hand(self) -> int:
        """The line under the line cursor; without one the first that is in view."""
        rows = self.rows
        if not self._is_plan or rows is None:
            return super().line_in_hand
        line = self.picking.cursor if self.picking is not None else self._line_in_view(rows)
        above = (rows.body(0)[place] for place in range(line))
        return sum(one.sign != "-" for one in above)

    def action_mark_file(self) -> None:
        """Mark the file as reviewed; a plan is none."""
        if self._is_plan:
            self.notice = "a plan is approved or sent back as a whole"
        else:
            super().action_mark_file()

    def _choose(self, choice: Choice) -> None:
        self._chosen = choice
        self._draw_state()
        self.notice = f"{self._meaning}: {self._key('send')} to send"

    @property
    def _meaning(self) -> str:
        edited = ", with your changes" if self._edited else ""
        edited += f", {counted(len(self.comments), 'comment')}" if self.comments else ""
        unseen = self.unseen([0]) if self._chosen != "back" else 0
        warning = f", {counted(unseen, 'line')} never in view" if unseen else ""
        return f"{_MEANS[self._chosen]}{edited}{warning}"

    def _send_plan(self, asked: str) -> None:
        if not self._chosen and self.comments:
            self._choose("back")
        if not self._chosen:
            keys = (
                f"{self._key(name)} {_WORDS[_CHOICES[name]]}" for name in ("accept", "accept_all", "reject")
            )
            self.notice = f"undecided: {', '.join(keys)}"
            return
        self._ask("send", f"{self._meaning}: {self._key('send')} again sends")
        if asked == "send" and self._gate.is_deliberate:
            self._confirm(self._plan_sent)

    def _plan_sent(self) -> None:
        self._pending = None
        if not self.planning or self._review is None or not self._chosen:
            return
        self.forget_question()
        answer = Answer("deny") if self._chosen == "back" else Answer("once", mode=Mode(self._chosen))
        self.post_message(Decided(self._review.request, answer))
