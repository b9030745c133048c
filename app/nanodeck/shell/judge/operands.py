"""The kinds of operands that programs have, and when they only read with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nanodeck.contracts.requests import Word
from nanodeck.shell.judge.options import Parsed, plain_number
from nanodeck.shell.judge.places import Places

_HERE = Word(".")
_SETS = re.compile(r"%[-+ #0'\d.*hjlLtz]*n")


def _certain(operands: Sequence[Word]) -> str:
    return next((f"{word.text} is not certain before it runs" for word in operands if word.filled), "")


def _paths(
    operands: Sequence[Word],
    places: Places,
    *,
    contents: bool = True,
    tree: bool = False,
    links: bool = False,
) -> str:
    for word in operands:
        if word.text == "-" and not word.filled:
            continue
        if word.filled:
            found = places.unreadable_pattern(word.text, contents=contents)
        elif tree:
            found = places.unreadable_tree(word.text, links=links)
        else:
            found = places.unreadable(word.text, contents=contents)
        if found:
            return found
    return ""


def _read_paths(given: Parsed, places: Places) -> str:
    return _paths(given.operands, places)


def _name_paths(given: Parsed, places: Places) -> str:
    return _paths(given.operands, places, contents=False)


def _compared(given: Parsed, places: Places) -> str:
    # Two folders are compared file by file, what is in them the deeper only if asked.
    return _paths(given.operands, places, tree=True, links=True)


def _binaries(given: Parsed, places: Places) -> str:
    if any(word.text.startswith("@") for word in given.operands):
        return "takes options out of a file"
    return _paths(given.operands, places)


def _pattern(given: Parsed, places: Places) -> str:
    """The first operand is a pattern where no option gives one; the others are files."""
    told = given.has("-e", "--regexp", "--files", "--type-list")
    patterns, files = ((), given.operands) if told else (given.operands[:1], given.operands[1:])
    if found := _certain(patterns):
        return found
    recursive = given.has("-r", "--recursive")
    return (
        _searched(files, places, given.values("--include"), hidden=True)
        if recursive
        else _paths(files, places)
    )


def _search(given: Parsed, places: Places) -> str:
    """As `_pattern`, of a program that goes into folders by itself."""
    told = given.has("-e", "--regexp", "--files", "--type-list")
    if given.has("--files", "--type-list"):
        return _paths(given.operands, places, contents=False)
    patterns, files = ((), given.operands) if told else (given.operands[:1], given.operands[1:])
    if found := _certain(patterns):
        return found
    globs = given.values("-g", "--glob", "--iglob")
    hidden = bool(globs) or given.has("--hidden", "-.", "-u", "--unrestricted")
    return _searched(files, places, globs, hidden=hidden, typed=given.has("-t", "--type"))


def _searched(
    files: Sequence[Word], places: Places, globs: Sequence[str], *, hidden: bool, typed: bool = False
) -> str:
    """Doubts about what is read below `files`, where `globs` choose by name."""
    if typed and not globs:
        return _paths(files, places)
    chosen = [glob.rsplit("/", 1)[-1] for glob in globs]
    if any(glob.startswith("!") or not re.fullmatch(r"[\w.*?/-]+", glob) for glob in globs):
        chosen = []
    for word in files or (_HERE,):
        if found := (
            places.unreadable_pattern(word.text)
            if word.filled
            else places.unreadable_tree(word.text, hidden=hidden, chosen=chosen)
        ):
            return found
    return ""


def _sought(given: Parsed, places: Places) -> str:
    """The first operand is a pattern, the others are folders whose names are listed."""
    return _certain(given.operands[:1]) or _paths(given.operands[1:], places, contents=False)


def _any_words(given: Parsed, places: Places) -> str:
    for word in given.operands:
        if word.filled and not re.fullmatch(r"[\"\w :=,./?!-]*", word.text.replace("$?", "")):
            return f"what {word.text} stands for is not certain"
    return ""


def _format(given: Parsed, places: Places) -> str:
    """Words of which the first says how they are printed: it may also set a variable."""
    if any(_SETS.search(word.text.replace("%%", "")) for word in given.operands[:1]):
        return "may change what programs do"
    return _any_words(given, places)


def _only_words(given: Parsed, places: Places) -> str:
    return _certain(given.operands)


def _no_operands(given: Parsed, places: Places) -> str:
    return f"{given.operands[0].text} is more than it only reads with" if given.operands else ""


def _numbers(given: Parsed, places: Places) -> str:
    wrong = [word.text for word in given.operands if word.filled or not plain_number(word.text)]
    return f"{wrong[0]} is no number" if wrong else ""


def _date(given: Parsed, places: Places) -> str:
    if any(word.filled or not word.text.startswith("+") for word in given.operands):
        return "may set the clock"
    return ""


KINDS: dict[str, Callable[[Parsed, Places], str]] = {
    "paths": _read_paths,
    "names": _name_paths,
    "compare": _compared,
    "binaries": _binaries,
    "pattern": _pattern,
    "search": _search,
    "sought": _sought,
    "any": _any_words,
    "format": _format,
    "words": _only_words,
    "none": _no_operands,
    "numbers": _numbers,
    "date": _date,
}
