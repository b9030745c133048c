"""Who decides on a tool call: the order of decision, in one place.

1. What nothing may do (a write into `.git`, a device file, a command of irreversible harm) is denied in
   every mode.
2. A deny rule denies, in every mode that it holds in.
3. Plan mode denies every shell command and edits of anything but the plan's own file; the tools a model
   sees stay the same.
4. An ask rule asks.
5. Manual mode asks for every call but those that an allow rule for manual mode covers.
6. What a person granted for this session (exactly this command in this folder, as long as the script it
   names is the same; exactly this call) is allowed.
7. What allow rules cover is allowed; a compound command only if every part is covered or only reads.
8. Yolo allows.
9. A guarded path (`core/guarded`: secrets, what runs by itself, what steers agents) asks.
10. A path outside the workspace, or reached through a link out of it, asks.
11. Reads, the session's own state and commands that only read are allowed.
12. Edits are allowed in auto-accept and reviewed in normal.
13. Commands are allowed in auto-accept where the sandbox confines them and the folder is trusted, as they
   may run programs that lie in it; everything else asks.

Whatever fails on the way to a decision makes the call ask, or denies it in plan mode; a command that the
judge failed on asks in yolo too, unless a person granted just it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from nanodeck.contracts.judging import JUDGE_FAILED, Judgement, Opinion
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Why
from nanodeck.core.rules import Piece, RuleSet

EffectName = Literal["read", "edit", "execute", "state"]
_log = logging.getLogger(__name__)
_BY_STRICTNESS: tuple[Opinion, ...] = ("allow", "ask", "deny")


class CallFacts(Struct, frozen=True, omit_defaults=True):
    """What is known about a call before it runs.

    `forbidden` says why nothing may do it; `outside` are its paths outside the workspace, `guarded` says
    what its guarded ones are; `grant` is the text a session grant has to equal (for a command: the command,
    its folder and what its scripts hold). `plan`: it is about the file of the session's plan and nothing
    else. `pieces` are what rules look at, `judgement` is what the judge says of its shell command.
    """

    tool: str
    effect: EffectName
    grant: str = ""
    outside: tuple[str, ...] = ()
    forbidden: str = ""
    plan: bool = False
    guarded: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    judgement: Judgement | None = None


class Ground(Struct, frozen=True):
    """What decisions are made on: `rules` hold, `grants` were given, commands are `confined` or not.

    `trusted`: what lies in the folder may be run.
    """

    rules: RuleSet
    grants: frozenset[str] = frozenset()
    confined: bool = False
    trusted: bool = True


def decide(mode: Mode, facts: CallFacts, ground: Ground) -> Why:
    """The verdict on a call, by the order in this module's docstring."""
    try:
        return _decided(mode, facts, ground)
    except Exception as error:
        _log.exception("decision on %s", facts.tool)
        if mode is Mode.PLAN and facts.effect in ("edit", "execute"):
            return _in_plan_mode(facts)
        return Why("ask", f"the rules could not be applied: {type(error).__name__}: {error}", "policy.failed")


def _decided(mode: Mode, facts: CallFacts, ground: Ground) -> Why:
    if facts.forbidden:
        return Why("deny", facts.forbidden, "path.forbidden")
    if facts.judgement and facts.judgement.verdict == "deny":
        return _judged(facts.judgement)
    about = facts.tool, facts.effect, facts.pieces
    if why := ground.rules.touching("deny", mode, *about):
        return why
    if mode is Mode.PLAN and facts.effect in ("edit", "execute"):
        return _in_plan_mode(facts)
    if why := ground.rules.touching("ask", mode, *about):
        return why
    if mode is Mode.MANUAL:
        by_rule = ground.rules.allowing(mode, *about, named=True)
        return by_rule or Why("ask", "manual mode asks for every call", "mode.manual")
    if facts.grant in ground.grants:
        return Why("allow", "allowed for this session", "session.grant")
    if facts.judgement and facts.judgement.rule == JUDGE_FAILED:
        return _judged(facts.judgement)
    if why := ground.rules.allowing(mode, *about):
        return why
    return _by_mode(mode, facts, ground)


def decide_piece(mode: Mode, facts: CallFacts, piece: Piece, rules: RuleSet) -> Why | None:
    """What a person's rules say of one piece of a call; None where they say nothing."""
    about = facts.tool, facts.effect
    touching = rules.touching("deny", mode, *about, (piece,)) or rules.touching("ask", mode, *about, (piece,))
    return touching or rules.covering(mode, *about, piece, named=mode is Mode.MANUAL)


def uncovered(mode: Mode, facts: CallFacts, rules: RuleSet) -> tuple[Piece, ...]:
    """The pieces of a call that an allow rule would have to cover before it is allowed."""
    return tuple(
        piece
        for piece in facts.pieces
        if not (piece.allowed or piece.inner)
        and not rules.covering(mode, facts.tool, facts.effect, piece, named=mode is Mode.MANUAL)
    )


def _by_mode(mode: Mode, facts: CallFacts, ground: Ground) -> Why:
    """What holds where no rule of a person does."""
    if mode is Mode.YOLO:
        return Why("allow", "yolo mode", "mode.yolo")
    if facts.guarded:
        return Why("ask", "; ".join(facts.guarded), "path.guarded")
    if facts.outside:
        return Why("ask", f"outside the workspace: {', '.join(facts.outside)}", "path.outside")
    if facts.effect in ("read", "state"):
        return Why("allow", "changes no files", f"effect.{facts.effect}")
    if facts.effect == "edit":
        if mode is Mode.AUTO_ACCEPT:
            return Why("allow", "auto-accept applies edits", "mode.auto-accept")
        return Why("ask", "edits are reviewed before they are written", "effect.edit")
    if facts.judgement is None:
        return Why("ask", "it changes more than files", "effect.execute")
    if facts.judgement.verdict == "ask" and mode is Mode.AUTO_ACCEPT and ground.confined:
        if not ground.trusted:
            return Why("ask", "it may run what lies in this folder, which is not trusted: /trust", "trust")
        return Why("allow", "auto-accept runs what the sandbox confines", "mode.auto-accept")
    return _first_left(facts.judgement, uncovered(mode, facts, ground.rules))


def _in_plan_mode(facts: CallFacts) -> Why:
    if facts.plan:
        return Why("allow", "the plan's own file", "mode.plan")
    what = "edits nothing but the plan" if facts.effect == "edit" else "runs no commands"
    return Why("deny", f"plan mode {what}: hand in the plan instead", "mode.plan")


def _judged(judgement: Judgement) -> Why:
    return Why(judgement.verdict, judgement.reason, judgement.rule, part=judgement.part)


def _first_left(judgement: Judgement, left: tuple[Piece, ...]) -> Why:
    """The judge's word on the first part that no rule covers."""
    texts = {piece.text for piece in left}
    part = next((part for part in judgement.parts if part.text in texts and not part.folded_from), None)
    if judgement.verdict != "ask" or part is None or part.verdict != "ask":
        return _judged(judgement)
    return Why("ask", part.reason, part.rule, part=part.text)


def strictest(whys: Iterable[Why]) -> Why:
    """What holds for calls that are carried out together: the first of the strictest of `whys`."""
    return max(whys, key=lambda why: _BY_STRICTNESS.index(why.verdict))
