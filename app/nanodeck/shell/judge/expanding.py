"""The words a shell may make of a written word: unquoted, with variables, braces and outputs filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nanodeck.shell.judge.scope import BREAK, UNKNOWN, Scope

MOST = 64
"""How many spellings of one word are followed."""
_PLAIN = re.compile(r"[^\s'\"\\$`;&|<>(){},~]+")
_ENDS = frozenset(" \t\n;&|<>()")
_OPEN, _COMMA, _CLOSE = "\ue010", "\ue011", "\ue012"
_BRACES = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_WRITTEN_BRACES = str.maketrans({_OPEN: "{", _COMMA: ",", _CLOSE: "}"})
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]", re.ASCII)
_INSIDE = re.compile(r"(!?)#?([A-Za-z_]\w*|[0-9]+|[@*#?$!-])(?:\[[^]]*\])?(.*)", re.ASCII | re.DOTALL)
_ANSI = re.compile(r"\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|c.|.)", re.DOTALL)
_ANSI_LETTERS = dict(zip("abeEfnrtv", "\a\b\x1b\x1b\f\n\r\t\v", strict=True))

Runner = Callable[[str], str]
"""Reads the script in a substitution and says what it prints, UNKNOWN where that cannot be told."""


def unescaped(text: str) -> str:
    """`text` with the escapes of `$'…'` and `printf` worked out."""
    return _ANSI.sub(_unescape, text)


def _unescape(match: re.Match[str]) -> str:
    escape = match.group()[1:]
    if escape[0] in "xuU" and len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code < 0x110000 else ""
    if escape[0] in "01234567":
        return chr(int(escape, 8) & 0xFF)
    if escape[0] == "c" and len(escape) > 1:
        return chr(ord(escape[1]) & 0x1F)
    return _ANSI_LETTERS.get(escape, escape)


class Expander:
    """Reads words of `text` in a `scope`; `at` is where it stands. What it cannot follow is UNKNOWN."""

    def __init__(self, text: str, scope: Scope, run: Runner) -> None:
        self.text = text
        self.at = 0
        self.scope = scope
        self._run = run
        self._spellings = [""]
        self._quoted = False

    def word(self) -> list[str]:
        """Every word that the text at this place may turn into."""
        self._spellings, self._quoted = [""], False
        start = self.at
        while self.at < len(self.text) and (character := self.text[self.at]) not in _ENDS:
            if plain := _PLAIN.match(self.text, self.at):
                self.at = plain.end()
                self._add(plain.group())
            elif not self._quote(character):
                self._special(character, start)
        if self.text.startswith(("<(", ">("), self.at):
            self.at += 1
            self._run(self._enclosed("(", ")"))
            self._add(f"/dev/fd/{UNKNOWN}")
            return [*self._finished(), *(self.word() if self._goes_on() else [])]
        return self._finished()

    def _goes_on(self) -> bool:
        return self.at < len(self.text) and self.text[self.at] not in _ENDS

    def _finished(self) -> list[str]:
        words = []
        for spelling in self._spellings:
            for field in spelling.split(BREAK):
                words += [each.translate(_WRITTEN_BRACES) for each in _braced(field)]
        words = [word for word in words if word] or ([""] if self._quoted else [])
        return words[:MOST]

    def _add(self, *options: str) -> None:
        joined = [before + option for before in self._spellings for option in options]
        self._spellings = joined[:MOST]

    def _quote(self, character: str) -> bool:
        """Read a quoted stretch; whether one began."""
        text = self.text
        if character == "\\":
            following = text[self.at + 1 : self.at + 2]
            self.at += 2
            self._add("" if following == "\n" else following)
        elif character == "'":
            end = text.find("'", self.at + 1)
            end = len(text) if end < 0 else end
            self._add(text[self.at + 1 : end])
            self.at = end + 1
        elif character == '"':
            self.at += 1
            self._double()
        elif text.startswith("$'", self.at):
            self._ansi()
        elif text.startswith('$"', self.at):
            self.at += 2
            self._double()
        else:
            return False
        self._quoted = True
        return True

    def _ansi(self) -> None:
        end = self.at + 2
        while end < len(self.text) and self.text[end] != "'":
            end += 2 if self.text[end] == "\\" else 1
        self._add(unescaped(self.text[self.at + 2 : end]))
        self.at = end + 1

    def _double(self) -> None:
        while self.at < len(self.text) and (character := self.text[self.at]) != '"':
            if character == "\\":
                following = self.text[self.at + 1 : self.at + 2]
                self._add({"\n": ""}.get(following, following if following in '$`"\\' else "\\" + following))
                self.at += 2
            elif character in "$`":
                self._add(*(option.replace(BREAK, " ") for option in self._filled()))
            else:
                end = min(
                    (place for sign in '"\\$`' if (place := self.text.find(sign, self.at)) >= 0),
                    default=len(self.text),
                )
                self._add(self.text[self.at : end])
                self.at = end
        self.at += 1

    def _special(self, character: str, start: int) -> None:
        if character in "$`":
            self._add(*(re.sub(r"\s+", BREAK, option) for option in self._filled()))
            return
        self.at += 1
        if character == "~" and self.at - 1 == start:
            self._add(self._tilde())
        elif character == "{":
            self._add(_OPEN)
        elif character == ",":
            self._add(_COMMA)
        elif character == "}":
            self._add(_CLOSE)
        else:
            self._add(character)

    def _tilde(self) -> str:
        name = re.compile(r"[^\s/;&|<>()'\"$`\\{},]*").match(self.text, self.at)
        user = name.group() if name else ""
        self.at += len(user)
        if user == "+":
            return self.scope.folder or UNKNOWN
        if user == "-":
            return UNKNOWN
        return {"": self.scope.home, "root": "/root"}.get(user, f"/home/{user}")

    def _filled(self) -> tuple[str, ...]:
        """What may stand for the expansion that begins here."""
        text = self.text
        if text[self.at] == "`":
            end = self.at + 1
            while end < len(text) and text[end] != "`":
                end += 2 if text[end] == "\\" else 1
            inner = re.sub(r"\\([\\`$])", r"\1", text[self.at + 1 : end])
            self.at = end + 1
            return (self._run(inner),)
        self.at += 1
        if text.startswith("((", self.at):
            self._run(self._enclosed("(", ")"))
            return (UNKNOWN,)
        if text.startswith("(", self.at):
            return (self._run(self._enclosed("(", ")")),)
        if text.startswith("{", self.at):
            return self._parameter(self._enclosed("{", "}"))
        if text.startswith("[", self.at):
            self._enclosed("[", "]")
            return (UNKNOWN,)
        if name := _NAME.match(text, self.at):
            self.at = name.end()
            return self.scope.of(name.group())
        return ("$",)

    def _enclosed(self, opening: str, closing: str) -> str:
        """What stands between the bracket here and the one that closes it."""
        start, depth = self.at + 1, 0
        for place, character in unquoted(self.text, self.at):
            if character == opening:
                depth += 1
            elif character == closing:
                depth -= 1
                if depth == 0:
                    self.at = place + 1
                    return self.text[start:place]
        self.at = len(self.text)
        return self.text[start:]

    def _parameter(self, inside: str) -> tuple[str, ...]:
        """The values of `${inside}`."""
        found = _INSIDE.fullmatch(inside)
        if not found:
            self._run(inside)
            return (UNKNOWN,)
        indirect, name, rest = found.groups()
        values = self.scope.of(name)
        if indirect:
            values = tuple(option for value in values for option in self.scope.of(value))
        if not rest:
            return values
        sign = rest[: 2 if rest[0] == ":" and rest[1:2] in "-=?+" else 1]
        other = Expander(rest[len(sign) :] or '""', self.scope, self._run).word() or [""]
        if sign in (":-", "-", ":=", "="):
            given = [value for value in values if value and not _without_value(value)]
            if not given:
                self.scope.values[name] = tuple(other)
            return tuple(given) or tuple(other)
        if sign in ("+", ":+"):
            return tuple(other)
        if sign in ("?", ":?"):
            return tuple(UNKNOWN if _without_value(value) else value for value in values)
        if cut := re.fullmatch(r":\s*(-?\d+)(?::(-?\d+))?", rest):
            first, length = int(cut[1]), cut[2]
            return tuple(value[first:][: int(length) if length else None] for value in values)
        if sign in "^,":
            return tuple(value.upper() if sign == "^" else value.lower() for value in values)
        return (UNKNOWN,)


def _without_value(value: str) -> bool:
    return len(value) == 1 and value >= "\ue000" and value <= "\ue00f"


def unquoted(text: str, at: int) -> Iterator[tuple[int, str]]:
    """The characters of `text` from `at` on that no quote and no backslash covers, with their places."""
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 2
            continue
        if character in "'\"":
            end = at + 1
            while end < len(text) and text[end] != character:
                end += 2 if character == '"' and text[end] == "\\" else 1
            at = end + 1
            continue
        yield at, character
        at += 1


def _braced(text: str) -> list[str]:
    """The words that the braces in `text` unfold into."""
    done: list[str] = []
    waiting = [text]
    while waiting and len(done) < MOST:
        one = waiting.pop()
        found = _BRACES.search(one)
        if not found:
            done.append(one)
        elif _COMMA in found[1]:
            options = found[1].split(_COMMA)
            waiting += [one[: found.start()] + each + one[found.end() :] for each in reversed(options)]
        else:
            waiting.append(one[: found.start()] + "{" + found[1] + "}" + one[found.end() :])
    return done


def decoded(text: str, way: Callable[[str], bytes]) -> str:
    """`text` decoded in this `way`, base64 or hex; UNKNOWN where that fails."""
    try:
        return way("".join(text.split())).decode(errors="replace")
    except ValueError:
        return UNKNOWN
