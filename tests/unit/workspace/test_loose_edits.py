"""Hard cases for edits whose old text is in the file only nearly."""

from __future__ import annotations

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.edits.matching import Edit, apply_edits

Wanted = tuple[str, str] | tuple[str, str, bool]

ENDS = "ignoring line ends"
BLANKS = "ignoring trailing blanks"
QUOTES = "ignoring typographic punctuation"
SPACE = "ignoring blank space"

CHANGED = {
    "LF for CRLF": ("a\r\nb\r\nc\r\n", ("a\nb", "a\nx"), "a\r\nx\r\nc\r\n", ENDS),
    "LF for CRLF, growing": ("a\r\nb\r\n", ("a\nb\n", "a\nx\ny\nb\n"), "a\r\nx\r\ny\r\nb\r\n", ENDS),
    "LF for CRLF, shrinking": ("a\r\nb\r\nc\r\n", ("a\nb\nc\n", "c\n"), "c\r\n", ENDS),
    "LF for CRLF, parts of lines": ("xa\r\nbx\r\n", ("a\nb", "A\nB"), "xA\r\nBx\r\n", ENDS),
    "CRLF for LF": ("a\nb\n", ("a\r\nb\r\n", "a\r\nc\r\n"), "a\nc\n", ENDS),
    "mixed, each line keeps its own": ("a\r\nb\nc\r\n", ("a\nb\nc\n", "a\nB\nc\n"), "a\r\nB\nc\r\n", ENDS),
    "mixed, a line put in": ("a\r\nb\nc\r\n", ("a\nb\nc", "a\nb\nx\nc"), "a\r\nb\nx\nc\r\n", ENDS),
    "mixed, a line put at the end": ("a\r\nb\nc", ("a\nb", "a\nb\nx"), "a\r\nb\nx\nc", ENDS),
    "missing final newline": ("a\nb", ("b\n", "c\n"), "a\nc", ENDS),
    "missing final newline, growing": ("a\nb", ("b\n", "b\nc\n"), "a\nb\nc", ENDS),
    "missing final newline, removed": ("a\nb", ("b\n", ""), "a", ENDS),
    "missing final CRLF": ("a\r\nb", ("a\nb\n", "a\nc\n"), "a\r\nc", ENDS),
    "blanks in the file": ("a  \nb\n", ("a\nb", "a\nc"), "a  \nc\n", BLANKS),
    "blanks in the old text": ("a\nb\n", ("a  \nb", "a\nc"), "a\nc\n", BLANKS),
    "tabs at the end": ("a\t\nb\n", ("a\nb\n", "A\nb\n"), "A\nb\n", BLANKS),
    "blanks on an empty line": ("a\n    \nb\n", ("a\n\nb", "a\n\nc"), "a\n    \nc\n", BLANKS),
    "blanks at the end of one line": ("x = 1\ny\n", ("x = 1  ", "x = 2"), "x = 2\ny\n", BLANKS),
    "blanks and CRLF": ("a \r\nb\t\r\n", ("a\nb\n", "a\nc\n"), "a \r\nc\r\n", BLANKS),
    "blanks, last line unfinished": ("a \nbcd\n", ("a\nb", "a\nB"), "a \nBcd\n", BLANKS),
    "blanks, first line unfinished": ("xa \nb\n", ("a\nb", "a\nc"), "xa \nc\n", BLANKS),
    "deeper": (
        "    if x:\n        y\n",
        ("if x:\n    y", "if x:\n    z"),
        "    if x:\n        z\n",
        "4 blanks",
    ),
    "less deep": ("if x:\n  y\n", ("  if x:\n    y\n", "  if x:\n    z\n"), "if x:\n  z\n", "-2 blanks"),
    "deeper by a tab": (
        "\tif x:\n\t\ty\n",
        ("if x:\n\ty", "if x:\n\tz\n\tw"),
        "\tif x:\n\t\tz\n\t\tw\n",
        "1 tab",
    ),
    "blanks for tabs": (
        "\tif x:\n\t\ty\n",
        ("    if x:\n        y\n", "    if x:\n        z\n"),
        "\tif x:\n\t\tz\n",
        "from 4 blanks to tabs",
    ),
    "tabs for blanks": (
        "  if x:\n    y\n",
        ("\tif x:\n\t\ty\n", "\tif x:\n\t\tz\n"),
        "  if x:\n    z\n",
        "from tabs to 2 blanks",
    ),
    "re-indented over a blank line": (
        "  a:\n\n    b\n",
        ("a:\n\n  b\n", "a:\n\n  c\n"),
        "  a:\n\n    c\n",
        "2 blanks",
    ),
    "re-indented, new lines too": (
        "    a\n    b\n",
        ("a\nb\n", "a\nif c:\n    d\n\nb\n"),
        "    a\n    if c:\n        d\n\n    b\n",
        "4 blanks",
    ),
    "re-indented in CRLF": ("  a\r\n  b\r\n", ("a\nb\n", "a\nc\n"), "  a\r\n  c\r\n", "2 blanks"),
    "re-indented without a final newline": ("  a\n  b", ("a\nb\n", "a\nc\n"), "  a\n  c", "2 blanks"),
    "re-indented, trailing blanks stay": ("  a \n  b\n", ("a\nb\n", "a\nc\n"), "  a \n  c\n", "2 blanks"),
    "curly quotes": ("say(“hi”)\n", ('say("hi")', 'say("bye")'), "say(“bye”)\n", QUOTES),
    "curly apostrophe": ("it’s one\n", ("it's one", "it's two"), "it’s two\n", QUOTES),
    "dashes": ("a – b — c\n", ("a - b - c", "a - b - d"), "a – b — d\n", QUOTES),
    "no-break space": ("a\u00a0b c\n", ("a b c", "a b d"), "a\u00a0b d\n", QUOTES),
    "curly in the old text": ('say("hi")\n', ("say(“hi”)", "say(“bye”)"), 'say("bye")\n', QUOTES),
    "curly over lines": ("“a”\n“b”\n", ('"a"\n"b"\n', '"a"\n"c"\n'), "“a”\n“c”\n", QUOTES),
    "curly and CRLF": ("“a”\r\nb\r\n", ('"a"\nb\n', '"a"\nc\n'), "“a”\r\nc\r\n", QUOTES),
    "curly and blanks": ("“a” \nb\n", ('"a"\nb\n', '"a"\nc\n'), "“a” \nc\n", QUOTES),
    "curly and deeper": ("  “a”\n  b\n", ('"a"\nb\n', '"a"\nc\n'), "  “a”\n  c\n", "2 blanks"),
    "dots for an ellipsis": ("wait… now\n", ("wait... now", "wait... then"), "wait… then\n", QUOTES),
    "accents apart": ("café au lait\n", ("cafe\u0301 au", "cafe\u0301 ou"), "café ou lait\n", QUOTES),
    "an unseen mark": ("value = 1\n", ("\ufeffvalue = 1", "\ufeffvalue = 2"), "value = 2\n", QUOTES),
    "curly in a line put in": (
        "say('a')\n",
        ("say(‘a’)", "say(‘a’)\nsay(‘b’)"),
        "say('a')\nsay('b')\n",
        QUOTES,
    ),
    "blanks inside a line": (
        "total   = price  # all\n",
        ("total = price # all", "total = 0 # all"),
        "total   = 0  # all\n",
        SPACE,
    ),
    "a blank line lost": (
        "first()\n\nsecond()\n",
        ("first()\nsecond()\n", "first()\nthird()\n"),
        "first()\n\nthird()\n",
        SPACE,
    ),
    "a blank line too many": (
        "first()\nsecond()\n",
        ("first()\n\nsecond()", "first()\n\nthird()"),
        "first()\nthird()\n",
        SPACE,
    ),
    "one line a blank off": (
        "if ready:\n    start()\n    report()\n",
        ("if ready:\n    start()\n     report()\n", "if ready:\n    start()\n     stop()\n"),
        "if ready:\n    start()\n    stop()\n",
        SPACE,
    ),
    "line numbers": (
        "alpha\nbeta\n",
        ("1\talpha\n2\tbeta", "1\talpha\n2\tgamma"),
        "alpha\ngamma\n",
        "line numbers",
    ),
    "line numbers by arrows": (
        "alpha\n\nbeta\n",
        ("  1→alpha\n  2→\n  3→beta", "alpha\n\nx"),
        "alpha\n\nx\n",
        "line numbers",
    ),
    "a code fence": ("alpha\n", ("```py\nalpha\n```", "```py\nbeta\n```"), "beta\n", "code fence"),
    "escapes": (
        "alpha\n\tbeta\n",
        ("alpha\\n\\tbeta", "alpha\\n\\tx\\\\n"),
        "alpha\n\tx\\n\n",
        "escapes",
    ),
    "escaped quotes": ('say("hi")\n', ('say(\\"hi\\")', 'say(\\"bye\\")'), 'say("bye")\n', "read"),
    "a line end for its escape": (
        'print("a\\n")\n',
        ('print("a\n")', 'print("b\n")'),
        'print("b\\n")\n',
        "literals",
    ),
    "entities": (
        "a < b && c\n",
        ("a &lt; b &amp;&amp; c", "a &gt; b &amp;&amp; c"),
        "a > b && c\n",
        "entities",
    ),
    "diff signs": ("alpha\nbeta\n", ("-alpha\n-beta", "+alpha\n+x"), "alpha\nx\n", "diff signs"),
    "a dollar in a loose edit": ("a \nb\n", ("a\nb", "$&\n\\1"), "$&\n\\1\n", BLANKS),
    "loose everywhere": ("a \nb\na\t\nb\n", ("a\nb\n", "a\nc\n", True), "a \nc\na\t\nc\n", BLANKS),
    "loose everywhere, no overlap": ("a \na \na \n", ("a\na\n", "b\n", True), "b\na \n", BLANKS),
}


@pytest.mark.parametrize(("text", "edit", "expected", "strategy"), CHANGED.values(), ids=CHANGED)
def test_a_loose_edit_keeps_the_files_own_form(text: str, edit: Wanted, expected: str, strategy: str) -> None:
    matched = apply_edits(text, [Edit(*edit)])
    assert matched.text == expected
    assert strategy in matched.strategy


REFUSED = {
    "two places by line ends": ("a\r\nb\r\na\r\nb\r\n", ("a\nb", "x"), "lines 1, 3"),
    "two places by blanks": ("a \nb\na\t\nb\n", ("a\nb\n", "x"), "lines 1, 3"),
    "two places by indent": ("  a\n  b\n    a\n    b\n", ("a\nb\n", "x\n"), "several times"),
    "two indents, two ways": ("\ta\n\tb\n  a\n  b\n", ("    a\n    b\n", "x\n"), "several times"),
    "two places by quotes": ("“a”\n„a”\n", ('"a"', "x"), "several times"),
    "uneven indent": ("  a\n   b\n", ("a\nb\n", "x\n"), "not in the file"),
    "indent of one line only": (
        "    if x:\n        y\n",
        ("      if x:\n        y\n", "x\n"),
        "not in the file",
    ),
    "blanks inside a line": ("a  b\n", ("a b", "x"), "not in the file"),
    "an unfinished last line that lost its blanks": ("x = 1\n", ("x = \n", "y"), "not in the file"),
    "a blank line too many at the end": ("  x\n", ("x\n\n", "y\n"), "not in the file"),
    "blank lines differ": ("a\n\nb\n", ("a\nb\n", "x"), "not in the file"),
    "blank lines alone": ("a\n  \n \nb\n", ("\n\n\n", "x"), "not in the file"),
    "one line a level off": (
        "if ready:\n    start()\nreport()\n",
        ("if ready:\n    start()\n    report()\n", "x"),
        "not in the file",
    ),
    "line numbers that do not count on": ("alpha\nbeta\n", ("1\talpha\n7\tbeta", "x"), "not in the file"),
    "escapes with two places": ("alpha\nbeta\n" * 2, ("alpha\\nbeta", "x"), "lines 1, 3"),
    "re-indent in the middle of a line": ("  a b\n", ("\tb", "x"), "not in the file"),
}


@pytest.mark.parametrize(("text", "edit", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_loose_edit_without_one_sure_place_is_refused(text: str, edit: Wanted, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        apply_edits(text, [Edit(*edit)])
    assert reason in caught.value.message


def test_an_exact_place_wins_over_looser_ones() -> None:
    matched = apply_edits("a \nb\na\nb\n", [Edit("a\nb\n", "x\n")])
    assert matched.text == "a \nb\nx\n"
    assert matched.strategy == ""


def test_every_way_edits_were_matched_is_told_once() -> None:
    text = "a \r\nb\r\n  c\r\n  d\r\ne\r\nf\r\n"
    edits = [Edit("a\nb\n", "A\nb\n"), Edit("c\nd\n", "c\nD\n"), Edit("e\nf\n", "e\nF\n")]
    matched = apply_edits(text, edits)
    assert matched.text == "A\r\nb\r\n  c\r\n  D\r\ne\r\nF\r\n"
    assert matched.strategy == "ignoring trailing blanks, re-indenting by 2 blanks, ignoring line ends"


def test_an_edit_of_blanks_the_file_has_not_changes_nothing() -> None:
    with pytest.raises(ToolError, match="change nothing"):
        apply_edits("a\nb\n", [Edit("a  \nb", "a\nb")])


def test_a_long_file_with_other_line_ends_is_edited_in_the_right_place() -> None:
    lines = [f"value_{number} = {number}" for number in range(20_000)]
    text = "\r\n".join(lines) + "\r\n"
    matched = apply_edits(text, [Edit("value_9999 = 9999\nvalue_10000 = 10000\n", "both = 0\n")])
    assert matched.text == text.replace("value_9999 = 9999\r\nvalue_10000 = 10000\r\n", "both = 0\r\n")
