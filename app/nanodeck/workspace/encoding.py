"""Text in files, kept as it is: UTF-8, UTF-16 with its mark, Windows-1252 and Latin-1, every line end."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

from nanodeck.contracts.changes import ENCODING_NAMES, Encoding
from nanodeck.contracts.errors import ToolError

_MARKS: dict[Encoding, bytes] = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SAMPLE = 8192
_PIECE = 1 << 20
# What texts of one byte a character never hold.
_CONTROL = re.compile(rb"[\x00-\x07\x0e-\x19\x1c-\x1f\x7f]")
_EXTRA = re.compile(rb"[\x80-\x9f]")
_HIGH = bytes(range(0x80, 0x100))
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


class FileText(Struct, frozen=True):
    """A file's text, line ends untouched, and how it is kept: `marked` by a byte order mark before it."""

    text: str
    marked: bool = False
    encoding: Encoding = "utf-8"

    def encode(self, shown: str) -> bytes:
        """The bytes of the file. Raises ToolError for text that its encoding cannot hold."""
        return (_MARKS[self.encoding] if self.marked else b"") + encode_text(self.text, self.encoding, shown)


def encode_text(text: str, encoding: Encoding = "utf-8", shown: str = "the file") -> bytes:
    """`text` in `encoding`. Raises ToolError for characters that this has not."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        sign = text[error.start]
        number = f"U+{ord(sign):04X}"
        if 0xD800 <= ord(sign) < 0xE000:
            raise ToolError(f"the text holds half a character ({number}), which no file can keep") from None
        raise ToolError(
            f"{shown} is {ENCODING_NAMES[encoding]}, which has no {sign!r} ({number}): "
            "use characters it has, or convert the file to UTF-8 first; nothing was changed"
        ) from None


def decode_file(data: bytes, shown: str) -> FileText:
    """The text of a whole file. Raises ToolError when it is binary or damaged."""
    encoding = find_encoding(data, shown)
    marked = _is_marked(data, encoding)
    body = data[len(_MARKS[encoding]) :] if marked else data
    return FileText(_decode(body, encoding, shown), marked, encoding)


def readable(data: bytes, shown: str) -> bytes:
    """The text of a file in UTF-8 without a mark, whatever it is kept in. Raises ToolError if it is none.

    Damaged places of a UTF-8 file stay in it: `decode_part` says where they are.
    """
    encoding = find_encoding(data, shown)
    if encoding == "utf-8":
        return data.removeprefix(codecs.BOM_UTF8)
    return decode_file(data, shown).text.encode()


def find_encoding(data: bytes, shown: str) -> Encoding:
    """What a file is kept in. Raises ToolError when it is no text."""
    if data.startswith(_UTF_32):
        raise ToolError(f"{shown} is UTF-32: convert it to UTF-8 first")
    for encoding in ("utf-16-le", "utf-16-be"):
        if data.startswith(_MARKS[encoding]):
            return encoding
    if b"\0" in data[:_SAMPLE]:
        raise _binary(data, shown)
    if data.isascii() or _is_utf8(data):
        return "utf-8"
    return _one_byte(data, shown)


def is_text(data: bytes) -> bool:
    """Whether `data` can be shown as lines."""
    try:
        find_encoding(data, "")
    except ToolError:
        return False
    return True


def encoding_of(data: bytes) -> Encoding:
    """What `data` is shown in: its encoding, UTF-8 for what is no text."""
    try:
        return find_encoding(data, "")
    except ToolError:
        return "utf-8"


def decode_part(data: bytes, shown: str, first_line: int) -> str:
    """Lines of a `readable` text, `data` starting at line `first_line`. Raises ToolError for damaged ones."""
    return _decode(data, "utf-8", shown, first_line)


def is_purely_crlf(text: str) -> bool:
    """Whether there are line ends and all of them are CR LF."""
    return "\n" in text and text.count("\n") == text.count("\r\n")


def _one_byte(data: bytes, shown: str) -> Encoding:
    """Which encoding of one byte a character `data` has; UTF-8 if it is that, only damaged."""
    if _CONTROL.search(data):
        raise _binary(data, shown)
    text = data.decode("utf-8", "ignore")
    kept = text.encode()
    characters = len(text) - len(kept.translate(None, _HIGH))
    if characters > len(data) - len(kept):
        return "utf-8"
    return "cp1252" if _EXTRA.search(data) and not _NOT_WINDOWS.search(data) else "latin-1"


def _is_utf8(data: bytes) -> bool:
    """Whether all of `data` is UTF-8, found out without holding its text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE], start + _PIECE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _is_marked(data: bytes, encoding: Encoding) -> bool:
    return encoding in _MARKS and data.startswith(_MARKS[encoding])


def _decode(data: bytes, encoding: Encoding, shown: str, first_line: int = 1) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = first_line + data.count("\n".encode(encoding), 0, error.start)
        where = f"byte 0x{data[error.start]:02x} in line {line}"
        raise ToolError(
            f"{shown} is damaged {ENCODING_NAMES[encoding]} text ({where}): "
            "it cannot be read or edited here without loss"
        ) from None


def _binary(data: bytes, shown: str) -> ToolError:
    return ToolError(f"{shown} is binary ({len(data):,} bytes)")
