from __future__ import annotations

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.encoding import FileText, decode_file, encode_text, is_purely_crlf


def test_a_byte_order_mark_is_kept_apart_from_the_text() -> None:
    assert decode_file(b"\xef\xbb\xbfa\r\n", "f") == FileText("a\r\n", True)
    assert FileText("b", True).encode() == b"\xef\xbb\xbfb"


REFUSED = {
    "binary": (b"\x7fELF\0\0\x01", r"f is binary \(7 bytes\)"),
    "latin-1": (b"one\ncaf\xe9\n", r"not UTF-8 text \(byte 0xe9 in line 2\)"),
    "cut in a character": ("é".encode()[:1], "not UTF-8"),
    "surrogates in UTF-8": (b"\xed\xa0\x80", "not UTF-8"),
    "overlong": (b"\xc0\xaf", "not UTF-8"),
    "UTF-16 with a mark": ("hé".encode("utf-16"), "UTF-16"),
    "UTF-16, big end first": (b"\xfe\xff\0a", "UTF-16"),
    "UTF-32": ("h".encode("utf-32"), "UTF-32"),
    "UTF-16 without a mark": ("hello".encode("utf-16-le"), "binary"),
    "Shift JIS": ("日本".encode("shift_jis"), "not UTF-8"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_utf8_text_is_refused_saying_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(ToolError, match=reason):
        decode_file(data, "f")


def test_half_a_character_cannot_be_kept() -> None:
    with pytest.raises(ToolError, match=r"U\+D83D"):
        encode_text("a\ud83d")


@pytest.mark.parametrize(
    ("text", "pure"),
    [
        ("a\r\nb\r\n", True),
        ("a\r\nb", True),
        ("a\nb\r\n", False),
        ("a\n", False),
        ("a", False),
        ("a\r", False),
    ],
)
def test_pure_crlf_means_every_line_end(text: str, pure: bool) -> None:
    assert is_purely_crlf(text) is pure
