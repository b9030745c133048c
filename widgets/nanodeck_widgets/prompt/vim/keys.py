"""Vim's modes: what a key means now. Everything is said as edits of a text; nothing is done here."""

from __future__ import annotations

from typing import Literal, NamedTuple

from nanodeck_widgets.prompt.vim.motions import (
    MOTIONS,
    SAME_KEYS,
    Motion,
    first_word,
    found,
    line_end,
    line_start,
    motion,
    settled,
    text_object,
)

Mode = Literal["insert", "normal", "visual", "visual line"]
_MOST = 9_999


class Step(NamedTuple):
    """What to do: replace `start` up to `end` by `text`, if that is given, then go to `at`.

    `act` is an action of the prompt to run instead; `select` is what is marked in the end.
    """

    at: int = -1
    start: int = 0
    end: int = 0
    text: str | None = None
    act: str = ""
    select: tuple[int, int] | None = None


NOTHING = Step()
_SHORT = {"x": "dl", "X": "dh", "D": "d$", "C": "c$", "s": "cl", "S": "cc", "Y": "yy"}
_ACTS = {"u": "undo", "U": "redo"}


class Vim:
    """Keys outside of insert mode go through `press`. It begins in insert mode."""

    def __init__(self) -> None:
        self.mode: Mode = "insert"
        self._register = ""
        self._lines = False
        self._operator = ""
        self._operator_count = 1
        self._count = ""
        self._before = ""
        self._found = ("", "")
        self._anchor = 0

    @property
    def waiting(self) -> str:
        """The keys of a command that is not whole yet."""
        return self._operator + self._count + self._before

    def escape(self, text: str, at: int) -> Step:
        """To normal mode; the cursor goes onto a character."""
        leaves = self.mode == "insert" and at > line_start(text, at)
        self._forget()
        self.mode = "normal"
        return Step(settled(text, at - leaves))

    def insert(self) -> None:
        """To insert mode, as at the beginning."""
        self._forget()
        self.mode = "insert"

    def press(self, key: str, text: str, at: int) -> Step:
        """What `key` means with the cursor at `at` of `text`."""
        if self._before:
            return self._after(key, text, at)
        if key.isdecimal() and len(key) == 1 and (key != "0" or self._count):
            self._count += key
            return NOTHING
        key = SAME_KEYS.get(key, key)
        if key in ("g", "f", "F", "t", "T", "r") or (key in ("i", "a") and (self._operator or self._visual)):
            self._before = key
            return NOTHING
        if key in (";", ","):
            return self._find_again(text, at, back=key == ",")
        if key in MOTIONS:
            return self._move(key, text, at)
        if self._visual:
            return self._in_visual(key, text, at)
        if self._operator:
            return self._doubled(key, text, at)
        return self._in_normal(key, text, at)

    @property
    def _visual(self) -> bool:
        return self.mode in ("visual", "visual line")

    def _forget(self) -> None:
        self._operator = self._count = self._before = ""
        self._operator_count = 1

    def _times(self) -> int:
        return min(int(self._count or 1) * self._operator_count, _MOST)

    # Keys of two.

    def _after(self, key: str, text: str, at: int) -> Step:
        before, self._before = self._before, ""
        character = " " if key == "space" else key
        if before in ("i", "a"):
            place = text_object(text, at, before == "a", character)
            return self._take(text, at, place) if place else self._nothing(at)
        if before == "g":
            return self._move("gg", text, at) if key == "g" else self._nothing(at)
        if len(character) != 1:
            return self._nothing(at)
        if before == "r":
            return self._replace(character, text, at)
        self._found = (before, character)
        return self._find(before, character, text, at)

    def _find_again(self, text: str, at: int, *, back: bool) -> Step:
        how, character = self._found
        if not how:
            return self._nothing(at)
        return self._find(how.swapcase() if back else how, character, text, at)

    def _find(self, how: str, character: str, text: str, at: int) -> Step:
        place: int | None = at
        for _ in range(self._times()):
            place = found(text, place, how, character) if place is not None else None
        if place is None:
            return self._nothing(at)
        return self._arrive(Motion(place, "with" if how in "ft" else "up to"), text, at)

    def _replace(self, character: str, text: str, at: int) -> Step:
        count = self._times()
        self._forget()
        if at + count > line_end(text, at):
            return Step(at)
        return Step(at + count - 1, at, at + count, character * count)

    # Motions and what operators take.

    def _move(self, key: str, text: str, at: int) -> Step:
        # Vim's own exception: cw leaves the blanks behind the word.
        if key in "wW" and self._operator == "c" and at < len(text) and not text[at].isspace():
            key = key.replace("w", "e").replace("W", "E")
        where = motion(text, at, key, self._times())
        if key in "jk" and where.at == at and not self._operator and not self._visual:
            self._forget()
            return Step(act="older" if key == "k" else "newer")
        if key in "wW" and self._operator:
            # At the last word of a line an operator stays in the line.
            where = where._replace(at=min(where.at, max(line_end(text, at), at)))
        return self._arrive(where, text, at)

    def _arrive(self, where: Motion, text: str, at: int) -> Step:
        if self._visual:
            self._forget()
            return self._marked(text, settled(text, where.at))
        if not self._operator:
            self._forget()
            return Step(settled(text, where.at))
        first, last = sorted((at, where.at))
        if where.reach == "lines":
            return self._take_lines(text, at, first, last)
        return self._take(text, at, (first, last + (where.reach == "with")))

    def _doubled(self, key: str, text: str, at: int) -> Step:
        """dd, cc and yy; any other key ends the command."""
        if key != self._operator:
            return self._nothing(at)
        last = motion(text, at, "j", self._times() - 1).at if self._times() > 1 else at
        return self._take_lines(text, at, at, last)

    def _take_lines(self, text: str, at: int, first: int, last: int) -> Step:
        start, end = line_start(text, first), line_end(text, last)
        operator = self._operator
        self._keep(text[start:end] + "\n", lines=True)
        self._forget()
        if operator == "y":
            return Step(settled(text, min(at, first)))
        if operator == "c":
            self.mode = "insert"
            return Step(start, start, end, "")
        if end < len(text):
            end += 1
        elif start > 0:
            start -= 1
        left = text[:start] + text[end:]
        return Step(first_word(left, min(start, len(left))), start, end, "")

    def _take(self, text: str, at: int, place: tuple[int, int]) -> Step:
        start, end = place[0], min(place[1], len(text))
        if self._visual:
            self._anchor = start
            return self._marked(text, max(start, end - 1))
        operator = self._operator
        self._forget()
        if operator != "c" and end <= start:
            return Step(at)
        self._keep(text[start:end], lines=False)
        if operator == "y":
            return Step(start)
        if operator == "c":
            self.mode = "insert"
            return Step(start, start, end, "")
        return Step(settled(text[:start] + text[end:], start), start, end, "")

    def _keep(self, text: str, *, lines: bool) -> None:
        self._register, self._lines = text, lines

    def _nothing(self, at: int) -> Step:
        self._forget()
        return Step(at)

    # Modes.

    def _in_normal(self, key: str, text: str, at: int) -> Step:
        if key in _SHORT:
            self._operator = _SHORT[key][0]
            return self.press(_SHORT[key][1], text, at)
        if key in ("d", "c", "y"):
            self._operator, self._operator_count, self._count = key, int(self._count or 1), ""
            return NOTHING
        if key in _ACTS:
            self._forget()
            return Step(act=_ACTS[key])
        if key in ("v", "V"):
            self._forget()
            self.mode, self._anchor = ("visual" if key == "v" else "visual line"), at
            return self._marked(text, at)
        if key in ("p", "P"):
            return self._put(text, at, before=key == "P")
        if key == "~" and at < line_end(text, at):
            self._forget()
            return Step(settled(text, at + 1), at, at + 1, text[at].swapcase())
        if key == "J":
            return self._join(text, at)
        return self._begin_insert(key, text, at)

    def _begin_insert(self, key: str, text: str, at: int) -> Step:
        self._forget()
        start, end = line_start(text, at), line_end(text, at)
        steps = {
            "i": Step(at),
            "a": Step(min(at + 1, end)),
            "I": Step(first_word(text, at)),
            "A": Step(end),
            "o": Step(end + 1, end, end, "\n"),
            "O": Step(start, start, start, "\n"),
        }
        if key not in steps:
            return Step(at)
        self.mode = "insert"
        return steps[key]

    def _join(self, text: str, at: int) -> Step:
        self._forget()
        end = line_end(text, at)
        if end == len(text):
            return Step(at)
        after = first_word(text, end + 1)
        return Step(end, end, after, "" if text[after : after + 1] in ("", "\n", ")") else " ")

    def _put(self, text: str, at: int, *, before: bool) -> Step:
        count = self._times()
        self._forget()
        put = self._register * count
        if not put:
            return Step(at)
        if not self._lines:
            place = at if before or at >= line_end(text, at) else at + 1
            return Step(place + len(put) - 1, place, place, put)
        if before:
            place = line_start(text, at)
            return Step(place, place, place, put)
        place = line_end(text, at)
        return Step(place + 1, place, place, "\n" + put.removesuffix("\n"))

    def _in_visual(self, key: str, text: str, at: int) -> Step:
        first, last = sorted((self._anchor, at))
        lines = self.mode == "visual line"
        operator = {"x": "d", "s": "c"}.get(key, key)
        if key in ("v", "V"):
            wanted: Mode = "visual" if key == "v" else "visual line"
            if self.mode == wanted:
                return self.escape(text, at)
            self.mode = wanted
        if operator not in ("d", "c", "y"):
            self._forget()
            return self._marked(text, at)
        self.mode, self._operator = "normal", operator
        if lines:
            return self._take_lines(text, at, first, last)
        return self._take(text, at, (first, last + 1))

    def _marked(self, text: str, at: int) -> Step:
        first, last = sorted((self._anchor, at))
        if self.mode == "visual line":
            return Step(at, select=(line_start(text, first), line_end(text, last)))
        return Step(at, select=(first, min(last + 1, len(text))))
