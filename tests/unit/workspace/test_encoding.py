from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.changes import Encoding
from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.encoding import (
    FileText,
    decode_file,
    encode_text,
    encoding_of,
    find_encoding,
    is_purely_crlf,
    readable,
)

KEPT: dict[str, tuple[bytes, FileText]] = {
    "UTF-8": (b"caf\xc3\xa9\n", FileText("café\n")),
    "UTF-8 with a mark": (b"\xef\xbb\xbfa\r\n", FileText("a\r\n", True)),
    "UTF-16": (b"\xff\xfea\0\n\0", FileText("a\n", True, "utf-16-le")),
    "UTF-16, big end first": (b"\xfe\xff\0a\0\r\0\n", FileText("a\r\n", True, "utf-16-be")),
    "Latin-1": (b"one\ncaf\xe9\n", FileText("one\ncafé\n", False, "latin-1")),
    "Windows-1252": (b"\x93caf\xe9\x94 \x80", FileText("“café” €", False, "cp1252")),
    "Latin-1 with controls of its own": (b"a\x81\x93\n", FileText("a\x81\x93\n", False, "latin-1")),
    "nothing": (b"", FileText("")),
    "a mark alone": (b"\xff\xfe", FileText("", True, "utf-16-le")),
    "cut in a character": (b"\xc3", FileText("Ã", False, "latin-1")),
    "terminal colours": (b"\x1b[1m\xe9\x08\x0c\x1a", FileText("\x1b[1mé\b\f\x1a", False, "latin-1")),
}


@pytest.mark.parametrize(("data", "text"), KEPT.values(), ids=KEPT)
def test_a_text_is_read_and_written_back_as_it_is_kept(data: bytes, text: FileText) -> None:
    assert decode_file(data, "f") == text
    assert text.encode("f") == data
    assert readable(data, "f").decode() == text.text
    assert encoding_of(data) == text.encoding


REFUSED = {
    "binary": (b"\x7fELF\0\0\x01", r"f is binary \(7 bytes\)"),
    "binary without zeros": (b"\x89\x01\x02\xff\xfe", r"f is binary \(5 bytes\)"),
    "damaged UTF-8": (
        "ä\nöü\n".encode() + b"\xe9",
        r"damaged UTF-8 text \(byte 0xe9 in line 3\)",
    ),
    "half of UTF-16": (b"\xff\xfea\0\n\0b", r"damaged UTF-16 text \(byte 0x62 in line 2\)"),
    "half a character in UTF-16": (b"\xff\xfe\x3d\xd8", "damaged UTF-16"),
    "UTF-32": ("h".encode("utf-32"), "UTF-32"),
    "UTF-16 without a mark": ("hello".encode("utf-16-le"), "binary"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_text_or_damaged_is_refused_saying_so(data: bytes, reason: str) -> None:
    with pytest.raises(ToolError, match=reason):
        decode_file(data, "f")
    assert encoding_of(data) in ("utf-8", "utf-16-le")


def test_lines_around_damaged_ones_can_still_be_read() -> None:
    data = codecs.BOM_UTF8 + "äöü\n".encode() + b"\xe9\n"
    assert readable(data, "f") == data[3:]


def test_half_a_character_cannot_be_kept() -> None:
    with pytest.raises(ToolError, match=r"U\+D83D"):
        encode_text("a\ud83d")


@pytest.mark.parametrize(
    ("encoding", "text", "named"),
    [("latin-1", "5 €", r"f is Latin-1, which has no '€' \(U\+20AC\)"), ("cp1252", "→", "f is Windows-1252")],
)
def test_characters_an_encoding_has_not_are_refused_by_name(
    encoding: Encoding, text: str, named: str
) -> None:
    with pytest.raises(ToolError, match=named):
        FileText(text, False, encoding).encode("f")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_whatever_can_be_read_is_written_back_byte_for_byte(data: bytes) -> None:
    try:
        text = decode_file(data, "f")
    except ToolError:
        return
    assert text.encode("f") == data
    assert find_encoding(data, "f") == text.encoding


ANY_TEXT = st.text(st.sampled_from("aé€→𝄞“\t \r\n"), max_size=30)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_marked_texts_of_any_characters_are_read_as_they_were_written(text: str, encoding: Encoding) -> None:
    kept = FileText(text, True, encoding)
    assert decode_file(kept.encode("f"), "f") == kept


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
