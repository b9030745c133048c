"""Thinking that a model writes inline: `<think>` blocks taken out of streamed text."""

from __future__ import annotations

import re
from typing import Literal

PieceKind = Literal["text", "reasoning", "orphan"]
Piece = tuple[PieceKind, str]
"""Text, thinking, or the mark that all text so far was thinking (its opening tag never came)."""

_TAG = re.compile(r"<(/?)think(?:ing)?>", re.IGNORECASE)
_CLOSE = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_TAGS = ("<think>", "<thinking>", "</think>", "</thinking>")
_CLOSES = _TAGS[2:]
_FENCES = ("```", "~~~")


class ThinkSplitter:
    """Splits streamed text into text and thinking; what comes out does not depend on the cuts.

    An opening tag counts at the start of a line outside code; anywhere else it is literal text.
    Set `thought` when thinking arrived by another way, so that a stray closing tag is not an orphan.
    """

    def __init__(self) -> None:
        self.thought = False
        self._thinking = False
        self._held = ""
        self._spoken = False
        self._lead = ""
        self._trim = False
        self._literal = 0
        self._line_start = ""
        self._ticks = 0
        self._last = ""
        self._fenced = False

    def feed(self, text: str) -> list[Piece]:
        """The pieces that `text` settles; only what may become a tag is held back."""
        pieces: list[Piece] = []
        rest, self._held = self._held + text, ""
        while rest:
            match = (_CLOSE if self._thinking else _TAG).search(rest)
            if match is None:
                keep = _tag_prefix(rest, _CLOSES if self._thinking else _TAGS)
                self._held = rest[len(rest) - keep :]
                self._say(rest[: len(rest) - keep], pieces)
                break
            self._say(rest[: match.start()], pieces)
            self._meet(match, pieces)
            rest = rest[match.end() :]
        return pieces

    def end(self) -> list[Piece]:
        """What was held back: a tag that never became one."""
        pieces: list[Piece] = []
        rest, self._held = self._held, ""
        self._say(rest, pieces)
        return pieces

    def _meet(self, match: re.Match[str], pieces: list[Piece]) -> None:
        """Decide by the text before a tag whether it opens, closes, is an orphan or is literal."""
        closing = bool(match.group(1)) if not self._thinking else True
        if self._thinking:
            if self._ticks % 2:
                self._say(match.group(), pieces)
                return
            self._thinking = False
        elif not closing and not self._fenced and not self._line_start:
            self._thinking = self.thought = True
        elif closing and not self._spoken:
            pass
        elif closing and not (self.thought or self._literal or self._quoted):
            self.thought = True
            pieces.append(("orphan", ""))
        else:
            self._literal += -1 if closing and self._literal else not closing
            self._say(match.group(), pieces)
            return
        self._line_start, self._ticks, self._last, self._fenced = "", 0, "", False
        self._lead, self._trim = "", True

    @property
    def _quoted(self) -> bool:
        inside = self._fenced or self._line_start.startswith(_FENCES) or self._ticks % 2 == 1
        return inside or self._last in ('"', "'", "`")

    def _say(self, text: str, pieces: list[Piece]) -> None:
        self._follow(text)
        if self._trim:
            text = text.lstrip()
            self._trim = not text
        if self._thinking:
            if text:
                pieces.append(("reasoning", text))
            return
        if not self._spoken:
            self._lead += text
            text = self._lead if self._lead.strip() else ""
        if text:
            self._spoken = True
            pieces.append(("text", text))

    def _follow(self, text: str) -> None:
        """Remember where on its line, and in what code, the text now stands."""
        for number, part in enumerate(text.split("\n")):
            if number:
                self._fenced ^= self._line_start.startswith(_FENCES)
                self._line_start, self._ticks = "", 0
            self._line_start = (self._line_start + part).lstrip()[:3]
            self._ticks += part.count("`")
        self._last = text[-1:] or self._last


def _tag_prefix(text: str, tags: tuple[str, ...]) -> int:
    """Length of the longest end of `text` that begins one of `tags`."""
    start = text.rfind("<")
    if start < 0:
        return 0
    tail = text[start:].lower()
    return len(tail) if any(tag.startswith(tail) for tag in tags) else 0
