"""What the judge says of a shell command before it runs: may it run unasked, must it ask, or never."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Opinion = Literal["allow", "ask", "deny"]
JUDGE_FAILED = "judge.failed"
"""The rule of a judgement that could not be made."""


class JudgedPart(Struct, frozen=True, omit_defaults=True):
    """One simple command, at whatever depth it stands: its `text` as written, its words in `argv`.

    `argv` is what its program most probably gets: good enough to forbid. Only where it is `certain` do
    exactly these words run, without a redirect into a file, a variable or anything the shell fills in:
    then a rule over words may allow it. `folded_from` is the text of the part it was found inside (a
    wrapper, the text of `bash -c`, a substitution); empty for a part of the command itself.
    """

    text: str
    argv: tuple[str, ...] = ()
    certain: bool = False
    verdict: Opinion = "ask"
    reason: str = ""
    rule: str = ""
    folded_from: str = ""


class Judgement(Struct, frozen=True, omit_defaults=True):
    """The verdict on a whole command, the text of the `part` that decided, and every part's own verdict.

    `allow`: it only reads, inside the workspace, nothing secret by its name. `deny`: harm that no mode
    and no rule may allow. Everything else is `ask`.
    """

    verdict: Opinion
    part: str = ""
    reason: str = ""
    rule: str = ""
    parts: tuple[JudgedPart, ...] = ()
