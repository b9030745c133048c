"""Hard cases for edits whose old text is in the file as it is."""

from __future__ import annotations

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.edits.matching import Edit, apply_edits

Wanted = tuple[str, str] | tuple[str, str, bool]

CHANGED = {
    "one word": ("a b c\n", [("b", "x")], "a x c\n"),
    "first line": ("one\ntwo\n", [("one", "ONE")], "ONE\ntwo\n"),
    "last line": ("one\ntwo\n", [("two\n", "TWO\n")], "one\nTWO\n"),
    "whole file": ("one\ntwo\n", [("one\ntwo\n", "x")], "x"),
    "to nothing": ("one\ntwo\n", [("one\n", "")], "two\n"),
    "everything to nothing": ("one", [("one", "")], ""),
    "a single character": ("x", [("x", "y")], "y"),
    "no final newline stays away": ("a\nb", [("b", "c")], "a\nc"),
    "final newline can be added": ("a", [("a", "a\n")], "a\n"),
    "final newline can be removed": ("a\nb\n", [("b\n", "b")], "a\nb"),
    "several final newlines": ("a\n\n\n", [("a", "b")], "b\n\n\n"),
    "blank lines inside": ("a\n\n\nb\n", [("\n\n\n", "\n")], "a\nb\n"),
    "tabs": ("\tif x:\n\t\ty()\n", [("\t\ty()", "\t\tz()")], "\tif x:\n\t\tz()\n"),
    "tabs and blanks": (" \t x\n", [(" \t x", "\t \tx")], "\t \tx\n"),
    "trailing blanks are text": ("a  \nb\n", [("a  \n", "a\n")], "a\nb\n"),
    "dollar ampersand": ("price\n", [("price", "$& $$ $` $' $1 ${x}")], "$& $$ $` $' $1 ${x}\n"),
    "backslashes": ("x\n", [("x", r"\1 \g<0> \n \\ \u0041")], "\\1 \\g<0> \\n \\\\ \\u0041\n"),
    "regex characters in the old text": ("a.*b[c](d)+?^$|\\\n", [("a.*b[c](d)+?^$|\\", "z")], "z\n"),
    "a dot is a dot": ("aXb a.b\n", [("a.b", "z")], "aXb z\n"),
    "percent and braces": ("x\n", [("x", "%s %(a)s {0} {{}}")], "%s %(a)s {0} {{}}\n"),
    "case counts": ("Abc abc\n", [("abc", "x")], "Abc x\n"),
    "accents": ("café\n", [("café", "thé")], "thé\n"),
    "composed and decomposed differ": ("e\u0301 é\n", [("é", "x")], "e\u0301 x\n"),
    "emoji with joiners": ("👩‍💻 ok\n", [("👩‍💻", "🙂")], "🙂 ok\n"),
    "astral characters": ("𝒳𝒴\n", [("𝒴", "z")], "𝒳z\n"),
    "curly quotes told exactly": ("“a” b\n", [("“a”", '"a"')], '"a" b\n'),
    "no-break space told exactly": ("a\u00a0b\n", [("a\u00a0b", "a b")], "a b\n"),
    "line separator is no line end": ("a\u2028b\n", [("a\u2028b", "c")], "c\n"),
    "form feed is no line end": ("a\x0cb\n", [("b", "c")], "a\x0cc\n"),
    "NUL late in the text": ("a\0b\n", [("b", "c")], "a\0c\n"),
    "two edits": ("a b\n", [("a", "x"), ("b", "y")], "x y\n"),
    "two edits in the other order": ("a b\n", [("b", "y"), ("a", "x")], "x y\n"),
    "edits that touch": ("ab\n", [("a", "x"), ("b", "y")], "xy\n"),
    "edits that share a line neither changes": (
        "a\nb\nc\n",
        [("a\nb\n", "A\nb\n"), ("b\nc\n", "b\nC\n")],
        "A\nb\nC\n",
    ),
    "edits that share a line one changes": (
        "a\nb\nc\n",
        [("a\nb", "a\nB"), ("b\nc", "b\nC")],
        "a\nB\nC\n",
    ),
    "edits that share a line, one puts lines after it": (
        "a\nb\nc\n",
        [("a\nb", "a\nb\nx"), ("b\nc", "b\nC")],
        "a\nb\nx\nC\n",
    ),
    "edits that swap": ("a b\n", [("a", "b"), ("b", "a")], "b a\n"),
    "edits of different lengths": ("a b c\n", [("a", "long one"), ("c", ""), ("b", "y")], "long one y \n"),
    "new text of one is old text of another": ("a b\n", [("a", "b b"), ("b", "c")], "b b c\n"),
    "replace all": ("a a a\n", [("a", "b", True)], "b b b\n"),
    "replace all of one": ("a\n", [("a", "b", True)], "b\n"),
    "replace all goes left to right": ("aaaaa\n", [("aa", "b", True)], "bba\n"),
    "replace all does not look at new text": ("aa\n", [("a", "aa", True)], "aaaa\n"),
    "replace all beside another": ("a b a\n", [("a", "x", True), ("b", "y")], "x y x\n"),
    "replace all with nothing": ("-a-b-\n", [("-", "", True)], "ab\n"),
    "a huge line": ("x" * 300_000 + "END\n", [("END", "end")], "x" * 300_000 + "end\n"),
    "a huge old text": ("y" * 300_000 + "\n", [("y" * 300_000, "z")], "z\n"),
    "many lines": ("\n".join(map(str, range(5000))), [("\n4999", "\nlast")], None),
    "CRLF, one word": ("a\r\nb\r\n", [("b", "c")], "a\r\nc\r\n"),
    "CRLF, new lines take it": ("a\r\nb\r\n", [("a", "a\nx")], "a\r\nx\r\nb\r\n"),
    "CRLF told exactly": ("a\r\nb\r\n", [("a\r\nb", "a\r\nc")], "a\r\nc\r\n"),
    "CRLF to LF when told exactly": ("a\r\nb\r\n", [("a\r\n", "a\n")], "a\nb\r\n"),
    "CRLF, old text begins with a line end": ("a\r\nb\r\n", [("\nb", "")], "a\r\n"),
    "CRLF, a line put before": ("a\r\nb\r\n", [("\nb", "\nx\nb")], "a\r\nx\r\nb\r\n"),
    "CRLF without a final one": ("a\r\nb", [("b", "b\nc")], "a\r\nb\r\nc"),
    "CRLF, replace all": ("a\r\na\r\n", [("a", "b\nc", True)], "b\r\nc\r\nb\r\nc\r\n"),
    "mixed, the LF line": ("a\r\nb\nc\r\n", [("b", "b\nx")], "a\r\nb\nx\nc\r\n"),
    "mixed, the CRLF line": ("a\r\nb\nc\r\n", [("c", "c\nx")], "a\r\nb\nc\r\nx\r\n"),
    "mixed, untouched lines": ("a\nb\r\nc\n\r\nd\r\n", [("c", "C")], "a\nb\r\nC\n\r\nd\r\n"),
    "old Mac ends stay": ("a\rb\rc", [("b", "x")], "a\rx\rc"),
    "CR CR LF stays": ("a\r\r\nb\r\r\n", [("b", "c")], "a\r\r\nc\r\r\n"),
    "new text with CRLF in an LF file": ("a\nb\n", [("a", "x\r\ny")], "x\r\ny\nb\n"),
}


@pytest.mark.parametrize(("text", "edits", "expected"), CHANGED.values(), ids=CHANGED)
def test_an_exact_edit_changes_its_place_and_nothing_else(
    text: str, edits: list[Wanted], expected: str
) -> None:
    matched = apply_edits(text, [Edit(*edit) for edit in edits])
    assert matched.text == (expected if expected is not None else text.replace("\n4999", "\nlast"))
    assert matched.strategy == ""


REFUSED = {
    "twice": ("a a\n", [("a", "x")], "2 times (lines 1, 1)"),
    "on two lines": ("a\nb\na\n", [("a", "x")], "lines 1, 3"),
    "overlapping itself": ("aaa\n", [("aa", "x")], "2 times"),
    "overlapping itself over lines": ("\n\n\n", [("\n\n", "x")], "2 times"),
    "overlapping pattern": ("ababa\n", [("aba", "x")], "2 times"),
    "many times": ("a" * 500, [("a", "x")], "over 100 times"),
    "not there": ("a\n", [("zebra", "x")], "not in the file"),
    "in an empty file": ("", [("a", "x")], "not in the file"),
    "case differs": ("Abc\n", [("abc", "x")], "not in the file"),
    "the same": ("a\n", [("a", "a")], "the same"),
    "empty": ("a\n", [("", "x")], "old_string is empty"),
    "blanks alone": ("a\n", [("   ", "x")], "not in the file"),
    "overlap": ("abc\n", [("ab", "x"), ("bc", "y")], "edits 1 and 2 overlap"),
    "overlap in the other order": ("abc\n", [("bc", "y"), ("ab", "x")], "edits 1 and 2 overlap"),
    "the same place twice": ("abc\n", [("b", "x"), ("b", "y")], "overlap"),
    "one inside another": ("abc\n", [("abc", "x"), ("b", "y")], "overlap"),
    "replace all over another": ("a b a\n", [("a", "x", True), ("b a", "y")], "overlap"),
    "the second misses": ("a b\n", [("a", "x"), ("q", "y")], "edit 2 of 2"),
    "the first is ambiguous": ("a a b\n", [("a", "x"), ("b", "y")], "edit 1 of 2"),
    "only in the new text of another": ("a\n", [("a", "b"), ("b", "c")], "edit 2 of 2"),
    "edits that undo each other": ("ab\n", [("a", "ab"), ("ab\n", "b\n")], "overlap"),
    "a shared line that both change": ("a\nb\nc\n", [("a\nb", "a\nB"), ("b\nc", "x\nc")], "overlap"),
    "both put lines in one place": ("a\nb\n", [("a\nb", "a\nx\nb"), ("a\nb\n", "a\ny\nb\n")], "overlap"),
    "inside a word, another line means it too": (
        "\tcount = 1\n    count = 10\n",
        [("    count = 1", "    count = 2")],
        "only inside a word; line 1",
    ),
    "replace all without a place": ("a\n", [("zz", "x", True)], "not in the file"),
    "a regular expression": ("abc\n", [("a.c", "x")], "not in the file"),
    "a bare CR": ("a\nb\n", [("a\rb", "x")], "not in the file"),
}


@pytest.mark.parametrize(("text", "edits", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_doubtful_edit_is_refused_with_the_reason(text: str, edits: list[Wanted], reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        apply_edits(text, [Edit(*edit) for edit in edits])
    assert reason in caught.value.message


def test_a_miss_shows_the_nearest_lines_with_their_numbers() -> None:
    text = "import os\n\ndef area(width, height):\n    return width * height\n\ndef other():\n    pass\n"
    with pytest.raises(ToolError) as caught:
        apply_edits(text, [Edit("def area(w, height):\n    return w * height\n", "")])
    assert "3\tdef area(width, height):\n4\t    return width * height" in caught.value.message
    assert "other" not in caught.value.message


def test_a_miss_says_when_the_new_text_is_there_already() -> None:
    with pytest.raises(ToolError, match="made already"):
        apply_edits("value = 2\n", [Edit("value = 1\n", "value = 2\n")])


def test_a_miss_says_when_line_numbers_were_copied() -> None:
    with pytest.raises(ToolError, match="leave out the line numbers"):
        apply_edits("a\nb\n", [Edit("1\ta\n2\tc", "x")])


def test_a_miss_in_a_big_file_is_told_without_a_search() -> None:
    with pytest.raises(ToolError) as caught:
        apply_edits("word " * 1_000_000, [Edit("words", "x")])
    assert caught.value.message == "old_string is not in the file; read it again"


def test_a_miss_never_shows_more_than_a_screen() -> None:
    text = "".join(f"line {number}\n" for number in range(500))
    with pytest.raises(ToolError) as caught:
        apply_edits(text, [Edit(text.replace("line 250", "line x"), "y")])
    assert caught.value.message.count("\n") <= 30
