"""The diff pane: a change as it streams in, its review hunk by hunk, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from os.path import isabs
from typing import ClassVar, TypeAlias

from textual import events

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark, Mark
from nanodeck.contracts.text import counted
from nanodeck.contracts.views import ReviewView
from nanodeck_widgets.diff import messages
from nanodeck_widgets.diff.decisions import Decisions
from nanodeck_widgets.diff.edited import not_editable, proposed_text, with_edits
from nanodeck_widgets.diff.gate import SETTLE_SECONDS, Gate, Waiting
from nanodeck_widgets.diff.hints import DECIDING, LOOKING, Hint
from nanodeck_widgets.diff.picking import STEPS, changed_lines, changes
from nanodeck_widgets.diff.seen import SeeingViewer
from nanodeck_widgets.diff.verdicts import ADVICE, Verdict, badge_of, verdict_on
from nanodeck_widgets.keymap import keymap_of

_NO_CHANGE = Changeset("", (), ())


class DiffPane(SeeingViewer):
    """Reviews one changeset at a time. Marks leave as `Marked` at once; `Sent` ends the review.

    Keys decide only while a request is pending and the pane has the focus. `clock` is in seconds.
    """

    Marked: TypeAlias = messages.Marked
    SplitWanted: TypeAlias = messages.SplitWanted
    StepWanted: TypeAlias = messages.StepWanted
    EditWanted: TypeAlias = messages.EditWanted
    Sent: TypeAlias = messages.Sent

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
        if other:
            self._decisions = Decisions(view.changeset) if fresh else self._decisions.revised(view.changeset)
            self.end_picking()
            self.forget_question()
        shown = with_edits(view.changeset, view.marks)
        if other or (shown is not self._viewed and shown != self._viewed):
            self._viewed = shown
            self.view_changeset(shown)
        if fresh:
            self.follow = view.state == "draft"
        changed = self._decisions.learn(view.marks)
        if changed and self._stepping:
            self._stepping = False
            self.go_to(changed[0])
        if asks_anew or (fresh and view.state != "draft"):
            self.follow = False
            self.top = 0
        if asks_anew:
            self._gate.close()
            self._place_cursor()
        if asks_anew or old is None or old.state != view.state:
            self.forget_question()
            self._draw_state()
        elif changed:
            self._draw_state()

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
        left_out = self._decisions.tally.undecided < len(self._decisions)
        return verdict_on(self._decisions[hunk], state, self.palette, self.glyphs, left_out=left_out)

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
        return badge_of(self._review, self._decisions.tally, self.glyphs, outside=bool(self._outside))

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

    def on_blur(self) -> None:
        # A terminal that loses the focus leaves it to no widget: nobody went elsewhere in here.
        if self.screen.focused not in (None, self):
            self._cancel_pending()

    def act(self, name: str) -> bool:
        """Do what `name` says; a decision too soon after something new came in sight is dropped."""
        if self.picking is not None and self._act_on_lines(name):
            return True
        decide = self._deciding.get(name)
        if decide is None:
            self.forget_question()
            return super().act(name)
        if self.asking and not self._gate.is_open:
            self.notice = "too soon: decide after a short pause"
        elif self.asking and len(self._decisions):
            self.settle()
            asked = self._asked
            self.forget_question()
            decide(self, asked)
        return True

    def accept(self, _asked: str) -> None:
        """Accept the hunk under the cursor and go to the next undecided one."""
        self._decide([self.current], "accepted", advance=True)

    def reject(self, _asked: str) -> None:
        """Reject the hunk under the cursor and go to the next undecided one."""
        self._decide([self.current], "rejected", advance=True)

    def toggle(self, _asked: str) -> None:
        """Accept the hunk, or reject it when it is accepted, and stay."""
        accepted = self._decisions[self.current].mark == "accepted"
        self._decide([self.current], "rejected" if accepted else "accepted")

    def accept_file(self, _asked: str) -> None:
        """Accept this hunk and all undecided ones of its file."""
        self._decide(self._rest_of_file(), "accepted", advance=True)

    def reject_file(self, _asked: str) -> None:
        """Reject this hunk and all undecided ones of its file."""
        self._decide(self._rest_of_file(), "rejected", advance=True)

    def accept_all(self, _asked: str) -> None:
        """Accept everything left."""
        self._decide(self._undecided(), "accepted", advance=True)

    def reject_all(self, asked: str) -> None:
        """Reject everything left, asking once."""
        left = self._undecided()
        if not left:
            self._tell_progress()
            return
        self._ask("reject", f"{self._key('reject_all')} again rejects the {len(left)} undecided")
        if asked == "reject" and self._gate.is_deliberate:
            self._confirm(lambda: self._decide(self._undecided(), "rejected", advance=True))

    def undo(self, _asked: str) -> None:
        """Take the last step back."""
        self._step(back=True)

    def redo(self, _asked: str) -> None:
        """Take the step again that was taken back."""
        self._step(back=False)

    def split(self, _asked: str) -> None:
        """Split the hunk under the cursor at its context lines."""
        path, number = self._decisions.names[self.current]
        file, hunk = self._under_cursor
        if self._edited:
            self._say_edited()
        elif file.kind != "modified" or changes(hunk) < 2:
            self.notice = f"this hunk is one change: {self._key('pick')} picks lines of it"
        elif self._review is not None:
            self.post_message(self.SplitWanted(self._review.changeset.id, path, number))

    def pick(self, _asked: str) -> None:
        """Pick lines of the hunk under the cursor."""
        file, hunk = self._under_cursor
        if self._edited:
            self._say_edited()
        elif file.kind == "deleted" or not changed_lines(hunk):
            self.notice = "there are no lines to pick from"
        else:
            self.start_picking(hunk, self.current)
            self._say_picked()

    def edit(self, _asked: str) -> None:
        """Write the lines of the hunk under the cursor oneself."""
        path, number = self._decisions.names[self.current]
        file, hunk = self._under_cursor
        text = self._decisions[self.current].text if self._edited else proposed_text(hunk)
        if why := not_editable(file, hunk, text):
            self.notice = why
        elif self._review is not None:
            self.post_message(self.EditWanted(self._review.changeset.id, path, number, text))

    def send(self, asked: str) -> None:
        """End the review: first what is missing, then what it comes to, then send."""
        left = self._undecided()
        if left:
            accept, reject = self._key("accept_all"), self._key("reject_all")
            self.notice = f"{len(left)} undecided: {accept} accept all, {reject} reject all"
            self.go_to(left[0])
            return
        self._ask("send", f"{self._summary}: {self._key('send')} again sends")
        if asked == "send" and self._gate.is_deliberate:
            self._confirm(self._send_now)

    _deciding: ClassVar[dict[str, Callable[[DiffPane, str], None]]] = {
        "accept": accept,
        "reject": reject,
        "toggle": toggle,
        "accept_file": accept_file,
        "reject_file": reject_file,
        "accept_all": accept_all,
        "reject_all": reject_all,
        "undo": undo,
        "redo": redo,
        "split": split,
        "pick": pick,
        "edit": edit,
        "send": send,
    }

    @property
    def _summary(self) -> str:
        accepted, rejected, _ = self._decisions.tally
        unseen = self.unseen(self._decisions.marked("accepted"))
        warning = f", {counted(unseen, 'accepted line')} never in view" if unseen else ""
        return f"{accepted} accepted, {rejected} rejected{warning}"

    def _key(self, name: str) -> str:
        return keymap_of(self.app).first(f"diff.{name}")

    def _undecided(self) -> list[int]:
        return self._decisions.undecided(range(len(self._decisions)))

    def _rest_of_file(self) -> list[int]:
        path = self._decisions.names[self.current][0]
        same = [hunk for hunk, name in enumerate(self._decisions.names) if name[0] == path]
        return sorted({self.current, *self._decisions.undecided(same)})

    def _decide(
        self, hunks: list[int], mark: Mark, *, advance: bool = False, lines: tuple[int, ...] = ()
    ) -> None:
        self._post(self._decisions.decide(hunks, mark, lines))
        if advance:
            following = self._decisions.next_undecided(self.current)
            if following is not None:
                self.go_to(following)
        self._tell_progress()

    def picked(self, hunk: int) -> tuple[int, ...]:
        """The lines of a hunk that alone are accepted."""
        return self._decisions[hunk].lines if hunk < len(self._decisions) else ()

    def _act_on_lines(self, name: str) -> bool:
        """What a key does while lines are picked; False when that is what it always does."""
        picking = self.picking
        if picking is None or name not in ("accept", "send", "pick", "toggle", *STEPS):
            return False
        if name == "toggle" or name in STEPS:
            super().act(name)
            self._say_picked()
        elif name == "pick":
            self.close_inner()
        elif not picking.taken:
            self.notice = f"no line is picked: {self._key('toggle')} takes the one under the cursor"
        else:
            lines = () if len(picking.taken) == picking.total else picking.taken
            self.end_picking()
            self._decide([picking.hunk], "accepted", advance=True, lines=lines)
        return True

    def _say_picked(self) -> None:
        if self.picking is not None:
            taken, total = len(self.picking.taken), self.picking.total
            take, accept = self._key("toggle"), self._key("accept")
            self.notice = f"{taken} of {total} lines: {take} takes one, {accept} accepts them, esc leaves"

    @property
    def _edited(self) -> bool:
        """Whether the hunk under the cursor is a person's already."""
        return self._decisions[self.current].mark == "edited"

    def _say_edited(self) -> None:
        self.notice = (
            f"you edited this hunk: {self._key('undo')} takes that back, {self._key('edit')} goes on"
        )

    @property
    def _under_cursor(self) -> tuple[FileDiff, Hunk]:
        assert self.rows is not None
        return self.rows.file(self.current), self.rows.hunk(self.current)

    def _step(self, *, back: bool) -> None:
        view = self._review
        left = 0 if view is None else view.undo if back else view.redo
        if view is None or not (left or (back and not self._decisions.told)):
            self.notice = "nothing to undo" if back else "nothing to redo"
            return
        self._stepping = True
        self.post_message(self.StepWanted(view.changeset.id, back=back))

    def _tell_progress(self) -> None:
        if not self._undecided():
            self.notice = f"{self._summary}: {self._key('send')} to send"

    def _post(self, marks: tuple[HunkMark, ...]) -> None:
        if marks and self._review is not None:
            self.post_message(self.Marked(self._review.changeset.id, marks))
            self._draw_state()

    def _ask(self, question: str, words: str) -> None:
        self._asked = question
        self.notice = words

    def _confirm(self, action: Callable[[], None]) -> None:
        """Do it unless another key follows at once, as the first repeat of a held key looks deliberate."""
        self._pending = self.later(SETTLE_SECONDS, action)

    def _send_now(self) -> None:
        self._pending = None
        if self.asking and self._review is not None and not self._undecided():
            self.forget_question()
            self.post_message(self.Sent(self._review.request))

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
