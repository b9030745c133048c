"""Text in files: UTF-8 with or without a byte order mark, every line end kept as it is."""

from __future__ import annotations

from msgspec import Struct

from nanodeck.contracts.errors import ToolError

BOM = b"\xef\xbb\xbf"
_WIDE = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_SAMPLE = 8192


class FileText(Struct, frozen=True):
    """A file's text, line ends untouched, and whether a byte order mark stands before it."""

    text: str
    marked: bool = False

    def encode(self) -> bytes:
        """The bytes of the file. Raises ToolError for text that no UTF-8 file can hold."""
        return (BOM if self.marked else b"") + encode_text(self.text)


def encode_text(text: str) -> bytes:
    """`text` in UTF-8. Raises ToolError for lone surrogates."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        code = ord(text[error.start])
        raise ToolError(f"the text holds half a character (U+{code:04X}), which no file can keep") from None


def decode_file(data: bytes, shown: str) -> FileText:
    """The text of a whole file. Raises ToolError when it is binary or not UTF-8."""
    refuse_unreadable(data, shown)
    marked = data.startswith(BOM)
    body = data[len(BOM) :] if marked else data
    return FileText(decode_part(body, shown, 1), marked)


def refuse_unreadable(data: bytes, shown: str) -> None:
    """Raise ToolError when the bytes are no text: another encoding by its mark, or binary."""
    for mark, name in _WIDE.items():
        if data.startswith(mark):
            raise ToolError(f"{shown} is {name}; only UTF-8 text can be read and edited here")
    if b"\0" in data[:_SAMPLE]:
        raise ToolError(f"{shown} is binary ({len(data):,} bytes)")


def decode_part(data: bytes, shown: str, first_line: int) -> str:
    """Lines of a file, `data` starting at line `first_line`. Raises ToolError when they are not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = first_line + data.count(b"\n", 0, error.start)
        raise ToolError(
            f"{shown} is not UTF-8 text (byte 0x{data[error.start]:02x} in line {line}); "
            "other encodings cannot be read or edited here"
        ) from None


def is_purely_crlf(text: str) -> bool:
    """Whether there are line ends and all of them are CR LF."""
    return "\n" in text and text.count("\n") == text.count("\r\n")
