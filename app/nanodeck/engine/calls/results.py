"""The results of a reply's calls: each published once, with what decided on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nanodeck.contracts.events import ToolEnded, ToolOutcome
from nanodeck.contracts.messages import ToolMessage
from nanodeck.contracts.rules import Why
from nanodeck.core.caps import cap
from nanodeck.core.secrets import hide
from nanodeck.engine.calls.prepared import PreparedCall, ReadyCall, WrongCall
from nanodeck.engine.calls.release import Ran
from nanodeck.engine.session import Session
from nanodeck.tools.registry import ToolOutput

RESULT_LIMIT = 60_000
_NOT_REACHED = "not run: the user denied the call before it, and that stops the turn"
_STOPPED = Why("deny", "the call before it was denied", "setting.stop_on_denial")


class Results:
    """What the calls of the reply at hand came to; `answered` takes each result."""

    def __init__(self, session: Session, answered: Callable[[ToolEnded], None]) -> None:
        self._session = session
        self._answered = answered
        self._titles: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self.denied = False

    def begin(self, calls: Iterable[PreparedCall]) -> None:
        """Other calls are at hand."""
        self._titles = {call.id: call.title for call in calls if isinstance(call, ReadyCall)}
        self._texts = {}
        self.denied = False

    @property
    def stop(self) -> bool:
        """Whether nothing more of this reply runs."""
        return self.denied and self._session.setup.stop_on_denial

    def text(self, call_id: str) -> str:
        """What the model was told of a call; empty before."""
        return self._texts.get(call_id, "")

    def wrong(self, call: WrongCall) -> None:
        """Answer a call that cannot run."""
        self._end(call.id, call.name, call.name, ToolOutput(call.problem, "wrong call", ok=False), "error")

    def refuse(self, call: ReadyCall, text: str, why: Why) -> None:
        """Answer a call that must not run."""
        self.end(call, ToolOutput(text, "denied", ok=False), "denied", why)

    def pass_by(self, call: ReadyCall) -> None:
        """Answer a call behind the one that was denied."""
        self.refuse(call, _NOT_REACHED, _STOPPED)

    def close(self, call_id: str, name: str, why: str) -> None:
        """Answer a call that the end of the turn left open."""
        output = ToolOutput(why, "interrupted", ok=False)
        self._end(call_id, name, self._titles.get(call_id, name), output, "interrupted")

    def ran(self, call: ReadyCall, ran: Ran, why: Why, seconds: float) -> None:
        """Answer a call that ran within its walls."""
        about = call.id, call.tool.name, call.title
        self._end(*about, ran.output, ran.outcome, why, seconds, ran.sandbox)

    def end(self, call: ReadyCall, output: ToolOutput, outcome: ToolOutcome, why: Why) -> None:
        """Answer a call that came as far as it could."""
        self._end(call.id, call.tool.name, call.title, output, outcome, why)

    def _end(
        self,
        call_id: str,
        name: str,
        title: str,
        output: ToolOutput,
        outcome: ToolOutcome,
        why: Why | None = None,
        seconds: float = 0.0,
        sandbox: str = "",
    ) -> None:
        shown = hide(output.text, self._session.secrets())
        text = cap(shown, RESULT_LIMIT, lambda whole: self._session.keep_output(call_id, whole))
        message = ToolMessage(call_id, name, text, output.ok)
        self._texts[call_id] = text
        self._answered(
            ToolEnded(call_id, name, title, message, outcome, output.summary, round(seconds, 3), why, sandbox)
        )
