"""The one cleaner: text from models, tools and files before it is drawn or logged."""

from __future__ import annotations

import re
from collections.abc import Iterable

# C0 except tab and newline, DEL, C1, bidirectional controls, zero-width characters (except the
# joiner emoji need), interlinear marks, line separators, tag characters and lone surrogates.
MOST_NAMES = 5
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028\u2029\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, SOS, PM, APC
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)

WEB_LINK = re.compile(r"https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]}]")
"""A web address in a text; the punctuation after it is not part of it."""


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"<{code:04x}>"


def show_controls(text: str) -> str:
    """`text` with every unsafe character made visible and nothing removed (approvals, diffs)."""
    return _UNSAFE.sub(_visible, text)


def clean(text: str) -> str:
    """`text` with terminal escapes removed and what remains unsafe made visible; CR LF becomes LF."""
    if text.isprintable():
        return text  # nothing of the above is printable, and most lines have none of it
    if "\x1b" in text or "\x9b" in text or "\x9d" in text or "\x90" in text:
        text = _ESCAPES.sub("", text)
    return _UNSAFE.sub(_visible, text.replace("\r\n", "\n"))


def text_of(name: object) -> str:
    """A path or its like as text that can be kept and sent: what of it is none becomes a question mark."""
    return str(name).encode("utf-8", "replace").decode()


def one_line(text: str, limit: int = 200) -> str:
    """`text` cleaned, folded to one line and cut to `limit` characters with an ellipsis."""
    folded = " ".join(clean(text[: limit * 8]).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def named(names: Iterable[str], total: int = 0) -> str:
    """The first few of `names` and how many more of `total` there are, or of them: `a, b and 3 more`."""
    shown = [one_line(name) for name in names]
    left = max(total, len(shown)) - MOST_NAMES
    more = f" and {left:,} more" if left > 0 else ""
    return ", ".join(shown[:MOST_NAMES]) + more


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 line`, `2,000 lines`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
