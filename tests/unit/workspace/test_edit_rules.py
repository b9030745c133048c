"""Rules that hold for all edits, against a model that is too simple to be wrong."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import assume, given, settings, strategies as st

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.edits.matching import Edit, apply_edits

FEW = settings(max_examples=200, deadline=None)
TEXTS = st.text("ab \n$\\", max_size=24)
LINES = st.lists(
    st.text("abc (=", min_size=1, max_size=6).filter(lambda line: line == line.strip()), max_size=8
)
ODD = st.text('xy \t\n\r“"–-\u00a0', max_size=30) | st.text(max_size=12)
ENDS = st.sampled_from(["\n", "\r\n"])


def places(text: str, old: str) -> list[int]:
    return [start for start in range(len(text)) if text.startswith(old, start)]


@FEW
@given(TEXTS, st.text("ab \n$\\", min_size=1, max_size=4), TEXTS)
def test_an_exact_edit_replaces_its_only_place_or_is_refused(text: str, old: str, new: str) -> None:
    assume(old != new)
    starts = places(text, old)
    try:
        result = apply_edits(text, [Edit(old, new)])
    except ToolError:
        assert len(starts) != 1
        return
    if starts:
        assert len(starts) == 1
        assert result.text == text[: starts[0]] + new + text[starts[0] + len(old) :]
        assert not result.strategy
    else:
        assert result.strategy


@FEW
@given(st.lists(TEXTS, min_size=3, max_size=5), st.text("ab \n$\\", min_size=1, max_size=3), TEXTS)
def test_replace_all_is_plain_replacement(parts: list[str], old: str, new: str) -> None:
    text = old.join(parts)
    # What is there once, inside a word, may be a slip.
    assume(text.count(old) > 1 and text.replace(old, new) != text)
    assert apply_edits(text, [Edit(old, new, True)]).text == text.replace(old, new)


@FEW
@given(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=2), st.data())
def test_several_edits_do_the_same_in_any_order(letters: list[str], data: st.DataObject) -> None:
    text = "-".join(letters)
    chosen = data.draw(st.lists(st.sampled_from(letters), unique=True, min_size=1))
    edits = [Edit(letter, data.draw(st.sampled_from(["", "$1", letter * 2, "\n"]))) for letter in chosen]
    expected = text
    for edit in edits:
        expected = expected.replace(edit.old, f"\0{ord(edit.old)}\0")
    for edit in edits:
        expected = expected.replace(f"\0{ord(edit.old)}\0", edit.new)
    assert apply_edits(text, edits).text == expected
    assert apply_edits(text, edits[::-1]).text == expected


@FEW
@given(LINES, st.data())
def test_line_ends_outside_the_changed_line_stay_byte_for_byte(lines: list[str], data: st.DataObject) -> None:
    lines = [f"{number}:{line}" for number, line in enumerate(lines)]
    assume(len(lines) >= 3)
    ends = [data.draw(ENDS) for _ in lines]
    if data.draw(st.booleans()):
        ends[-1] = ""
    chosen = data.draw(st.integers(1, len(lines) - 2))
    old = "\n".join(lines[chosen - 1 : chosen + 2])
    new = "\n".join([lines[chosen - 1], "NEW", lines[chosen + 1]])
    text = "".join(line + end for line, end in zip(lines, ends, strict=True))
    lines[chosen] = "NEW"
    expected = "".join(line + end for line, end in zip(lines, ends, strict=True))
    assert apply_edits(text, [Edit(old, new)]).text == expected


@FEW
@given(LINES, st.sampled_from(["  ", "    ", "\t", "\t\t"]), st.data())
def test_a_re_indented_block_is_changed_in_the_files_own_indent(
    lines: list[str], indent: str, data: st.DataObject
) -> None:
    lines = [f"{number}{line}" for number, line in enumerate(lines)]
    assume(len(lines) >= 2)
    depths = [data.draw(st.integers(0, 2)) * "  " for _ in lines]
    block = [depth + line for depth, line in zip(depths, lines, strict=True)]
    text = "def f():\n" + "".join(f"{indent}{line}\n" for line in block) + "end\n"
    old = "".join(f"{line}\n" for line in block)
    assume(old not in text)
    result = apply_edits(text, [Edit(old, old + "more\n")])
    assert result.text == text.replace("end\n", f"{indent}more\nend\n")
    assert "re-indenting" in result.strategy


def squeezed(text: str) -> str:
    return "".join(text.split())


@FEW
@given(
    st.lists(st.sampled_from(["red = 1", "green(x)", "blue:", ""]), min_size=1, max_size=6),
    st.lists(st.sampled_from(["", " ", "    ", "\t", "\t\t"]), min_size=12, max_size=12),
    st.lists(st.sampled_from(["\n", "\r\n", "\n\n", " \n"]), min_size=12, max_size=12),
    st.data(),
)
def test_what_a_loose_edit_takes_away_reads_like_its_old_text(
    lines: list[str], indents: list[str], ends: list[str], data: st.DataObject
) -> None:
    text = "".join(map("".join, zip(indents, lines, ends, strict=False)))
    low = data.draw(st.integers(0, len(lines) - 1))
    high = data.draw(st.integers(low + 1, len(lines)))
    old = "".join(map("".join, zip(indents[6:], lines[low:high], ends[6:], strict=False)))
    assume(old.strip())
    try:
        result = apply_edits(text, [Edit(old, "NEW")]).text
    except ToolError:
        return
    before, _, after = result.partition("NEW")
    assert text.startswith(before.rstrip(" \t"))
    assert text.endswith(after)
    assert squeezed(text) == squeezed(before) + squeezed(old) + squeezed(after)


@FEW
@given(ODD, ODD.filter(bool), ODD, st.booleans())
def test_no_edit_ever_ends_in_anything_but_a_result_or_a_tool_error(
    text: str, old: str, new: str, everywhere: bool
) -> None:
    with suppress(ToolError):
        assert apply_edits(text, [Edit(old, new, everywhere)]).text != text
