"""Which files a shell command writes and deletes, as far as its redirects and known programs tell."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, TypeVar

from msgspec import Struct

from nanodeck.contracts.requests import CommandPart, Redirect, Word

FoundT = TypeVar("FoundT")
_NOWHERE = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty")
_KEEPS_FOLDER = ("&&", "|", "|&")
_READER_NAMES = (
    "[ : basename cat cd cmp cut df diff dirname du echo egrep exit expr false fgrep grep head id ls md5sum "
    "nl nproc printf pwd readlink realpath rev seq sha1sum sha256sum sleep stat tac tail test tr true uname "
    "wc which whoami"
)
_READERS = frozenset(_READER_NAMES.split())
"""Programs that write nothing but their output, whatever their options are."""


class Known(Struct, frozen=True):
    """What a program does with its operands, given no other options than these letters.

    `writes` and `deletes` tell which: none of them, all, all but the last, the last alone, all but the first.
    """

    options: str
    writes: Literal["", "all", "last", "rest"] = ""
    deletes: Literal["", "all", "firsts"] = ""


_WRITERS = {
    "touch": Known("acm", "all"),
    "mkdir": Known("pv", "all"),
    "tee": Known("ai", "all"),
    "cp": Known("afiprRvu", "last"),
    "ln": Known("sfv", "last"),
    "mv": Known("finv", "last", "firsts"),
    "rm": Known("dfirRvI", "", "all"),
    "rmdir": Known("pv", "", "all"),
    "chmod": Known("Rcfv", "rest"),
}


class Place(Struct, frozen=True):
    """A path as the command spells it, seen from `folder`; None where a `cd` decides that."""

    word: Word
    folder: str | None


class Touched(Struct, frozen=True):
    """What is `written` and `deleted`; `unknown` names what may touch more."""

    written: tuple[Place, ...] = ()
    deleted: tuple[Place, ...] = ()
    unknown: tuple[str, ...] = ()


def touched_by(parts: Sequence[CommandPart]) -> Touched:
    """What the parts of a command write and delete; its own folder is `.`."""
    folder: str | None = "."
    moved = False
    written: list[Place] = []
    deleted: list[Place] = []
    unknown: list[str] = []
    before = ""
    for part in parts:
        if moved and before not in _KEEPS_FOLDER:
            # The `cd` may have failed, and this runs all the same.
            folder = None
        made, gone, others = _operands(part)
        made = (*_targets(part.redirects), *made)
        written += [Place(word, folder) for word in made]
        deleted += [Place(word, folder) for word in gone]
        unknown += [*(word.text for word in (*made, *gone) if word.filled), *others]
        if part.words and part.words[0].text == "cd":
            folder, moved = _moved(folder, part, before), True
        before = part.joint
    return Touched(_once(written), _once(deleted), _once(unknown))


def _once(found: Iterable[FoundT]) -> tuple[FoundT, ...]:
    return tuple(dict.fromkeys(found))


def _targets(redirects: Iterable[Redirect]) -> Iterator[Word]:
    """Files that output goes to."""
    for redirect in redirects:
        sign, target = redirect.sign.lstrip("0123456789"), redirect.target
        copies = sign == ">&" and (target.text.rstrip("-").isdecimal() or target.text == "-")
        if ">" in sign and not copies and (target.filled or target.text not in _NOWHERE):
            yield target


def _operands(part: CommandPart) -> tuple[Sequence[Word], Sequence[Word], Sequence[str]]:
    """What a part writes and deletes beside its redirects, and what about it is not known."""
    if part.variables or not part.words or part.words[0].filled:
        # A variable can change what any program does.
        names = (*part.variables, *part.words[:1])
        return (), (), tuple(word.text for word in names)
    program = part.words[0].text
    if program in _READERS:
        return (), (), ()
    known = _WRITERS.get(program)
    operands = _without_options(part.words[1:], known.options) if known else None
    if known is None or operands is None:
        return (), (), (program,)
    return _CHOSEN[known.writes](operands), _CHOSEN[known.deletes](operands), ()


_CHOSEN: dict[str, Callable[[Sequence[Word]], Sequence[Word]]] = {
    "": lambda operands: (),
    "all": lambda operands: operands,
    "last": lambda operands: operands[-1:],
    "firsts": lambda operands: operands[:-1],
    "rest": lambda operands: operands[1:],
}


def _without_options(words: Sequence[Word], known: str) -> Sequence[Word] | None:
    """The operands among `words`; None where an option stands there that is not known."""
    operands: list[Word] = []
    for place, word in enumerate(words):
        if word.filled or word.text == "-" or not word.text.startswith("-"):
            operands.append(word)
        elif word.text == "--":
            return (*operands, *words[place + 1 :])
        elif not set(word.text[1:]) <= set(known):
            return None
    return operands


def _moved(folder: str | None, part: CommandPart, before: str) -> str | None:
    """Where a `cd` leads for what runs only if it succeeded; None where that cannot be told."""
    aside = before in ("||", "|", "|&") or part.joint in ("|", "|&", "&")
    if folder is None or aside or len(part.words) != 2:
        return None
    goal = part.words[1]
    return None if goal.filled or goal.text.startswith("-") else posixpath.join(folder, goal.text)
