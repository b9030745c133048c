"""Who decides on a tool call: the order of decision, in one place.

1. What nothing may do (a write into `.git`, a device file) is denied in every mode.
2. Plan mode denies every shell command and edits of anything but the plan's own file; the tools a model
   sees stay the same.
3. Manual mode asks for every call.
4. What a person granted for this session (exactly this command in this folder, exactly this call) is allowed.
5. Yolo allows.
6. A guarded path (`core/guarded`: secrets, what runs by itself, what steers agents) asks.
7. A path outside the workspace, or reached through a link out of it, asks.
8. Reads and the session's own state are allowed.
9. Edits are allowed in auto-accept and reviewed in normal; shell commands ask in both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from nanodeck.contracts.judging import Opinion
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Why

EffectName = Literal["read", "edit", "execute", "state"]
_BY_STRICTNESS: tuple[Opinion, ...] = ("allow", "ask", "deny")


class CallFacts(Struct, frozen=True, omit_defaults=True):
    """What is known about a call before it runs.

    `forbidden` says why nothing may do it; `outside` are its paths outside the workspace, `guarded` says
    what its guarded ones are; `grant` is the text a session grant has to equal (for a command: the command
    and its folder). `plan`: it is about the file of the session's plan and nothing else.
    """

    tool: str
    effect: EffectName
    grant: str
    outside: tuple[str, ...] = ()
    forbidden: str = ""
    plan: bool = False
    guarded: tuple[str, ...] = ()


def decide(mode: Mode, facts: CallFacts, grants: frozenset[str]) -> Why:
    """The verdict on a call, by the order in this module's docstring."""
    if facts.forbidden:
        return Why("deny", facts.forbidden, "path.forbidden")
    if mode is Mode.PLAN and facts.effect in ("edit", "execute"):
        if facts.plan:
            return Why("allow", "the plan's own file", "mode.plan")
        what = "edits nothing but the plan" if facts.effect == "edit" else "runs no commands"
        return Why("deny", f"plan mode {what}: hand in the plan instead", "mode.plan")
    if mode is Mode.MANUAL:
        return Why("ask", "manual mode asks for every call", "mode.manual")
    if facts.grant in grants:
        return Why("allow", "allowed for this session", "session.grant")
    if mode is Mode.YOLO:
        return Why("allow", "yolo mode", "mode.yolo")
    if facts.guarded:
        return Why("ask", "; ".join(facts.guarded), "path.guarded")
    if facts.outside:
        return Why("ask", f"outside the workspace: {', '.join(facts.outside)}", "path.outside")
    if facts.effect in ("read", "state"):
        return Why("allow", "changes no files", f"effect.{facts.effect}")
    if facts.effect == "execute":
        return Why("ask", "shell commands are asked about", "effect.execute")
    if mode is Mode.AUTO_ACCEPT:
        return Why("allow", "auto-accept applies edits", "mode.auto-accept")
    return Why("ask", "edits are reviewed before they are written", "effect.edit")


def strictest(whys: Iterable[Why]) -> Why:
    """What holds for calls that are carried out together: the first of the strictest of `whys`."""
    return max(whys, key=lambda why: _BY_STRICTNESS.index(why.verdict))
