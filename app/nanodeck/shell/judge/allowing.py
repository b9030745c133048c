"""Which commands are known only to read: those two readings agree on, of programs and options in a table."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.judging import JudgedPart
from nanodeck.contracts.requests import CommandPart, Redirect
from nanodeck.shell.judge.grammar import commands_by_grammar
from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.places import Places
from nanodeck.shell.judge.programs import unproven
from nanodeck.shell.judge.spelling import spelled
from nanodeck.shell.reading import read_command

_LONGEST = 10_000
_STRANGE = names("Cc Cf Cs Co Cn Zl Zp")
_NOWHERE = "/dev/null"
_QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"")


class Readable(Struct, frozen=True):
    """The parts of a command with their verdicts; none where it is `unclear`, and why."""

    parts: tuple[JudgedPart, ...] = ()
    unclear: str = ""


def readable(command: str, folder: Path, root: Path) -> Readable:
    """What is certain about `command` before it runs, and which of its parts only read."""
    if unclear := _strange(command):
        return Readable(unclear=unclear)
    reading = read_command(command)
    if not reading.parts:
        return Readable(unclear=reading.script or "there is nothing in it")
    grammar = commands_by_grammar(command) or []
    with_words = [part for part in reading.parts if part.words]
    second = iter(grammar if len(grammar) == len(with_words) else [[]] * len(with_words))
    parts, places, before = [], Places(folder, root), ""
    perhaps = False
    for part in reading.parts:
        words = [word.text for word in part.words]
        before_it = places
        # What the shell fills in is spelled differently by the two, and looked at by the program's table.
        read = next(second) if words else []
        filled = any(word.filled for word in part.words)
        sound = len(read) == len(words) and (filled or read == words)
        parts.append(_judged(part, before, places, sound=sound))
        places = _moved(part, places)
        perhaps |= places is not before_it and (before == "&&" or places.missing)
        if perhaps and part.joint not in ("&&", "|", "|&"):
            # What comes now runs whether it went there or not.
            places, perhaps = places.nowhere, False
        before = part.joint
    return Readable(tuple(parts))


def _strange(command: str) -> str:
    if len(command.encode("utf-8", "surrogatepass")) > _LONGEST:
        return "is too long to be judged"
    if command.isascii():
        strange = [char for char in command if (char < " " and char not in "\n\t") or char == "\x7f"]
    else:
        strange = [char for char in command if unicodedata.category(char) in _STRANGE and char not in "\n\t"]
    if strange:
        return "holds characters that do not show"
    if not _QUOTED.sub("", command).isascii():
        return "holds letters of other alphabets outside of quotes"
    return ""


def _judged(part: CommandPart, before: str, places: Places, *, sound: bool) -> JudgedPart:
    argv = tuple(word.text for word in part.words)
    words = (word.text if word.filled else spelled(word.text) for word in part.words)
    text = " ".join((*(word.text for word in part.variables), *words, *map(_spelled, part.redirects)))
    filled = any(word.filled for word in part.words)
    writes = [each for each in part.redirects if not _harmless(each, places)]
    certain = sound and bool(argv) and not filled and not part.variables and not writes
    reason = _doubt(part, before, places, sound=sound)
    if reason:
        return JudgedPart(text, argv, certain, "ask", reason, "command.unproven")
    return JudgedPart(text, argv, certain, "allow", "only reads, inside the workspace", "command.reads")


def _spelled(redirect: Redirect) -> str:
    return f"{redirect.sign}{redirect.target.text}"


def _doubt(part: CommandPart, before: str, places: Places, *, sound: bool) -> str:
    """Why a part is not known only to read; empty where it is."""
    if not sound:
        filled = next((word.text for word in part.words if word.filled), "")
        return f"what {filled} stands for is not certain" if filled else "two readings of it differ"
    if part.variables:
        return f"sets {part.variables[0].text.partition('=')[0]}, which may change what programs do"
    if part.joint == "&":
        return "goes on in the background"
    if not places.inside:
        return "runs outside of the workspace"
    for redirect in part.redirects:
        if not _harmless(redirect, places):
            return f"{'writes to' if '>' in redirect.sign else 'reads'} {redirect.target.text}"
    if not part.words:
        return "runs no program"
    if part.words[0].filled:
        return "which program runs is not certain"
    if part.words[0].text == "cd":
        in_pipe = before in ("|", "|&", "||") or part.joint in ("|", "|&", "||")
        return "changes the folder of only a part" if in_pipe else places.unproven_move(part.words)
    return unproven(part.words, places)


def _harmless(redirect: Redirect, places: Places) -> bool:
    """Whether a redirect writes no file and reads none that must not be read unasked."""
    sign, target = redirect.sign, redirect.target
    if target.filled:
        return False
    if re.fullmatch(r"[12]?>&", sign):
        return target.text in ("1", "2")
    if re.fullmatch(r"(?:[12]?>>?|&>>?)", sign):
        return target.text == _NOWHERE
    if sign in ("<", "0<"):
        return target.text == _NOWHERE or not places.unreadable(target.text)
    return False


def _moved(part: CommandPart, places: Places) -> Places:
    if part.words and part.words[0].text == "cd":
        return places.moved(part.words)
    return places
