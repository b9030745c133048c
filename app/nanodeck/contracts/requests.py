"""Requests for a person and their answers: records with an id, never futures in a UI message."""

from __future__ import annotations

from typing import Literal, Union

from msgspec import Struct

from nanodeck.contracts.modes import Mode


class CommandDetail(Struct, frozen=True, tag="command"):
    """A shell command wants to run: shown whole, exactly these bytes run."""

    command: str
    folder: str
    background: bool = False


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


class RepetitionDetail(Struct, frozen=True, tag="repetition"):
    """The same call gave the same result several times, with nothing new in between."""

    name: str
    arguments: str
    times: int


RequestDetail = Union[CommandDetail, ReviewDetail, PlanDetail, ToolDetail, RepetitionDetail]


class Request(Struct, frozen=True):
    """Something only a person can decide. `agent` is who asks, `reason` why, `rule` what fired."""

    id: str
    agent: str
    call_id: str
    detail: RequestDetail
    reason: str
    rule: str


Choice = Literal["once", "session", "deny"]


class Answer(Struct, frozen=True, omit_defaults=True):
    """A person's answer; `message` goes to the model with a deny, `command` replaces what runs.

    `mode` is the one that an approved plan is carried out in.
    """

    choice: Choice
    message: str = ""
    command: str = ""
    mode: Mode | None = None
