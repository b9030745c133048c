"""Requests for a person and their answers: records with an id, never futures in a UI message."""

from __future__ import annotations

from typing import Literal, Union

from msgspec import Struct

from nanodeck.contracts.judging import JudgedPart
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Why
from nanodeck.contracts.text import one_line


class Word(Struct, frozen=True, omit_defaults=True):
    """A word as its program gets it; one that the shell has to fill in first stands as it was written."""

    text: str
    filled: bool = False


class Redirect(Struct, frozen=True):
    """Where a program reads from or writes to: `sign` is what stands before the `target`, as in `2>>`."""

    sign: str
    target: Word


class CommandPart(Struct, frozen=True, omit_defaults=True):
    """A simple command: its `words` are its argv, `variables` are set for it alone.

    `joint` is what leads on to the next part: `&&`, `||`, `|`, `;` or `&`.
    """

    words: tuple[Word, ...]
    variables: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    joint: str = ""


class EnvironmentChanges(Struct, frozen=True, omit_defaults=True):
    """How the environment differs from the person's: names it `lacks`, NAME=value it `sets`.

    A name without a value is set to something of nanodeck's own. `later` says who adds what when the
    command starts.
    """

    lacks: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    later: str = ""


class Writes(Struct, frozen=True, omit_defaults=True):
    """Files a command writes and deletes, as far as can be told; `more` says why it may touch others too.

    Paths are relative inside the workspace and absolute outside. Without `more` these are all, going
    by what its programs are known to do.
    """

    written: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    more: str = ""


class CommandDetail(Struct, frozen=True, tag="command", omit_defaults=True):
    """A shell command wants to run: shown whole, exactly these bytes run.

    `parts` are the simple commands it is made of, where it is made of such alone; else `script` says
    why not. `judged` is what the judge says of each of them, at every depth. `sandbox` says what holds it
    back, `denied` what that kept it from: it ran already, and would run again with nothing to hold it.
    `scripts` are files of the workspace that it runs: what is granted for the session ends with a change.
    """

    command: str
    folder: str
    background: bool = False
    parts: tuple[CommandPart, ...] = ()
    script: str = ""
    environment: EnvironmentChanges | None = None
    sandbox: str = ""
    writes: Writes | None = None
    judged: tuple[JudgedPart, ...] = ()
    denied: str = ""
    scripts: tuple[str, ...] = ()


class ReviewDetail(Struct, frozen=True, tag="review"):
    """A changeset waits in the diff pane."""

    changeset: str
    files: int
    hunks: int


class PlanDetail(Struct, frozen=True, tag="plan"):
    """A plan waits for its approval: the document is the one file of `changeset`, kept at `path`."""

    changeset: str
    path: str


class ToolDetail(Struct, frozen=True, tag="tool"):
    """Any other call that asks; `arguments` is what a person reads, whole."""

    name: str
    arguments: str


class NetworkDetail(Struct, frozen=True, tag="network"):
    """A confined command wants to reach a host: `command` is what runs in `folder`, whole."""

    host: str
    command: str
    folder: str


class RepetitionDetail(Struct, frozen=True, tag="repetition"):
    """The same call gave the same result several times, with nothing new in between."""

    name: str
    arguments: str
    times: int


class SteeringFile(Struct, frozen=True, omit_defaults=True):
    """A file of a project that steers what is done in it; `text` is all of it, or how it changed since."""

    path: str
    what: str
    text: str
    state: Literal["new", "changed", "known"] = "new"


class TrustDetail(Struct, frozen=True, tag="trust", omit_defaults=True):
    """Whether what is in `folder` may steer: until then nothing of `files`, and what runs its programs asks.

    `trusted`: the folder is; only the `files` that came or changed since are in question, unless the person
    `wanted` to be asked. `caution` is what is unusual about trusting this folder.
    """

    folder: str
    files: tuple[SteeringFile, ...] = ()
    trusted: bool = False
    wanted: bool = False
    caution: str = ""

    @property
    def whole(self) -> bool:
        """Whether all of the folder is in question."""
        return self.wanted or not self.trusted

    @property
    def text(self) -> str:
        """What a person reads, whole: no line of a file can pass for one of ours."""
        states = {"new": "", "changed": ", changed since you trusted it", "known": ", trusted as it is"}
        return "\n\n".join(
            "\n  ".join([f"{one_line(file.path)} ({file.what}{states[file.state]})", *file.text.splitlines()])
            for file in self.files
        )

    @property
    def question(self) -> str:
        """What is asked."""
        folder = one_line(self.folder)
        if not self.trusted:
            return f"Do you trust {folder}?"
        return (
            f"You trust {folder}:" if self.whole else f"Files came or changed in {folder}, which you trust:"
        )


RequestDetail = Union[
    CommandDetail, ReviewDetail, PlanDetail, ToolDetail, NetworkDetail, RepetitionDetail, TrustDetail
]


class Request(Struct, frozen=True, omit_defaults=True):
    """Something only a person can decide. `agent` is who asks, `why` what made it ask.

    `suggestion` is the allow rule that fits, one a line where several parts are not covered; empty where none
    should be made.
    """

    id: str
    agent: str
    call_id: str
    detail: RequestDetail
    why: Why = Why()
    suggestion: str = ""

    @property
    def asker(self) -> str:
        """Who asks: an agent, or nanodeck itself."""
        return "nanodeck" if isinstance(self.detail, TrustDetail) else self.agent

    @property
    def beside(self) -> bool:
        """Whether nothing waits for the answer, nor did the person ask for it: it must not be in the way."""
        return isinstance(self.detail, TrustDetail) and not self.detail.wanted

    @property
    def changeset(self) -> str:
        """The changeset it asks about, which is looked at as a diff; empty for a call."""
        return self.detail.changeset if isinstance(self.detail, ReviewDetail | PlanDetail) else ""


Choice = Literal["once", "session", "project", "user", "deny"]
"""How far an answer reaches: this call, or all that its rule covers, kept for the session or in settings."""


class Answer(Struct, frozen=True, omit_defaults=True):
    """A person's answer; `message` goes to the model with a deny, `command` replaces what runs.

    `mode` is the one that an approved plan is carried out in. `rule` is the allow rule to keep, one a line;
    "session" without one is about exactly this call.
    """

    choice: Choice
    message: str = ""
    command: str = ""
    mode: Mode | None = None
    rule: str = ""


class Answered(Struct, frozen=True, omit_defaults=True):
    """What a person answered about a call: whether it may run, as long as nothing else is said.

    `denied`: whether it may run again outside the sandbox, which kept it from that. `host`: whether it may
    reach that.
    """

    answer: Answer
    denied: str = ""
    host: str = ""
