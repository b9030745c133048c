"""Every simple command a text may run, read tolerantly: where only harm is looked for, too much is better."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from msgspec import Struct

from nanodeck.shell.judge.expanding import Expander, unquoted
from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.outputs import output_of
from nanodeck.shell.judge.scope import UNKNOWN, UNSET, Scope

_OPERATOR = re.compile(r"&&|\|\||\|&|;;&|;;|;&|[;&|()\n]")
_REDIRECT = re.compile(r"(?:\d+|\{\w+\})?(?:<<<|<<-|<<|<>|<&|>>|>\||>&|<(?!\()|>(?!\())|&>>?", re.ASCII)
_FUNCTION = re.compile(r"[ \t]*\([ \t]*\)")
_SET = re.compile(r"([A-Za-z_]\w*)(?:\[[^]]*\])?(\+?)=(.*)", re.ASCII | re.DOTALL)
_SKIPPED = names(
    """
    if then else elif fi while until do done { } ! time coproc esac
    """
)
_DECLARES = names("export declare local readonly typeset")
_RUN_LATER = frozenset(("PROMPT_COMMAND", "PS0", "PS1", "PS4", "GIT_SSH_COMMAND", "PAGER", "EDITOR"))
_COMMENT = re.compile(r"#[^\n]*")
_BLANKS = re.compile(r"(?:[ \t]|\\\n)+")


class Rough(Struct):
    """A simple command as the shell most probably runs it, and the folder it is in.

    `text` is as written, `redirects` are signs with their targets, `given` is text it reads (a heredoc),
    `source` the command whose output it reads; `joint` leads on to the next.
    """

    text: str
    words: tuple[str, ...]
    folder: str | None
    redirects: tuple[tuple[str, str], ...] = ()
    given: str = ""
    source: Rough | None = None
    joint: str = ""


Inner = Callable[[str, Scope], str]
"""Is told of every script inside the text and says what it prints, UNKNOWN where that cannot be told."""


class TolerantReader:
    """Reads the commands of `text` one after the other, keeping track of variables, folder and functions."""

    def __init__(self, text: str, scope: Scope, inner: Inner) -> None:
        self.text = text
        self.scope = scope
        self._expander = Expander(text, scope, lambda script: inner(script, scope))
        self._inner = inner
        self._commands: list[Rough] = []
        self._folders: list[str | None] = []
        self._heredocs: list[tuple[str, bool]] = []
        self._begin()

    def _begin(self) -> None:
        self._words: list[str] = []
        self._redirects: list[tuple[str, str]] = []
        self._given = ""
        self._start = self._expander.at

    def read(self) -> list[Rough]:
        """All of them, in their order."""
        expander = self._expander
        while True:
            # What a heredoc holds is taken out of it on the way.
            text = self.text
            if blanks := _BLANKS.match(text, expander.at):
                expander.at = blanks.end()
            at = expander.at
            if at >= len(text):
                break
            if found := _REDIRECT.match(text, at):
                expander.at = found.end()
                self._redirect(found.group())
            elif found := _OPERATOR.match(text, at):
                self._operator(found.group())
            elif found := _COMMENT.match(text, at):
                expander.at = found.end()
            else:
                self._word()
            if expander.at == at:
                expander.at += 1
        self._close("")
        return self._commands

    def _word(self) -> None:
        start = self._expander.at
        words = self._expander.word()
        written = self.text[start : self._expander.at]
        if not self._words:
            if _FUNCTION.match(self.text, self._expander.at) or written == "function":
                self._function(words)
                return
            if written in _SKIPPED or (written == "-p" and self._after_time(start)):
                return
        if self._words or not self._assign(words, written):
            self._words += words

    def _after_time(self, start: int) -> bool:
        return self.text[:start].rstrip().endswith("time")

    def _function(self, words: list[str]) -> None:
        if words == ["function"]:
            if blanks := _BLANKS.match(self.text, self._expander.at):
                self._expander.at = blanks.end()
            words = self._expander.word()
        if found := _FUNCTION.match(self.text, self._expander.at):
            self._expander.at = found.end()
        body, depth, begun = self._expander.at, 0, False
        end = len(self.text)
        for place, character in unquoted(self.text, body):
            depth += (character in "{(") - (character in "})")
            begun |= depth > 0
            if begun and depth == 0:
                end = place + 1
                break
        if words:
            self.scope.functions[words[0]] = self.text[body:end].strip().lstrip("{(").rstrip(")}")

    def _assign(self, words: list[str], written: str) -> bool:
        """Keep what an assignment sets; whether the word is one."""
        if not _SET.match(written):
            return False
        options = [found for word in words if (found := _SET.fullmatch(word))]
        for found in options:
            before = self.scope.values.get(found[1], ("",)) if found[2] else ("",)
            values = tuple(each + found[3] for each in before)
            kept = self.scope.values.get(found[1], ()) if found is not options[0] else ()
            self.scope.values[found[1]] = (*kept, *values)
            if found[1] in _RUN_LATER:
                self._inner(values[0], self.scope)
        return True

    def _redirect(self, sign: str) -> None:
        if blanks := _BLANKS.match(self.text, self._expander.at):
            self._expander.at = blanks.end()
        start = self._expander.at
        target = " ".join(self._expander.word())
        written = self.text[start : self._expander.at]
        if sign.endswith("<<<"):
            self._given += target
        elif "<<" in sign:
            self._heredocs.append((target, any(character in written for character in "'\"\\")))
        else:
            self._redirects.append((sign.lstrip("0123456789"), target))

    def _operator(self, operator: str) -> None:
        if operator == "\n":
            self._expander.at += 1
            self._read_heredocs()
        elif self._heredocs and operator not in "()":
            # Its text begins after this line: look ahead, so that it stays with its command.
            self._take_heredocs()
        self._close(operator)
        if operator != "\n":
            self._expander.at += len(operator)
        if operator == "(":
            self._folders.append(self.scope.folder)
        elif operator == ")" and self._folders:
            self.scope.folder = self._folders.pop()
        self._start = self._expander.at

    def _take_heredocs(self) -> None:
        line = self.text.find("\n", self._expander.at)
        if line < 0:
            return
        end = self._bodies(line + 1)
        self.text = self.text[: line + 1] + self.text[end:]
        self._expander.text = self.text

    def _read_heredocs(self) -> None:
        if self._heredocs:
            self._expander.at = self._bodies(self._expander.at)

    def _bodies(self, at: int) -> int:
        """Read the texts of the heredocs that begin at `at`; where they end."""
        for end, literal in self._heredocs:
            lines: list[str] = []
            while at < len(self.text):
                stop = self.text.find("\n", at)
                stop = len(self.text) if stop < 0 else stop
                line = self.text[at:stop]
                at = stop + 1
                if line.lstrip("\t") == end:
                    break
                lines.append(line)
            body = "\n".join(lines)
            if not literal and ("$" in body or "`" in body):
                quoted = '"' + body.replace('"', '\\"') + '"'
                filled = Expander(quoted, self.scope, lambda script: self._inner(script, self.scope)).word()
                body = filled[0] if filled else ""
            self._given += body
        self._heredocs = []
        return min(at, len(self.text))

    def _close(self, joint: str) -> None:
        while self._words and self._words[0] == UNSET:
            del self._words[0]
        if self._words or self._redirects:
            before = self._commands[-1] if self._commands else None
            command = Rough(
                self.text[self._start : self._expander.at].strip(),
                tuple(self._words),
                self.scope.folder,
                tuple(self._redirects),
                self._given,
                before if before and before.joint in ("|", "|&") else None,
                joint,
            )
            self._commands.append(command)
            self._follow(command)
        elif joint in ("|", "|&", "&") and self._commands and self.text[: self._expander.at].endswith(")"):
            self._commands[-1].joint = joint
        self._begin()

    def _follow(self, command: Rough) -> None:
        """What later commands find changed by this one."""
        words = command.words
        if not words:
            return
        if words[0] in _DECLARES:
            for word in words[1:]:
                self._assign([word], word)
        elif words[0] == "for" and len(words) > 2 and words[2] == "in":
            self.scope.values[words[1]] = words[3:] or ("",)
        elif words[0] in ("read", "mapfile", "readarray"):
            for name in words[1:]:
                self.scope.values[name] = (UNKNOWN,)
        elif words[0] in ("cd", "pushd"):
            operands = [word for word in words[1:] if not word.startswith("-") or word == "-"]
            goal = operands[0] if operands else self.scope.home
            self.scope.folder = self._led(goal)
        elif words[0] == "printf" and words[1:2] == ("-v",) and len(words) > 3:
            self.scope.values[words[2]] = (output_of([Rough("", ("printf", *words[3:]), None)]),)

    def _led(self, goal: str) -> str | None:
        if goal == "-" or UNKNOWN in goal or UNSET in goal:
            return None
        if self.scope.folder is None and not goal.startswith("/"):
            return None
        return posixpath.normpath(posixpath.join(self.scope.folder or "/", goal))
