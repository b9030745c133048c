"""What a run without a screen adds up to: the answer, the calls, the files, how it ended."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import asdict

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.messages import CallPart
from nanodeck.contracts.model import Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.reasons import asks_because
from nanodeck.contracts.requests import (
    CommandDetail,
    NetworkDetail,
    PlanDetail,
    RepetitionDetail,
    Request,
    ReviewDetail,
    ToolDetail,
    TrustDetail,
)
from nanodeck.contracts.text import counted
from nanodeck.core.review.plan import plan_text

EXIT_DONE = 0
EXIT_ERROR = 1
EXIT_APPROVAL = 2
EXIT_USAGE = 64
EXIT_INTERRUPTED = 130


class Outcome:
    """Follows the events of one turn."""

    def __init__(self) -> None:
        self.text = ""
        self.ended: ev.TurnEnd | None = None
        self._reasoning: list[str] = []
        self._calls: dict[str, CallPart] = {}
        self._results: dict[str, ev.ToolEnded] = {}
        self._files: dict[str, AppliedFile] = {}
        self._usage = Usage()
        self._session = ""
        self._error = ""
        self._wanted: Request | None = None
        self._plan = ""
        self._entered = False

    @property
    def exit_code(self) -> int:
        """0 done, 1 error, 2 an approval nobody could give, 130 interrupted.

        Who starts in plan mode wants a plan: with it the work is done.
        """
        if self._wanted:
            asked_for = isinstance(self._wanted.detail, PlanDetail) and not self._entered
            return EXIT_DONE if asked_for else EXIT_APPROVAL
        if self.ended == "done":
            return EXIT_DONE
        return EXIT_INTERRUPTED if self.ended == "interrupted" else EXIT_ERROR

    def take(self, envelope: ev.Envelope) -> None:
        """Note one event."""
        self._session = envelope.session
        match envelope.event:
            case ev.ReplyEnded(message=message, usage=usage):
                self._usage = self._usage.plus(usage)
                self._calls |= {call.id: call for call in message.calls}
                if message.reasoning:
                    self._reasoning.append(message.reasoning)
                if message.text:
                    self.text = message.text
            case ev.ToolEnded(call=call) as ended:
                self._results[call] = ended
            case ev.ChangesetEnded(files=files):
                self._files |= {file.path: file for file in files}
            case ev.ModeSwitched(mode=Mode.PLAN):
                self._entered = True
            case ev.ChangesetProposed(changeset=changeset) if changeset.plan:
                self.text = plan_text(changeset).rstrip("\n")
            case ev.RequestOpened(request=request):
                self._wanted = self._wanted or request
                if isinstance(request.detail, PlanDetail):
                    self._plan = request.detail.path
            case ev.Noticed(level="error", text=text):
                self._error = text
            case ev.TurnEnded(end=end, detail=detail):
                self.ended = end
                if end != "done":
                    self._error = detail or self._error
            case _:
                pass

    def fail(self, why: str) -> None:
        """Nothing could be run."""
        self.ended, self._error = "error", why

    def problem(self, exit_code: int) -> str:
        """Why it did not simply end, in a line or two; empty when it did."""
        if exit_code == EXIT_DONE:
            return ""
        if exit_code == EXIT_APPROVAL and self._wanted:
            way_out = "--mode auto-accept allows edits and what the sandbox confines, --mode yolo everything"
            if self._plan:
                way_out = "--mode plan makes the plan the answer, --mode auto-accept goes on without one"
            elif rules := self._wanted.suggestion.splitlines():
                way_out += f", allow = {msgspec.json.encode(rules).decode()} below [permissions] this"
            what, why = describe(self._wanted), asks_because(self._wanted)
            return f"stopped: {what} needs an approval ({why})\n  {way_out}"
        return "interrupted" if exit_code == EXIT_INTERRUPTED else self._error or "failed"

    def as_json(self, exit_code: int) -> dict[str, Any]:
        """The one object of `--output-format json`."""
        kind = {EXIT_DONE: "success", EXIT_APPROVAL: "tool-approval-required"}.get(exit_code, "error")
        result: dict[str, Any] = {
            "kind": kind,
            "exitCode": exit_code,
            "finalText": self.text,
            "reasoning": "\n".join(self._reasoning),
            "toolCalls": [self._call_as_json(call) for call in self._calls.values()],
            "filesChanged": sorted(self._files),
            "usage": {
                "input": self._usage.input,
                "output": self._usage.output,
                "cached": self._usage.cached,
                "reasoning": self._usage.reasoning,
            },
            "sessionId": self._session,
        }
        if self._plan:
            result["planFile"] = self._plan
        if exit_code == EXIT_APPROVAL and self._wanted:
            result["approval"] = _request_as_json(self._wanted)
        if problem := self.problem(exit_code):
            result["error"] = problem
        return result

    def _call_as_json(self, call: CallPart) -> dict[str, Any]:
        try:
            arguments = msgspec.json.decode(call.arguments or "{}")
        except msgspec.DecodeError:
            arguments = call.arguments
        shown: dict[str, Any] = {"name": call.name, "arguments": arguments}
        if ended := self._results.get(call.id):
            shown["result" if ended.message.ok else "error"] = ended.message.text
            if ended.why:
                shown["why"] = asdict(ended.why)
            if ended.sandbox:
                shown["sandbox"] = ended.sandbox
        return shown


def _request_as_json(request: Request) -> dict[str, Any]:
    """What was asked, why, and the allow rules that would answer it."""
    detail = request.detail
    asked: dict[str, Any] = {"about": describe(request), "why": asdict(request.why)}
    if isinstance(detail, CommandDetail):
        asked["command"] = detail.command
        asked["folder"] = detail.folder
        asked["parts"] = [
            {"text": part.text, "verdict": part.verdict, "reason": part.reason, "rule": part.rule}
            for part in detail.judged
        ]
    return {**asked, "suggestion": request.suggestion.splitlines()}


def describe(request: Request) -> str:
    """What a request is about, in a few words."""
    match request.detail:
        case CommandDetail(command=command):
            return f"the command {command!r}"
        case ReviewDetail(files=files, hunks=hunks):
            return f"an edit of {counted(files, 'file')} ({counted(hunks, 'hunk')})"
        case PlanDetail():
            return "the plan"
        case NetworkDetail(host=host):
            return f"the way to {host}"
        case ToolDetail(name=name):
            return f"the call of {name}"
        case TrustDetail(folder=folder):
            return f"trust in {folder}"
        case RepetitionDetail(name=name, times=times):
            return f"the {times} times repeated call of {name}"
