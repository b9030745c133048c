"""A shell command taken apart into the simple commands it is made of, where it is made of such alone."""

from __future__ import annotations

import re

from msgspec import Struct

from nanodeck.contracts.requests import CommandPart, Redirect, Word
from nanodeck.shell.words import ENDS, BeyondWords, Scanner

_OPERATORS = ("&&", "||", "|&", ";;", ";&", ";", "&", "|", "\n")
_REDIRECT = re.compile(r"\d*(?:<<<|<<-|<<|<>|<&|<|>>|>\||>&|>)|&>>|&>", re.ASCII)
_VARIABLE = re.compile(r"[A-Za-z_]\w*\+?=", re.ASCII)
_INDEXED = re.compile(r"[A-Za-z_]\w*\[[^]]*\]\+?=", re.ASCII)
# What the shell understands as something else than a program's name.
_RESERVED = frozenset(
    (
        *("if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "in", "case", "esac"),
        *("select", "function", "time", "coproc", "!", "[[", "]]", "{", "}"),
    )
)


class Reading(Struct, frozen=True):
    """The `parts` of a command, none where it is more than simple commands: `script` says why."""

    parts: tuple[CommandPart, ...] = ()
    script: str = ""


def read_command(command: str) -> Reading:
    """Take `command` apart as bash does; what is not certain is not claimed."""
    try:
        return Reading(_Reader(command).parts())
    except BeyondWords as error:
        return Reading(script=str(error))


def is_compound(command: str) -> bool:
    """Whether `command` is more than one simple command, or may be."""
    reading = read_command(command)
    return bool(reading.script) or len(reading.parts) > 1


class _Heredoc(Struct, frozen=True):
    end: str
    literal: bool
    indented: bool


class _Reader:
    def __init__(self, command: str) -> None:
        self._scan = Scanner(command)
        self._parts: list[CommandPart] = []
        self._words: list[Word] = []
        self._variables: list[Word] = []
        self._redirects: list[Redirect] = []
        self._heredocs: list[_Heredoc] = []

    def parts(self) -> tuple[CommandPart, ...]:
        """All of them, in their order."""
        scan = self._scan
        while True:
            scan.skip_blanks()
            if not scan.rest:
                break
            if found := _REDIRECT.match(scan.text, scan.at):
                scan.at = found.end()
                self._redirect(found.group())
            elif operator := next((one for one in _OPERATORS if scan.starts(one)), ""):
                scan.at += len(operator)
                self._operator(operator)
            elif scan.text[scan.at] in "()":
                raise BeyondWords("( ) in it groups commands")
            else:
                self._word()
        if self._heredocs:
            raise BeyondWords("the text it reads has no end")
        if self._begun:
            self._close("")
        if self._parts and self._parts[-1].joint not in ("", ";", "&"):
            raise BeyondWords("something is missing at its end")
        return tuple(self._parts)

    @property
    def _begun(self) -> bool:
        return bool(self._words or self._variables or self._redirects)

    def _word(self) -> None:
        word, written = self._scan.word()
        if not self._words:
            if written in _RESERVED:
                raise BeyondWords(f"{written} makes it a script")
            if _INDEXED.match(written):
                raise BeyondWords("it sets a list")
            if _VARIABLE.match(written):
                self._variables.append(word)
                return
        self._words.append(word)

    def _redirect(self, sign: str) -> None:
        scan = self._scan
        scan.skip_blanks()
        if not scan.rest or scan.text[scan.at] in ENDS:
            raise BeyondWords("it does not say where to read or write")
        word, written = scan.word()
        if "<<" in sign and "<<<" not in sign:
            if word.filled:
                raise BeyondWords("the end of the text it reads is not certain")
            self._heredocs.append(_Heredoc(word.text, word.text != written, sign.endswith("-")))
        self._redirects.append(Redirect(sign, word))

    def _operator(self, operator: str) -> None:
        if operator in (";;", ";&"):
            raise BeyondWords("case makes it a script")
        if operator == "\n":
            self._read_heredocs()
            if self._begun:
                self._close(";")
            return
        if not self._begun:
            raise BeyondWords(f"there is nothing before {operator}")
        self._close(operator)

    def _close(self, joint: str) -> None:
        part = CommandPart(tuple(self._words), tuple(self._variables), tuple(self._redirects), joint)
        self._parts.append(part)
        self._words, self._variables, self._redirects = [], [], []

    def _read_heredocs(self) -> None:
        scan = self._scan
        for heredoc in self._heredocs:
            while True:
                if not scan.rest:
                    raise BeyondWords("the text it reads has no end")
                stop = scan.text.find("\n", scan.at)
                stop = stop if stop >= 0 else len(scan.text)
                line = scan.text[scan.at : stop]
                scan.at = min(stop + 1, len(scan.text))
                if (line.lstrip("\t") if heredoc.indented else line) == heredoc.end:
                    break
                if not heredoc.literal and any(character in line for character in "$`\\"):
                    raise BeyondWords("the shell fills in the text it reads")
        self._heredocs = []
