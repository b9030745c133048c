"""What every face says about a command that asks: what runs, where, held back by what, what it writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nanodeck.contracts.judging import JudgedPart, Opinion
from nanodeck.contracts.requests import (
    CommandDetail,
    CommandPart,
    EnvironmentChanges,
    Word,
    Writes,
)
from nanodeck.contracts.text import counted

_BARE = r"(?a:[\w@%+=:,./{}^-]+)"


ROUTINE = ("command.unproven", "command.unclear", "effect.execute", "effect.edit", "mode.manual")
"""Rules that ask as a matter of course; any other one says that something is unusual."""
VERDICTS = {"allow": "allowed", "ask": "asks", "deny": "denied"}


class Fact(NamedTuple):
    """A line about a command; one without a `label` belongs to the line before.

    `warns`: it stands out; `beside`: it may share the line before where both are short. `verdict` is what
    was decided on what the `text` names, and `note` why; a `routine` one gets no room of its own.
    """

    label: str
    text: str
    warns: bool = False
    beside: bool = False
    verdict: Opinion | None = None
    note: str = ""
    routine: bool = False

    @property
    def words(self) -> str:
        """All of it without its label, where there are no signs."""
        said = ": ".join(each for each in (VERDICTS.get(self.verdict or "", ""), self.note) if each)
        return f"{self.text}  ({said})" if said else self.text


def facts_of(detail: CommandDetail) -> tuple[Fact, ...]:
    """Everything that is known about a command before it runs, what matters most first."""
    return (
        *(_writes(detail.writes) if detail.writes else ()),
        *((Fact("sandbox", detail.sandbox),) if detail.sandbox else ()),
        *_runs(detail),
        Fact("folder", detail.folder),
        *(_environment(detail.environment) if detail.environment else ()),
    )


def _runs(detail: CommandDetail) -> Iterator[Fact]:
    if detail.script:
        yield Fact("runs", f"a script, only its text tells what: {detail.script}")
    pieces, number = tuple(_pieces(detail)), 0
    if [text for text, _ in pieces] == [detail.command]:
        # Every word stands above as it is.
        pieces = ()
    for at, (text, judged) in enumerate(pieces):
        inner = judged is not None and bool(judged.folded_from)
        number += not inner
        place = "" if len(pieces) == 1 else "   " if inner else f"{number}  "
        verdict, note = (judged.verdict, judged.reason) if judged else (None, "")
        # Of a command that is all one part the reason for asking says it.
        note = note if len(pieces) > 1 else ""
        routine = verdict == "allow" or (judged is not None and judged.rule in ROUTINE)
        label = "" if at or detail.script else "runs"
        yield Fact(label, place + text, verdict=verdict, note=note, routine=routine)
    if filled := dict.fromkeys(word.text for part in detail.parts for word in _words(part) if word.filled):
        yield Fact("", f"the shell fills in {', '.join(filled)}")


def _pieces(detail: CommandDetail) -> Iterator[tuple[str, JudgedPart | None]]:
    """Every simple command spelled out, and what is decided on it; those inside of others come after them."""
    if not detail.judged:
        yield from ((_shown(part), None) for part in detail.parts)
        return
    outer = sum(not judged.folded_from for judged in detail.judged)
    spelled = iter(detail.parts if outer == len(detail.parts) else ())
    for judged in detail.judged:
        part = None if judged.folded_from else next(spelled, None)
        yield (_shown(part) if part else _first_line(judged.text)), judged


def _first_line(text: str) -> str:
    first, newline, rest = text.strip().partition("\n")
    return f"{first}… ({counted(rest.count(newline) + 2, 'line')}, whole above)" if newline else first


def _words(part: CommandPart) -> Iterator[Word]:
    yield from part.variables
    yield from part.words
    yield from (redirect.target for redirect in part.redirects)


def _shown(part: CommandPart) -> str:
    """A part in the one spelling that shows where each word begins and ends."""
    redirects = (f"{redirect.sign}{_quoted(redirect.target)}" for redirect in part.redirects)
    variables = (word.text if word.filled else _assigned(word.text) for word in part.variables)
    pieces = (*variables, *map(_quoted, part.words), *redirects, part.joint)
    return " ".join(piece for piece in pieces if piece)


def _quoted(word: Word) -> str:
    text = word.text
    if word.filled or re.fullmatch(_BARE, text):
        return text
    first, newline, rest = text.partition("\n")
    if newline:
        return f"'{first}…' ({counted(rest.count(newline) + 2, 'line')}, whole above)"
    return "'" + text.replace("'", "'\\''") + "'"


def _assigned(text: str) -> str:
    name, _, value = text.partition("=")
    return f"{name}={_quoted(Word(value)) if value else ''}"


def _environment(changes: EnvironmentChanges) -> Iterator[Fact]:
    lacks = f"without {', '.join(changes.lacks)}" if changes.lacks else ""
    sets = f"with {' '.join(changes.sets)}" if changes.sets else ""
    said = [each for each in (lacks, sets, changes.later) if each]
    yield Fact("env", "; ".join(said) or "as yours", beside=True)


def _writes(writes: Writes) -> Iterator[Fact]:
    if writes.written:
        yield _listed("writes", writes.written)
    if writes.deleted:
        yield _listed("deletes", writes.deleted)
    listed = bool(writes.written or writes.deleted)
    label = "" if listed else "writes"
    if writes.more:
        other = "and anything else" if listed else "anything"
        yield Fact(label, f"{other} it can: not known before it runs ({writes.more})")
    else:
        yield Fact(label, f"no {'others' if listed else 'files'}, as far as is known")


def _listed(label: str, paths: Iterable[str]) -> Fact:
    named = tuple(paths)
    return Fact(label, ", ".join(named), warns=any(path.startswith(("/", "~")) for path in named))
