"""Looks for harm in every command at every depth: what is found here holds in every mode."""

from __future__ import annotations

import posixpath
import re

from nanodeck.contracts.judging import JudgedPart
from nanodeck.shell.judge.deeds import Deed, Harm
from nanodeck.shell.judge.harm import harm_of
from nanodeck.shell.judge.outputs import output_of
from nanodeck.shell.judge.precious import Ground
from nanodeck.shell.judge.scope import UNKNOWN, UNSET, Scope
from nanodeck.shell.judge.sources import (
    INTERPRETERS,
    RUNNERS,
    code_of,
    commands_of,
    harm_in_code,
    opens_connection,
    runs_unseen,
)
from nanodeck.shell.judge.spelling import spelled
from nanodeck.shell.judge.tolerant import Rough, TolerantReader
from nanodeck.shell.judge.wrappers import argvs_in, scripts_in, surely_wraps

_DEEPEST = 24
_MOST = 20_000
_TOO_DEEP = Harm("harm.depth", "hides what it runs too deep to be read")
_AMOUNT = re.compile(r"[\d.,:+]+[a-zA-Z%]?")
"""What a wrapper was given for itself, such as the seconds of `timeout`."""
_WRITES = (">", ">>", ">|", "&>", "&>>", ">&", "<>")


class Forbidder:
    """Reads a command and everything it runs in its turn; `parts` are what it found, outermost first."""

    def __init__(self, ground: Ground) -> None:
        self.parts: list[JudgedPart] = []
        self._ground = ground
        self._seen: set[tuple[str, str | None, tuple[str, ...] | None]] = set()
        self._depth = 0
        self._origin = ""
        self._written: dict[str, str] = {}

    def read(self, text: str, scope: Scope, origin: str = "") -> list[Rough]:
        """Judge every command in `text`, which stands in the part `origin`."""
        key = (text, scope.folder, scope.arguments)
        if key in self._seen or not text.strip():
            return []
        self._seen.add(key)
        if self._depth >= _DEEPEST or len(self._seen) > _MOST:
            self._note(text, (), _TOO_DEEP, origin)
            return []
        before, self._origin = self._origin, origin
        self._depth += 1
        commands = TolerantReader(text, scope, self._inner).read()
        for command in commands:
            self._judge(command, scope, origin)
        self._judge_functions(scope, origin)
        self._depth -= 1
        self._origin = before
        return commands

    def _inner(self, script: str, scope: Scope) -> str:
        """A script in a substitution is judged where it stands; what it prints goes on."""
        inner = Scope(scope.home, scope.folder, dict(scope.values), scope.arguments, scope.functions)
        commands = self.read(script, inner, script)
        return output_of(commands[-1:]) if len(commands) == 1 or _is_pipeline(commands) else UNKNOWN

    def _judge(self, command: Rough, scope: Scope, origin: str, written: str = "") -> None:
        """Look at one command; `written` is what a wrapped one stands in."""
        words = tuple(
            word.replace(UNSET, "") if place == 0 else word for place, word in enumerate(command.words)
        )
        harm = self._harm_of_redirects(command)
        if not words:
            self._note(command.text, (), harm, origin)
            return
        name = _name_of(words[0])
        harm = harm or runs_unseen(command, name, written or command.text)
        harm = harm or opens_connection(command, name, written or command.text)
        harm = harm or harm_of(Deed(name, words, command.folder, self._ground))
        self._note(command.text, words, harm, origin)
        self._judge_code(command, name, scope)
        self._unfold(command, name, scope, written)
        self._keep_written(command)

    def _unfold(self, command: Rough, name: str, scope: Scope, written: str) -> None:
        """Go on to what the command runs in its turn."""
        at = scope.called(scope.arguments or ()) if scope.arguments is not None else scope.called(())
        at.arguments, at.folder = scope.arguments, command.folder
        for script in scripts_in(command, name):
            inner = at.called(script.arguments) if script.arguments is not None else at
            self.read(script.text, inner, command.text)
        for argv in argvs_in(command, name):
            key = ("\0".join(argv), command.folder, None)
            # All files of a folder are what a program works on that only may be a wrapper.
            if key in self._seen or (argv[0] == "*" and not surely_wraps(name)):
                continue
            self._seen.add(key)
            if self._depth >= _DEEPEST:
                self._note(" ".join(argv), argv, _TOO_DEEP, command.text)
                return
            self._depth += 1
            inner_command = Rough(
                " ".join(map(spelled, argv)),
                argv,
                command.folder,
                (),
                command.given,
                command.source,
                command.joint,
            )
            before = len(self.parts)
            self._judge(inner_command, at, command.text, written or command.text)
            if not surely_wraps(name) or _AMOUNT.fullmatch(argv[0]):
                self.parts[before:] = [part for part in self.parts[before:] if part.verdict == "deny"]
            self._depth -= 1
        if body := scope.functions.get(command.words[0]):
            self.read(body, at.called(command.words), command.text)
        for place, word in enumerate(command.words):
            if place == 0 or name in RUNNERS:
                self.read(self._written.get(_place(word, command.folder), ""), at, command.text)

    def _keep_written(self, command: Rough) -> None:
        """What the command writes to files, as far as known: a later one may run it."""
        for sign, target in command.redirects:
            if sign in (">", ">>", ">|") and UNKNOWN not in (text := output_of([command])):
                place = _place(target, command.folder)
                before = self._written.get(place, "") if sign == ">>" else ""
                self._written[place] = f"{before}{text}\n"

    def _judge_code(self, command: Rough, name: str, scope: Scope) -> None:
        if not INTERPRETERS.fullmatch(name):
            return
        for code in code_of(command):
            harm = harm_in_code(code, self._ground, command.folder)
            if harm:
                self._note(code, (), harm, command.text)
            for text in commands_of(code):
                self.read(text, scope.called(()), command.text)

    def _judge_functions(self, scope: Scope, origin: str) -> None:
        for name, body in list(scope.functions.items()):
            called = re.escape(name)
            if re.search(rf"(?:^|[\s;|&({{]){called}\s*(?:\||&(?!&))", body) and re.search(
                rf"(?:^|[\s;|&({{]){called}(?:$|[\s;|&)}}])", body
            ):
                self._note(body, (), Harm("harm.fork-bomb", "starts copies of itself without end"), origin)

    def _harm_of_redirects(self, command: Rough) -> Harm | None:
        for sign, target in command.redirects:
            if sign.lstrip("{}abcdefghijklmnopqrstuvwxyz_") not in _WRITES:
                continue
            if found := self._ground.critical(target, command.folder):
                return Harm("harm.overwrite", f"writes over {found}")
            lost = "" if ">>" in sign else self._ground.inside(target, command.folder)
            if lost:
                return Harm("harm.overwrite", f"writes over {lost}")
        return None

    def _note(self, text: str, words: tuple[str, ...], harm: Harm | None, origin: str) -> None:
        text, *argv = (each.replace(UNSET, "").replace(UNKNOWN, "…") for each in (text, *words))
        if harm:
            part = JudgedPart(text, tuple(argv), False, "deny", harm.reason, harm.rule, origin)
        else:
            part = JudgedPart(text, tuple(argv), folded_from=origin)
        self.parts.append(part)


def forbidden_in(command: str, folder: str, ground: Ground) -> tuple[JudgedPart, ...]:
    """Every part of `command` with what forbids it, if anything does."""
    forbidder = Forbidder(ground)
    # No shell can be given a NUL: it runs what is left without.
    forbidder.read(command.replace("\0", ""), Scope(ground.home, folder))
    return tuple(forbidder.parts)


def _place(path: str, folder: str | None) -> str:
    return posixpath.normpath(posixpath.join(folder or "", path))


def _name_of(word: str) -> str:
    return word.rstrip("/").rsplit("/", 1)[-1]


def _is_pipeline(commands: list[Rough]) -> bool:
    return bool(commands) and all(command.joint in ("|", "|&") for command in commands[:-1])
