"""The diff pane: a change as it streams in, its review hunk by hunk, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from nanodeck_widgets.diff import messages
from nanodeck_widgets.diff.plan import PlanViewer
from nanodeck_widgets.diff.shaping import ShapingViewer

TOO_SOON = "too soon: decide after a short pause"
_ON_ONE = frozenset(("accept", "reject", "toggle", "accept_file", "reject_file", "split", "pick", "edit"))
"""Decisions on what is under the cursor."""


class DiffPane(PlanViewer):
    """Reviews one changeset at a time. Marks leave as `Marked` at once; `Sent` ends the review.

    Keys decide only while a request is pending and the pane has the focus. Afterwards, and in the diff of
    a source, they take applied hunks back.
    """

    Marked: TypeAlias = messages.Marked
    SplitWanted: TypeAlias = messages.SplitWanted
    StepWanted: TypeAlias = messages.StepWanted
    EditWanted: TypeAlias = messages.EditWanted
    CommentWanted: TypeAlias = messages.CommentWanted
    CommentsWanted: TypeAlias = messages.CommentsWanted
    Sent: TypeAlias = messages.Sent
    Decided: TypeAlias = messages.Decided
    MarkFileWanted: TypeAlias = messages.MarkFileWanted
    FilesWanted: TypeAlias = messages.FilesWanted
    SourceWanted: TypeAlias = messages.SourceWanted
    TakeBackWanted: TypeAlias = messages.TakeBackWanted

    def act(self, name: str) -> bool:
        """Do what `name` says; a decision too soon after something new came in sight is dropped."""
        if self.picking is not None and self._act_on_lines(name):
            return True
        decide = self._deciding.get(name)
        if decide is None:
            self.forget_question()
            return super().act(name)
        if not self.asking:
            self._look_back(name)
        elif not self._gate.is_open:
            self.notice = TOO_SOON
        elif name in _ON_ONE and self._folded_here:
            self.open_file()
            self.notice = "it was folded as reviewed: look first, then decide"
        elif len(self._decisions):
            self.settle()
            asked = self._asked
            self.forget_question()
            if not (self.planning and self.decide_plan(name, asked)):
                decide(self, asked)
        return True

    def _look_back(self, name: str) -> None:
        """What keys that decide do where nothing is asked."""
        if name == "reject" and not self._gate.is_open:
            self.notice = TOO_SOON
        elif name == "reject":
            self.settle()
            self.forget_question()
            self.take_back()
        elif name == "pick":
            self.pick_to_comment()
        elif name == "undo" and self._has_applied:
            self.notice = "/undo puts back what was written last, taken back hunks too"
        elif name == "send" and self.source.kind == "rewind":
            self.post_message(messages.RewindWanted(self.source.name))
        elif name == "send" and self._folded_here:
            self.open_file()

    @property
    def _folded_here(self) -> bool:
        return self.rows is not None and bool(self.rows.places) and self.rows.is_folded(self.current)

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
        "split": ShapingViewer.split,
        "pick": ShapingViewer.pick,
        "edit": ShapingViewer.edit,
        "send": send,
    }

    def _rest_of_file(self) -> list[int]:
        path = self._decisions.names[self.current][0]
        same = [hunk for hunk, name in enumerate(self._decisions.names) if name[0] == path]
        return sorted({self.current, *self._decisions.undecided(same)})

    def _step(self, *, back: bool) -> None:
        view = self._review
        left = 0 if view is None else view.undo if back else view.redo
        if view is None or not (left or (back and not self._decisions.told)):
            self.notice = "nothing to undo" if back else "nothing to redo"
            return
        self._stepping = True
        self._decisions.overrule()
        self.post_message(self.StepWanted(view.changeset.id, back=back))

    def _send_now(self) -> None:
        self._pending = None
        if self.asking and self._review is not None and not self._undecided():
            self.forget_question()
            self.post_message(self.Sent(self._review.request))
