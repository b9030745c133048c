"""`/permissions` and `/why` in lines: the rules, what they make of a command, what decided on a call."""

from __future__ import annotations

from nanodeck.contracts.commands import AddRule, DeleteRule
from nanodeck.contracts.queries import ListRules, ScanSessions, TryCommand, TryRule
from nanodeck.contracts.reasons import (
    PLACES,
    command_facts,
    modes_of,
    origin_of,
    rule_facts,
    why_facts,
    written_rule,
)
from nanodeck.contracts.rules import Rule, Scope
from nanodeck.contracts.text import counted, one_line, show_controls
from nanodeck.core.replies import nth_decided
from nanodeck.faces.plain.questions import said
from nanodeck.faces.plain.talk import Talk, choose

USAGE = (
    "  /permissions WORDS lists the rules that have them, /permissions delete NUMBER deletes one,",
    "  /permissions add allow bash(npm test *) adds one, /permissions test COMMAND says what would be",
    "  decided on a command, /permissions scan proposes rules from past sessions.",
)


async def mind_rules(talk: Talk, argument: str) -> None:
    """List the rules, test a command, add or delete one, propose some."""
    verb, _, rest = argument.partition(" ")
    rest = rest.strip()
    if verb == "test" and rest:
        talk.say(*map(said, command_facts(await talk.query(TryCommand(rest, talk.state.mode)))))
    elif verb == "add" and rest:
        await _add(talk, rest)
    elif verb == "delete" and rest:
        await _delete(talk, rest)
    elif verb == "scan" and not rest:
        await _propose(talk)
    else:
        await _list(talk, argument)


async def _list(talk: Talk, words: str) -> None:
    rules = await talk.query(ListRules())
    wanted = words.lower().split()
    rows = [(number, _row(rule)) for number, rule in enumerate(rules, 1)]
    fitting = [(number, row) for number, row in rows if all(word in row.lower() for word in wanted)]
    talk.say(*(f"  {number}: {row}" for number, row in fitting))
    if not fitting:
        talk.say("No rule has these words." if rules else "There are no rules yet.")
    talk.say(*USAGE)


def _row(rule: Rule) -> str:
    modes = f" {modes_of(rule)}" if rule.modes else ""
    return f"{rule.verdict} {show_controls(rule.text)}{modes}, {one_line(origin_of(rule))}"


async def _delete(talk: Talk, number: str) -> None:
    rules = await talk.query(ListRules())
    if not number.isdecimal() or not 0 < int(number) <= len(rules):
        talk.say("There is no rule of that number; /permissions lists them.")
        return
    rule = rules[int(number) - 1]
    line = await talk.hear(f"Delete {_row(rule)}?", "  1 or y: yes", "  2 or n: no")
    if line.strip().lower() in ("1", "y"):
        talk.send(DeleteRule(rule))
    else:
        talk.say("It stays.")


async def _add(talk: Talk, words: str) -> None:
    rule = written_rule(words)
    if rule is None:
        talk.say("A rule begins with allow, ask or deny: /permissions add allow bash(npm test *)")
        return
    trial = await talk.query(TryRule(rule.text))
    talk.say(*map(said, rule_facts(rule.text, trial)))
    if not trial.problem and (scope := await _place(talk)):
        talk.send(AddRule(Rule(rule.verdict, rule.text, scope=scope)))


async def _propose(talk: Talk) -> None:
    proposed = await talk.query(ScanSessions())
    if not proposed:
        talk.say("Nothing to propose: no command was allowed often enough in the sessions of this folder.")
        return
    rows = (
        f"  {number}: {show_controls(one.rule)}, allowed {counted(one.times, 'time')}: "
        + ", ".join(one_line(example, 80) for example in one.examples)
        for number, one in enumerate(proposed, 1)
    )
    line = await talk.hear(*rows, "Which of these rules hold from now on? Numbers; an empty line keeps none.")
    numbers = {int(word) for word in line.replace(",", " ").split() if word.isdecimal()}
    kept = [one.rule for number, one in enumerate(proposed, 1) if number in numbers]
    if not kept:
        talk.say("Nothing kept.")
    elif scope := await _place(talk):
        for rule in kept:
            talk.send(AddRule(Rule("allow", rule, scope=scope)))


async def _place(talk: Talk) -> Scope | None:
    """Where a rule is to be kept, as the person says."""
    place = await choose(talk, "Where does it hold?", [words for _, words in PLACES])
    return None if place is None else PLACES[place][0]


async def tell_why(talk: Talk, argument: str) -> None:
    """Which rule decided on the last call, or on the n-th last."""
    entry = nth_decided(talk.state, argument)
    if entry is None:
        talk.say("There is no such call; /why takes a number, counted from the last call.")
    else:
        talk.say(*(f"  {name}: {show_controls(value)}" for name, value in why_facts(entry)))
