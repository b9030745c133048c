"""What every face says about rules and about what they decided."""

from __future__ import annotations

import os

from nanodeck.contracts.explaining import VERDICTS, Fact
from nanodeck.contracts.judging import Opinion
from nanodeck.contracts.requests import Answered, CommandDetail, Request, TrustDetail
from nanodeck.contracts.rules import CommandTrial, PartTrial, Rule, RuleTrial, Scope, Why
from nanodeck.contracts.text import one_line, show_controls
from nanodeck.contracts.views import ToolEntry

PLACES: tuple[tuple[Scope, str], ...] = (
    ("session", "in this session"),
    ("project", "in this project"),
    ("user", "in all your projects"),
)
"""Where a rule can be kept, the shortest time first."""
PROJECT_SETTINGS = ".nanodeck/settings.toml"
OPINIONS: tuple[Opinion, ...] = ("allow", "ask", "deny")
_OWNERS: dict[Scope, str] = {
    "session": "this session's",
    "project": "the project's",
    "user": "yours",
}


def written_rule(words: str) -> Rule | None:
    """The rule that a person wrote as `allow bash(npm test *)`; None without a verdict at its beginning."""
    word, _, text = words.strip().partition(" ")
    verdict = next((verdict for verdict in OPINIONS if verdict == word.lower()), None)
    return None if verdict is None else Rule(verdict, text.strip())


def origin_of(rule: Rule) -> str:
    """Whose a rule is and where it stands."""
    where = _place(rule)
    return f"{_OWNERS[rule.scope]}, {where}" if where else _OWNERS[rule.scope]


def told_rule(rule: Rule, what: str) -> str:
    """That a rule was kept or deleted, in a line."""
    modes = f" {modes_of(rule)}" if rule.modes else ""
    return f"{what}: {rule.verdict} {show_controls(rule.text)}{modes} ({origin_of(rule)})"


def _place(rule: Rule | Why) -> str:
    """File and line, as short as people know them: a project has one file of settings."""
    project, home = f"/{PROJECT_SETTINGS}", os.path.expanduser("~").rstrip("/") + "/"
    file = PROJECT_SETTINGS if rule.file.endswith(project) else rule.file
    file = f"~/{file[len(home) :]}" if file.startswith(home) else file
    return f"{file}:{rule.line}" if file else ""


def modes_of(rule: Rule) -> str:
    """In which modes a rule holds, empty for all."""
    return f"in {' and '.join(mode.value for mode in rule.modes)} alone" if rule.modes else ""


def why_words(why: Why, command: str = "") -> str:
    """What decided, in a line; of a `command` that is all one part nothing is named again."""
    part = f"{why.part}: " if why.part.strip() not in ("", command.strip()) else ""
    named = ", ".join(each for each in (why.rule, _place(why)) if each)
    return f"{part}{why.reason}" + (f"  (rule: {named})" if named else "")


def asks_because(request: Request) -> str:
    """Why a request asks, in a line."""
    detail = request.detail
    return why_words(request.why, detail.command if isinstance(detail, CommandDetail) else "")


def why_facts(entry: ToolEntry) -> list[tuple[str, str]]:
    """What decided on a call, name and value."""
    why = entry.why
    facts = [("call", entry.title)]
    if why is None:
        reason = "you typed it yourself" if entry.typed else "nothing was decided: it was not run"
        return [*facts, ("because", reason)]
    whole = entry.title.partition(" ")[2]
    named = (
        ("part", "" if why.part == whole else why.part),
        ("because", why.reason),
        ("rule", why.rule),
        ("stands in", _place(why)),
    )
    known = [("it was", _DECIDED[why.verdict]), *named, *map(_answer, entry.answers)]
    known += [("sandbox", entry.sandbox)]
    return [*facts, *((name, value) for name, value in known if value)]


def _answer(answered: Answered) -> tuple[str, str]:
    """What the person said about a call, and to what."""
    answer, about = answered.answer, ""
    if answered.host:
        about = f" reach {answered.host}"
    elif answered.denied:
        about = f" run again outside the sandbox, which denied {answered.denied}"
    if answer.choice == "deny":
        refused = f"no, it may not{about}" if about else "no"
        return "you said", f"{refused}: {answer.message}" if answer.message else refused
    reach = "this once" if answer.choice == "once" else dict(PLACES)[answer.choice]
    if answer.rule:
        reach += f", by the rule {' and '.join(answer.rule.splitlines())}"
    if answer.command:
        reach += f", as {one_line(answer.command, 200)}"
    return "you said", f"yes, it may{about}, {reach}" if about else f"yes, {reach}"


_DECIDED = {"allow": "allowed without asking", "ask": "asked about", "deny": "denied"}


def rule_facts(rule: str, trial: RuleTrial | None) -> tuple[Fact, ...]:
    """What is known about a rule before it is kept: for the request, and what else it lets through."""
    rules = tuple(Fact("" if place else "rule", line) for place, line in enumerate(rule.splitlines()))
    if trial is None:
        return (*rules, Fact("also", "…"))
    if trial.problem:
        return (*rules, Fact("", trial.problem, warns=True))
    caution = (Fact("", trial.caution, warns=True),) if trial.caution else ()
    left = tuple(Fact("still", f"{part}: asks all the same", warns=True) for part in trial.left)
    others = ", ".join(trial.others) or "nothing else that was run here so far"
    return (*rules, *caution, *left, Fact("also", others))


def _alone(trial: PartTrial) -> str:
    return why_words(trial.why, trial.why.part)


def command_facts(trial: CommandTrial) -> tuple[Fact, ...]:
    """What would be decided on a command, and on each of its parts."""
    parts = tuple(
        Fact("" if place else "parts", one.part.text, verdict=one.why.verdict, note=_alone(one))
        for place, one in enumerate(trial.parts)
    )
    return (Fact("all", f"{VERDICTS[trial.why.verdict]}: {why_words(trial.why)}"), *parts)


def trust_facts(detail: TrustDetail) -> tuple[Fact, ...]:
    """What trust in a folder means as things are now, and for what is in it later."""
    if not detail.trusted:
        files = "these files do not count, and " if detail.files else "nothing in it steers the agent, and "
        now = f"{files}commands that may run programs of it ask, in auto-accept too"
    elif detail.whole:
        now = "trusted: in auto-accept confined commands run unasked"
    else:
        now = "they do not count as they are; everything else is trusted still"
    later = "a file that steers the agent asks when it comes or changes"
    caution = (Fact("", detail.caution, warns=True),) if detail.caution else ()
    return (Fact("folder", detail.folder), *caution, Fact("now", now), Fact("later", later))
