"""What every face says about a command that asks: what runs, where, held back by what, what it writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nanodeck.contracts.requests import (
    CommandDetail,
    CommandPart,
    EnvironmentChanges,
    Word,
    Writes,
)
from nanodeck.contracts.text import counted

_BARE = re.compile(r"[\w@%+=:,./{}^-]+", re.ASCII)


class Fact(NamedTuple):
    """A line about a command; one without a `label` belongs to the line before.

    `warns`: it stands out; `beside`: it may share the line before where both are short.
    """

    label: str
    text: str
    warns: bool = False
    beside: bool = False


def facts_of(detail: CommandDetail) -> tuple[Fact, ...]:
    """Everything that is known about a command before it runs, what matters most first."""
    return (
        *(_writes(detail.writes) if detail.writes else ()),
        *_runs(detail),
        Fact("folder", detail.folder),
        *((Fact("sandbox", detail.sandbox, beside=True),) if detail.sandbox else ()),
        *(_environment(detail.environment) if detail.environment else ()),
    )


def _runs(detail: CommandDetail) -> Iterator[Fact]:
    if detail.script:
        yield Fact("runs", f"a script, only its text tells what: {detail.script}")
    for number, part in enumerate(detail.parts, 1):
        place = f"{number}  " if len(detail.parts) > 1 else ""
        yield Fact("" if number > 1 else "runs", place + _shown(part))
    if filled := dict.fromkeys(word.text for part in detail.parts for word in _words(part) if word.filled):
        yield Fact("", f"the shell fills in {', '.join(filled)}")


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
    if word.filled or _BARE.fullmatch(text):
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
    yield Fact("env", "; ".join(said) or "as yours")


def _writes(writes: Writes) -> Iterator[Fact]:
    if writes.written:
        yield _listed("writes", writes.written)
    if writes.deleted:
        yield _listed("deletes", writes.deleted)
    listed = bool(writes.written or writes.deleted)
    label = "" if listed else "writes"
    if writes.more:
        other = "and anything else" if listed else "anything"
        yield Fact(label, f"{other} you can write: not known before it runs ({writes.more})")
    else:
        yield Fact(label, f"no {'others' if listed else 'files'}, as far as is known")


def _listed(label: str, paths: Iterable[str]) -> Fact:
    named = tuple(paths)
    return Fact(label, ", ".join(named), warns=any(path.startswith(("/", "~")) for path in named))
