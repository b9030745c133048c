"""A review in the state it is in: what its hunks say, what its badge says, when a key may decide."""

from __future__ import annotations

import time
from collections.abc import Callable
from os.path import isabs

from rich.cells import cell_len
from textual import events

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark, Mark
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import counted, one_line
from nanodeck.contracts.views import ReviewView
from nanodeck_widgets.diff.decisions import Decisions
from nanodeck_widgets.diff.edited import with_edits
from nanodeck_widgets.diff.gate import SETTLE_SECONDS, Gate, Waiting
from nanodeck_widgets.diff.hints import DECIDING, LOOKING, Hint
from nanodeck_widgets.diff.messages import Marked
from nanodeck_widgets.diff.seen import SeeingViewer
from nanodeck_widgets.diff.strip import Standing
from nanodeck_widgets.diff.verdicts import ADVICE, VERSIONLESS, Verdict, badge_of, verdict_on
from nanodeck_widgets.keymap import keymap_of

_NO_CHANGE = Changeset("", (), ())
TITLE_CELLS = 26
"""Cells of the top edge that are kept free for the name of the file."""


class ReviewViewer(SeeingViewer):
    """Shows one changeset at a time and the decisions on it. `clock` is in seconds."""

    def __init__(
        self,
        title: str = "Diff",
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(title, id=id, classes=classes)
        self._review: ReviewView | None = None
        self._decisions = Decisions(_NO_CHANGE)
        self.clock = clock
        self._gate = Gate(lambda: self.clock())
        self._asked = ""
        self._pending: Waiting | None = None
        self._stepping = False
        self._viewed = _NO_CHANGE

    @property
    def asking(self) -> bool:
        """Whether a review waits for decisions."""
        return self._review is not None and self._review.state == "asking" and bool(self._review.request)

    @property
    def versionless(self) -> str:
        """Why there are no whole versions of what is in view; empty where there are."""
        return VERSIONLESS.get(self._review.state, "") if self._review is not None else ""

    @property
    def label(self) -> str:
        """The name of the pane, and whose review it is where that is not the main agent."""
        agent = self._review.agent if self._review is not None and self.asking else MAIN_AGENT
        return super().label if agent == MAIN_AGENT else f"{super().label} of {one_line(agent, 32)}"

    @property
    def review(self) -> ReviewView | None:
        """What is shown."""
        return self._review

    def show(self, view: ReviewView | None) -> None:
        """Show a review in the state it is in; None when there has been no change yet."""
        old, self._review = self._review, view
        if view is None:
            self._decisions = Decisions(_NO_CHANGE)
            self.forget_question()
            self.view_changeset(None)
            self._draw_state()
            return
        fresh = old is None or old.changeset.id != view.changeset.id
        asks_anew = self.asking and (fresh or old is None or old.request != view.request)
        other = old is None or (old.changeset is not view.changeset and old.changeset != view.changeset)
        held = _hunks(old.changeset)[self.current : self.current + 1] if old and self.asking else []
        if other:
            self._decisions = Decisions(view.changeset) if fresh else self._decisions.revised(view.changeset)
            self.end_picking()
            self.forget_question()
        self.of_source(Source("call", view.changeset.id))
        self._mind_comments()
        shown = with_edits(view.changeset, view.marks)
        if other or (shown is not self._viewed and shown != self._viewed):
            self._viewed = shown
            self.view_changeset(shown)
        if held and other and not fresh:
            self._hold(*held[0])
        if fresh:
            self.follow = view.state == "draft"
        if asks_anew:
            self._decisions.overrule()
        changed = self._decisions.learn(view.marks)
        if changed and self._stepping:
            self._stepping = False
            self.go_to(changed[0])
        if asks_anew or (view.state != "draft" and (old is None or fresh or old.state == "draft")):
            self.follow = False
            self.top = 0
        if asks_anew:
            self._gate.close()
            self._place_cursor()
        if asks_anew or old is None or old.state != view.state:
            self.forget_question()
            self._draw_state()
        elif other or changed or old.taken != view.taken:
            self._draw_state()
            if changed and not self._asked:
                self._tell_progress()

    def _hold(self, file: str, held: Hunk) -> None:
        """Stay with the hunk that was under the cursor; where it looks otherwise it is looked at first."""
        hunks = _hunks(self._review.changeset) if self._review is not None else []
        if near := [place for place, (path, _) in enumerate(hunks) if path == file]:
            here = min(
                near, key=lambda n: (hunks[n][1].id != held.id, abs(hunks[n][1].old_start - held.old_start))
            )
            now = hunks[here][1]
            if now.id == held.id and (now.body, now.stale) != (held.body, held.stale):
                self._gate.close()
            if here != self.current:
                self.go_to(here)

    def show_comments(self, comments: tuple[Comment, ...]) -> None:
        """These are open now; a hunk with one needs no other decision."""
        super().show_comments(comments)
        self._mind_comments()
        self.forget_question()
        self._tell_progress()
        self._draw_state()

    def _mind_comments(self) -> None:
        self._decisions.comment((comment.path, comment.hunk) for comment in self.comments)

    def draft(self, changeset: Changeset) -> None:
        """Show a change whose arguments still stream; its end stays in view unless the person scrolls."""
        self.show(ReviewView(changeset, "draft", self._review.agent if self._review is not None else ""))

    def later(self, seconds: float, action: Callable[[], None]) -> Waiting:
        """Do something in `seconds`."""
        return self.set_timer(seconds, action)

    # What the rows say.

    def verdict(self, hunk: int) -> Verdict:
        """What the header of a hunk says: the decision, or what became of it."""
        state = self._review.state if self._review is not None else "draft"
        stale = self.rows is not None and bool(self.rows.hunk(hunk).stale)
        if self.asking and not stale and self._decisions.is_commented(hunk):
            return Verdict(self.glyphs.comment, "commented", self.palette.warning, marked=True)
        left_out = self._decisions.tally.undecided < len(self._decisions)
        mark = self._decisions[hunk]
        return verdict_on(mark, state, self.palette, self.glyphs, left_out=left_out, stale=stale)

    def standing(self, file: int) -> Standing:
        """How a file stands: in a review by the decisions on its hunks."""
        if not self.asking or self.rows is None:
            return super().standing(file)
        marks = {self._decisions.standing(hunk) for hunk in self.rows.hunks_of(file)}
        palette, glyphs = self.palette, self.glyphs
        if marks == {"undecided"}:
            return Standing("?", palette.warning)
        if marks == {"rejected"}:
            return Standing(glyphs.failed, palette.error, done=True)
        if marks <= {"accepted", "edited"}:
            return Standing(glyphs.done, palette.success, done=True)
        return Standing(glyphs.half, palette.warning, done="undecided" not in marks)

    def settled(self, hunks: range, *, reviewed: bool) -> int:
        """How many of the `hunks` of a file were decided on, while they ask."""
        if not self.asking:
            return super().settled(hunks, reviewed=reviewed)
        return len(hunks) - len(self._decisions.undecided(hunks))

    @property
    def bottom_line(self) -> str:
        """How much there is below, and what of a review was never in view."""
        line = super().bottom_line
        if self.finder.typing or not self.asking or not self.not_seen:
            return line
        return f"{line}  {counted(self.not_seen, 'changed line')} not seen yet".lstrip()

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The keys that do something now."""
        return DECIDING if self.asking else LOOKING

    def _draw_state(self) -> None:
        self.badge = self._badge_text()
        self.lit = self.asking
        self.redraw()

    def _badge_text(self) -> str:
        if self._review is None:
            return ""
        badge = badge_of(self._review, self._decisions.tally, self.glyphs, outside=bool(self._outside))
        told = self.asking or bool(self.reviewed_files)
        if not told or self._review.changeset.plan:
            return badge
        both = f"{self.progress}  {badge}"
        return both if self.outer_size.width - cell_len(both) >= TITLE_CELLS else self.progress

    @property
    def _outside(self) -> list[str]:
        """Paths out of the project: only those are shown from the root on."""
        if self._review is None or not self.asking:
            return []
        return [file.path for file in self._review.changeset.files if isabs(file.path)]

    # What the person does.

    def on_key(self, event: events.Key) -> None:
        self._gate.press()
        self._cancel_pending()
        # Who went on is not taken back to where a step was.
        self._stepping = False

    def on_resize(self, _event: events.Resize) -> None:
        # How much of it is said depends on the room there is.
        self.badge = self._badge_text()

    def on_blur(self) -> None:
        # A terminal that loses the focus leaves it to no widget: nobody went elsewhere in here.
        if self.screen.focused not in (None, self):
            self._cancel_pending()

    @property
    def _under_cursor(self) -> tuple[FileDiff, Hunk]:
        assert self.rows is not None
        return self.rows.file(self.current), self.rows.hunk(self.current)

    def proposed(self, place: int) -> Hunk:
        """A hunk of the review as it was proposed, without what the person made of it."""
        assert self._review is not None
        return _hunks(self._review.changeset)[place][1]

    def _key(self, name: str) -> str:
        return keymap_of(self.app).first(f"diff.{name}")

    def _undecided(self) -> list[int]:
        return self._decisions.undecided(range(len(self._decisions)))

    def _decide(
        self, hunks: list[int], mark: Mark, *, advance: bool = False, lines: tuple[int, ...] = ()
    ) -> None:
        shown = tuple(map(self.proposed, hunks)) if lines else ()
        self._post(self._decisions.decide(hunks, mark, lines), shown)
        if advance:
            following = self._decisions.next_undecided(self.current)
            if following is not None:
                self.go_to(following)
        self._tell_progress()
        if mark == "accepted" and len(hunks) == 1 and self._decisions.is_stale(hunks[0]) and self.rows:
            self.notice = f"this hunk is not written: {self.rows.hunk(hunks[0]).stale}"

    def _post(self, marks: tuple[HunkMark, ...], shown: tuple[Hunk, ...] = ()) -> None:
        if marks and self._review is not None:
            self.post_message(Marked(self._review.changeset.id, marks, shown))
            self._draw_state()

    def _tell_progress(self) -> None:
        if self.asking and not self._undecided():
            self.notice = f"{self._summary}: {self._key('send')} to send"

    @property
    def _summary(self) -> str:
        accepted, rejected, _ = self._decisions.tally
        unseen = self.unseen(self._decisions.marked("accepted"))
        warning = f", {counted(unseen, 'accepted line')} never in view" if unseen else ""
        said = f", {counted(len(self.comments), 'comment')}" if self.comments else ""
        stale = f" ({self._decisions.stale} stale)" if self._decisions.stale else ""
        return f"{accepted} accepted, {rejected} rejected{stale}{said}{warning}"

    def _ask(self, question: str, words: str) -> None:
        self._asked = question
        self.notice = words

    def _confirm(self, action: Callable[[], None]) -> None:
        """Do it unless another key follows at once, as the first repeat of a held key looks deliberate."""
        self._pending = self.later(SETTLE_SECONDS, action)

    def _cancel_pending(self) -> None:
        if self._pending is not None:
            self._pending.stop()
            self._pending = None

    def forget_question(self) -> None:
        """Nothing is asked any more: say what holds for the review as a whole."""
        self._cancel_pending()
        self._asked = ""
        warning, failure = "", self._review.failure if self._review is not None else ""
        if failure:
            warning = f"not written, and the model knows it: {failure}"
        elif self._outside:
            warning = f"outside the project: {', '.join(self._outside)}"
        self.notice = f"{self.glyphs.warning} {warning}" if warning else ""
        self.advice = ADVICE.get(self._review.state, "") if self._review is not None else ""
        self.draw_foot()

    def _place_cursor(self) -> None:
        left = self._undecided()
        self.go_to(left[0] if left else 0)


def _hunks(changeset: Changeset) -> list[tuple[str, Hunk]]:
    """Every hunk with the path of its file."""
    return [(file.path, hunk) for file in changeset.files for hunk in file.hunks]
