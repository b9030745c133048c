"""The diff pane: a change as it streams in, its review hunk by hunk, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from os.path import isabs
from typing import ClassVar, Protocol

from textual import events
from textual.message import Message

from nanodeck.contracts.changes import Changeset, HunkMark, Mark
from nanodeck.contracts.views import ReviewState, ReviewView
from nanodeck_widgets.diff.decisions import Decisions
from nanodeck_widgets.diff.draw import Verdict
from nanodeck_widgets.diff.gate import SETTLE_SECONDS, Gate
from nanodeck_widgets.diff.hints import DECIDING, LOOKING, Hint
from nanodeck_widgets.diff.viewer import DiffViewer
from nanodeck_widgets.keymap import keymap_of

_NO_CHANGE = Changeset("", (), ())
ADVICE: dict[ReviewState, str] = {
    "draft": "the model still writes this: decide once it asks",
    "applied": "written: /undo puts it back",
    "refused": "nothing was written, and the model knows it",
    "undone": "put back: the files are as they were before",
}
"""What can be done about a change that does not ask."""


class Waiting(Protocol):
    """Something that happens in a moment, unless it is stopped."""

    def stop(self) -> None:
        """Let it not happen."""
        ...


class DiffPane(DiffViewer):
    """Reviews one changeset at a time. Marks leave as `Marked` at once; `Sent` ends the review.

    Keys decide only while a request is pending and the pane has the focus. `clock` is monotonic
    seconds.
    """

    class Marked(Message):
        """The person decided on hunks."""

        def __init__(self, changeset: str, marks: tuple[HunkMark, ...]) -> None:
            super().__init__()
            self.changeset = changeset
            self.marks = marks

    class Sent(Message):
        """The person ends the review."""

        def __init__(self, request: str, message: str = "") -> None:
            super().__init__()
            self.request = request
            self.message = message

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
            self._forget_question()
            self.view_changeset(None)
            self._draw_state()
            return
        fresh = old is None or old.changeset.id != view.changeset.id
        asks_anew = self.asking and (fresh or old is None or old.request != view.request)
        if old is None or (old.changeset is not view.changeset and old.changeset != view.changeset):
            self._decisions = Decisions(view.changeset)
            self.view_changeset(view.changeset)
        if fresh:
            self.follow = view.state == "draft"
        changed = self._decisions.learn(view.marks)
        if asks_anew or (fresh and view.state != "draft"):
            self.follow = False
            self.top = 0
        if asks_anew:
            self._gate.close()
            self._place_cursor()
        if asks_anew or old is None or old.state != view.state:
            self._forget_question()
            self._draw_state()
        elif changed:
            self._draw_state()

    def draft(self, changeset: Changeset) -> None:
        """Show a change whose arguments still stream; its end stays in view unless the person scrolls."""
        agent = self._review.agent if self._review is not None else ""
        self.show(ReviewView(changeset, "draft", agent))

    def later(self, seconds: float, action: Callable[[], None]) -> Waiting:
        """Do something in `seconds`."""
        return self.set_timer(seconds, action)

    # What the rows say.

    def verdict(self, hunk: int) -> Verdict:
        """What the header of a hunk says: the decision, or what became of it."""
        palette, glyphs = self.palette, self.glyphs
        mark = self._decisions[hunk]
        state = self._review.state if self._review is not None else "draft"
        if state == "draft":
            return Verdict(glyphs.ellipsis, "draft", palette.muted)
        if mark == "rejected":
            return Verdict(glyphs.failed, "rejected", palette.error)
        if state == "asking":
            if mark == "accepted":
                return Verdict(glyphs.done, "accepted", palette.success)
            return Verdict("?", "undecided", palette.attention)
        # Nobody marks what is accepted without asking.
        left_out = mark == "undecided" and self._decisions.tally.undecided < len(self._decisions)
        if state == "refused" or left_out:
            return Verdict(glyphs.failed, "not written", palette.error)
        if state == "failed":
            return Verdict(glyphs.warning, "failed", palette.error)
        if state == "undone":
            return Verdict(glyphs.waiting, "undone", palette.muted)
        return Verdict(glyphs.done, "applied", palette.success)

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The keys that do something now."""
        return DECIDING if self.asking else LOOKING

    def _draw_state(self) -> None:
        self.badge = self._badge_text()
        self.lit = self.asking
        self.redraw()

    def _badge_text(self) -> str:
        view, glyphs = self._review, self.glyphs
        if view is None:
            return ""
        accepted, rejected, undecided = self._decisions.tally
        match view.state:
            case "draft":
                return "draft"
            case "asking":
                tally = f"{accepted}{glyphs.done} {rejected}{glyphs.failed} {undecided}?"
                files = len(view.changeset.files)
                parts = [f"{glyphs.warning} outside"] if self._outside else []
                parts += [f"{files} files"] if files > 1 else []
                return "  ".join([*parts, tally])
            case "applied":
                total = accepted + rejected + undecided
                part = f" {accepted} of {total}" if 0 < accepted < total else ""
                return f"{glyphs.done} applied{part}"
            case "refused":
                return f"{glyphs.failed} refused"
            case "failed":
                return f"{glyphs.warning} failed"
            case "undone":
                return f"{glyphs.waiting} undone"

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

    def on_blur(self) -> None:
        # A terminal that loses the focus leaves it to no widget: nobody went elsewhere in here.
        if self.screen.focused not in (None, self):
            self._cancel_pending()

    def act(self, name: str) -> bool:
        """Do what `name` says; a decision too soon after something new came in sight is dropped."""
        decide = self._deciding.get(name)
        if decide is None:
            self._forget_question()
            return super().act(name)
        if self.asking and not self._gate.is_open:
            self.notice = "too soon: decide after a short pause"
        elif self.asking and len(self._decisions):
            self.settle()
            asked = self._asked
            self._forget_question()
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
        accepted = self._decisions[self.current] == "accepted"
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
        """Take the last decision back."""
        self._tell(self._decisions.undo(), "nothing to undo")

    def redo(self, _asked: str) -> None:
        """Decide again what was taken back."""
        self._tell(self._decisions.redo(), "nothing to redo")

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
        "send": send,
    }

    @property
    def _summary(self) -> str:
        accepted, rejected, _ = self._decisions.tally
        return f"{accepted} accepted, {rejected} rejected"

    def _key(self, name: str) -> str:
        return keymap_of(self.app).first(f"diff.{name}")

    def _undecided(self) -> list[int]:
        return self._decisions.undecided(range(len(self._decisions)))

    def _rest_of_file(self) -> list[int]:
        path = self._decisions.names[self.current][0]
        same = [hunk for hunk, name in enumerate(self._decisions.names) if name[0] == path]
        return sorted({self.current, *self._decisions.undecided(same)})

    def _decide(self, hunks: list[int], mark: Mark, *, advance: bool = False) -> None:
        self._post(self._decisions.decide(hunks, mark))
        if advance:
            following = self._decisions.next_undecided(self.current)
            if following is not None:
                self.go_to(following)
        self._tell_progress()

    def _tell(self, marks: tuple[HunkMark, ...], otherwise: str) -> None:
        if not marks:
            self.notice = otherwise
            return
        self.go_to(self._decisions.position(marks[0]))
        self._post(marks)

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
            self._forget_question()
            self.post_message(self.Sent(self._review.request))

    def _cancel_pending(self) -> None:
        if self._pending is not None:
            self._pending.stop()
            self._pending = None

    def _forget_question(self) -> None:
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
