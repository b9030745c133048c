from __future__ import annotations

from difflib import SequenceMatcher, unified_diff

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.edits.envelope import PatchHunk, parse_patch
from nanodeck.workspace.edits.patching import apply_hunks

TEXT = "class A:\n    def f(self):\n        return 1\n\nclass B:\n    def f(self):\n        return 1\n"
RETURN = PatchHunk("        return 1\n", "        return 2\n")


def hunk(old: str, new: str, *anchors: str, line: int = 0, at_end: bool = False) -> PatchHunk:
    return PatchHunk(old, new, anchors, line, at_end)


FOUND = {
    "its only place": ("a\nb\nc\n", [hunk("b\n", "x\n")], "a\nx\nc\n"),
    "a whole line only": ("ab\nb\n", [hunk("b\n", "x\n")], "ab\nx\n"),
    "behind its anchor": (TEXT, [hunk(RETURN.old, RETURN.new, "class B:")], TEXT[:-9] + "return 2\n"),
    "behind two anchors": (TEXT, [hunk(RETURN.old, "", "class B:", "def f(self):")], TEXT[:-17]),
    "at its anchor": (TEXT, [hunk("class B:\n", "class C:\n", "class B:")], TEXT.replace("B", "C")),
    "an anchor that is cut": (TEXT, [hunk(RETURN.old, "", "class B")], TEXT[:-17]),
    "an anchor that is not there": ("a\nb\n", [hunk("b\n", "x\n", "def gone():")], "a\nx\n"),
    "behind the hunk before": (
        TEXT,
        [hunk("class B:\n", "class C:\n"), RETURN],
        TEXT.replace("B", "C")[:-9] + "return 2\n",
    ),
    "where it is told to stand": ("a\na\na\n", [hunk("a\n", "x\n", line=2)], "a\nx\na\n"),
    "at the end": ("a\nb\na\n", [hunk("a\n", "x\n", at_end=True)], "a\nb\nx\n"),
    "added at the end": ("a\n", [hunk("", "x\n")], "a\nx\n"),
    "added behind its anchor": ("a\nb\n", [hunk("", "x\n", "a")], "a\nx\nb\n"),
    "added at its line": ("a\nb\n", [hunk("", "x\n", line=2)], "a\nx\nb\n"),
    "added to nothing": ("", [hunk("", "x\n")], "x\n"),
    "no last line end": ("a\nb", [hunk("b\n", "x\n")], "a\nx"),
    "the last line goes": ("a\nb", [hunk("b\n", "")], "a"),
    "CR LF stays": ("a\r\nb\r\nc\r\n", [hunk("b\nc\n", "x\ny\nc\n")], "a\r\nx\r\ny\r\nc\r\n"),
    "mixed ends stay": ("a\r\nb\nc\r\n", [hunk("a\nb\n", "a\nx\n"), hunk("", "d\n")], "a\r\nx\nc\r\nd\r\n"),
    "other blanks": (
        "if x:\n\ty = 1\n",
        [hunk("if x:\n    y = 1\n", "if x:\n    y = 2\n")],
        "if x:\n\ty = 2\n",
    ),
    "less indented": ("    a\n    b\n", [hunk("a\nb\n", "a\nc\n")], "    a\n    c\n"),
    "one line less indented": ("    aa\n", [hunk("aa\n", "bb\ncc\n")], "    bb\n    cc\n"),
    "plain quotes": ("say “hi”\nend\n", [hunk('say "hi"\n', 'say "ho"\n')], "say “ho”\nend\n"),
    "out of order": ("a\nb\n", [hunk("b\n", "x\n"), hunk("a\n", "y\n")], "y\nx\n"),
}


@pytest.mark.parametrize(("text", "hunks", "result"), FOUND.values(), ids=FOUND)
def test_a_hunk_is_applied_in_its_place(text: str, hunks: list[PatchHunk], result: str) -> None:
    assert apply_hunks(text, hunks).text == result


def test_how_a_hunk_was_found_is_told_unless_it_was_there_as_given() -> None:
    assert apply_hunks("a\r\n", [hunk("a\n", "b\n")]).strategy == ""
    assert "re-indenting" in apply_hunks("  a\n", [hunk("a\n", "b\n")]).strategy


WRONG = {
    "several places": (TEXT, [RETURN], r"several times \(lines 3, 7\)"),
    "the second of two": (
        "a\n",
        [hunk("a\n", "b\n"), hunk("z\n", "")],
        "hunk 2 of 2: what the hunk replaces is",
    ),
    "the nearest lines": ("alpha beta\n", [hunk("alpha bet\n", "")], "1\talpha beta"),
    "done already": ("new text\n", [hunk("old text\n", "new text\n")], "may have been made already"),
    "the same lines twice": ("a\nb\n", [hunk("a\nb\n", "x\n"), hunk("b\n", "y\n")], "hunks 1 and 2 overlap"),
    "several places nearly": ("  a1\nx\n  a1\n", [hunk("a1\n", "b\n")], r"several times \(lines 1, 3\)"),
}


@pytest.mark.parametrize(("text", "hunks", "reason"), WRONG.values(), ids=WRONG)
def test_a_hunk_without_one_place_is_refused(text: str, hunks: list[PatchHunk], reason: str) -> None:
    with pytest.raises(ToolError, match=reason):
        apply_hunks(text, hunks)


LINES = st.lists(st.sampled_from(["a", "b", "", "  c", "d e"]), max_size=12)


@settings(max_examples=200, deadline=None)
@given(LINES, LINES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_patch_of_all_that_differs_gives_the_other_text(
    old: list[str], new: list[str], end: str, ended: bool
) -> None:
    """Hunks as any diff makes them, told by their lines, lead from one text to the other."""
    if not ended and (len(old) < 2 or not new or not (old[-1] and new[-1])):
        # Without a line end there is none to go by, and a blank last line is none.
        return
    hunks = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            # Lines added tell the line they stand before.
            told = [[f"{line}\n" for line in part] for part in (old[a:b], new[c:d])]
            hunks.append(PatchHunk("".join(told[0]), "".join(told[1]), (), a + 1))
    before, after = (end.join(lines) + end * bool(lines and ended) for lines in (old, new))
    if not hunks or not before:
        return
    assert apply_hunks(before, hunks).text == after


CODE = st.lists(
    st.sampled_from(["a", "", "  c", "    return 1", "def f():", "-- x", "++ y", "*** z"]), max_size=30
)


@settings(max_examples=150, deadline=None)
@given(CODE, CODE, st.integers(1, 3), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_unified_diff_leads_from_one_text_to_the_other(
    old: list[str], new: list[str], context: int, end: str, enveloped: bool
) -> None:
    old, new = ["first", *old], ["first", *old[: len(new)], *new]
    diff = list(unified_diff(old, new, "a/f", "b/f", lineterm="", n=context))
    if not diff:
        return
    head, tail = (
        (["*** Begin Patch", "*** Update File: f"], ["*** End Patch"]) if enveloped else (diff[:2], [""])
    )
    (file,) = parse_patch("\n".join([*head, *diff[2:], *tail]))
    before, after = ("".join(line + end for line in lines) for lines in (old, new))
    assert apply_hunks(before, file.hunks).text == after
