"""Rules on what agents may do, and which of them, or what else, decided on a call."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from nanodeck.contracts.judging import JudgedPart, Opinion
from nanodeck.contracts.modes import Mode

Scope = Literal["session", "project", "user"]
"""Whose a rule is: this session's, or from the settings of the project or of the person."""


class Rule(Struct, frozen=True, omit_defaults=True):
    """What `text` covers is allowed, asked about or denied, in `modes` alone where there are any.

    `text` is a tool, `grep`, or a tool and what it is used on: `bash(npm test *)`, `edit(src/**)`,
    `mcp(server/tool)`, `network(example.org)`. `file` and `line` (1-based) say where it stands.
    """

    verdict: Opinion
    text: str
    modes: tuple[Mode, ...] = ()
    scope: Scope = "session"
    file: str = ""
    line: int = 0

    @property
    def origin(self) -> str:
        """Where it comes from, for people."""
        return f"{self.file}:{self.line}" if self.file else "this session"


class Why(Struct, frozen=True, omit_defaults=True):
    """Who decided on a call, and how: a rule by its text, or a step of the order of decision by its name.

    `file` and `line` say where the rule stands; `part` is the part of a compound command that decided.
    """

    verdict: Opinion = "ask"
    reason: str = ""
    rule: str = ""
    file: str = ""
    line: int = 0
    part: str = ""


class RuleTrial(Struct, frozen=True, omit_defaults=True):
    """What one or more rules would do, one a line, before they are stored.

    `problem` says why one of them cannot be, `caution` what it would let through that one may not expect.
    `left` are the parts of the request's command that would still not be covered; `others` are other
    commands seen in this folder that the rules match.
    """

    problem: str = ""
    caution: str = ""
    left: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class PartTrial(Struct, frozen=True):
    """A part of a command, and what would decide on it alone."""

    part: JudgedPart
    why: Why


class CommandTrial(Struct, frozen=True, omit_defaults=True):
    """What would happen to a command, and why."""

    why: Why
    parts: tuple[PartTrial, ...] = ()


class Proposed(Struct, frozen=True):
    """An allow rule that past approvals speak for: how many, and some of the commands."""

    rule: str
    times: int
    examples: tuple[str, ...]


class RuleAdded(Struct, frozen=True, tag=True):
    """A rule holds from now on."""

    rule: Rule


class RuleDeleted(Struct, frozen=True, tag=True):
    """A rule holds no longer."""

    rule: Rule
