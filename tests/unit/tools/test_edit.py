from __future__ import annotations

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import ToolError
from nanodeck.tools.edit import edit
from nanodeck.tools.write import write
from tests.unit.tools.bench import Bench


def pair(old: str, new: str, **more: bool) -> dict[str, object]:
    return {"old_string": old, "new_string": new, **more}


async def test_edits_are_staged_together_with_every_other_byte_kept(bench: Bench) -> None:
    bench.put("a", b"\xef\xbb\xbfone\r\ntwo\nthree\tx \r\nfour", seen=True)
    output = await bench.call(edit, path="a", edits=[pair("two", "$&\\1"), pair("four", "4\n5")])
    assert bench.staged == {"a": b"\xef\xbb\xbfone\r\n$&\\1\nthree\tx \r\n4\r\n5"}
    assert output.text == "staged a: 2 edits"
    assert (bench.folder / "a").read_bytes().endswith(b"four")


LINES = st.lists(st.sampled_from(["", "a", "é", "tab\t", "x \xa0y", "“q”"]), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\n\r\n"])


@settings(max_examples=60, deadline=None)
@given(LINES, LINES, ENDS, st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_outside_an_edit_every_byte_stays_in_any_encoding(
    before: list[str], after: list[str], end: str, ended: bool, encoding: str
) -> None:
    head = "".join(line + end for line in ["£", *before])
    tail = "".join(end + line for line in after) + end * ended

    async def change(bench: Bench) -> dict[str, bytes | None]:
        bench.put("a", f"{head}OLD{tail}".encode(encoding), seen=True)
        await bench.call(edit, path="a", edits=[pair("OLD", "né")])
        return bench.staged

    with TemporaryDirectory() as folder:
        assert asyncio.run(change(Bench(Path(folder).resolve()))) == {"a": f"{head}né{tail}".encode(encoding)}


async def test_text_that_the_encoding_cannot_hold_is_refused(bench: Bench) -> None:
    bench.put("a", b"\xe9 x", seen=True)
    with pytest.raises(ToolError, match="a is Latin-1, which has no '→'"):
        await bench.call(edit, path="a", edits=[pair("x", "→")])
    assert bench.staged == {}


async def test_one_bad_edit_stages_nothing(bench: Bench) -> None:
    bench.put("a", b"one two\n", seen=True)
    with pytest.raises(ToolError, match="edit 2 of 2: old_string is not in the file"):
        await bench.call(edit, path="a", edits=[pair("one", "1"), pair("three", "3")])
    assert bench.staged == {}


async def test_how_an_edit_was_matched_is_told_and_noted(bench: Bench) -> None:
    bench.put("a", b"if x:  \r\n    y\r\n", seen=True)
    output = await bench.call(edit, path="a", edits=[pair("if x:\n    y\n", "if x:\n    z\n")])
    assert output.text == "staged a: 1 edit (matched ignoring trailing blanks)"
    assert bench.staging.files[0].note == "matched ignoring trailing blanks"
    assert bench.staged == {"a": b"if x:  \r\n    z\r\n"}


async def test_a_second_edit_matches_the_staged_text(bench: Bench) -> None:
    bench.put("a", b"one\n", seen=True)
    await bench.call(edit, path="a", edits=[pair("one", "two")])
    await bench.call(edit, path="a", edits=[pair("two", "three")])
    with pytest.raises(ToolError, match="not in the file"):
        await bench.call(edit, path="a", edits=[pair("one", "four")])
    (file,) = bench.staging.files
    assert (file.old, file.new) == (b"one\n", b"three\n")


async def test_a_file_staged_by_write_can_be_edited(bench: Bench) -> None:
    await bench.call(write, path="new", content="a\nb\n")
    await bench.call(edit, path="new", edits=[pair("b", "c")])
    assert bench.staged == {"new": b"a\nc\n"}


@pytest.mark.parametrize("seen", [False, True])
async def test_a_file_not_known_is_shown_and_the_next_try_works(bench: Bench, seen: bool) -> None:
    bench.put("a", b"old\n", seen=seen)
    bench.put("a", b"one\n")
    with pytest.raises(ToolError, match=r"nothing was changed. It reads now:\n1\tone"):
        await bench.call(edit, path="a", edits=[pair("one", "two")])
    await bench.call(edit, path="a", edits=[pair("one", "two")])
    assert bench.staged == {"a": b"two\n"}


async def test_an_empty_old_text_starts_a_file(bench: Bench) -> None:
    bench.put("empty", b"")
    bench.put("marked", b"\xef\xbb\xbf")
    for name in ("new/a", "empty", "marked"):
        await bench.call(edit, path=name, edits=[pair("", "x\n")])
    assert bench.staged == {"new/a": b"x\n", "empty": b"x\n", "marked": b"\xef\xbb\xbfx\n"}


async def test_an_empty_old_text_starts_nothing_else(bench: Bench) -> None:
    bench.put("a", b"x\n", seen=True)
    with pytest.raises(ToolError, match="old_string is empty"):
        await bench.call(edit, path="a", edits=[pair("", "y")])
    with pytest.raises(ToolError, match="does not exist"):
        await bench.call(edit, path="b", edits=[pair("", "y"), pair("z", "q")])
    assert bench.staged == {}


async def test_a_missing_file_is_told(bench: Bench) -> None:
    bench.put("main.py", b"")
    with pytest.raises(ToolError, match=r"mian\.py does not exist; in the same folder: main\.py"):
        await bench.call(edit, path="mian.py", edits=[pair("a", "b")])


SHAPES: dict[str, dict[str, object]] = {
    "ours": {"path": "a", "edits": [pair("one", "1")]},
    "one pair at the top": {"path": "a", **pair("one", "1")},
    "a pair at the top and more": {"path": "a", **pair("one", "1"), "edits": []},
    "edits as JSON text": {"path": "a", "edits": json.dumps([pair("one", "1")])},
    "one object": {"path": "a", "edits": pair("one", "1")},
    "camel case": {"filePath": "a", "oldString": "one", "newString": "1", "replaceAll": False},
    "oldText": {"path": "a", "edits": [{"oldText": "one", "newText": "1"}]},
    "oldText as JSON text": {"path": "a", "edits": '[{"oldText": "one", "newText": "1"}]'},
    "search and replace": {"path": "a", "edits": [{"search": "one", "replace": "1"}]},
    "old and new": {"path": "a", "old": "one", "new": "1"},
    "old_str": {"path": "a", "old_str": "one", "new_str": "1"},
    "file_path": {"file_path": "a", "old_string": "one", "new_string": "1", "replace_all": "true"},
    "nulls": {"path": "a", "edits": [{**pair("one", "1"), "replace_all": None}], "old_string": None},
}


@pytest.mark.parametrize("arguments", SHAPES.values(), ids=SHAPES)
async def test_the_shapes_of_other_agents_are_understood(bench: Bench, arguments: dict[str, object]) -> None:
    bench.put("a", b"one\n", seen=True)
    await bench.call(edit, **arguments)
    assert bench.staged == {"a": b"1\n"}


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "nothing": ({}, "missing required field `path`"),
    "no edits": ({"path": "a"}, "edits is empty"),
    "empty edits": ({"path": "a", "edits": []}, "edits is empty"),
    "half a pair": ({"path": "a", "old_string": "x"}, "go together"),
    "half an edit": ({"path": "a", "edits": [{"old_string": "x"}]}, "missing required field `new_string`"),
    "text as edits": ({"path": "a", "edits": "one -> two"}, "edits of edit is not valid JSON"),
    "a list of texts": ({"path": "a", "edits": ["x"]}, "Expected `object`"),
    "a number": ({"path": "a", "edits": [{"old_string": "x", "new_string": 5}]}, "Expected `str`"),
    "unknown": ({"path": "a", "patch": "x"}, "no argument 'patch'; it takes path, edits"),
}


@pytest.mark.parametrize(("arguments", "reason"), WRONG.values(), ids=WRONG)
def test_wrong_arguments_are_told_before_anything_runs(arguments: dict[str, object], reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        edit.parse(json.dumps(arguments))
    assert reason in caught.value.message


async def test_a_backslash_that_begins_no_escape_is_text(bench: Bench) -> None:
    bench.put("a", rb'match("\d+\\", "\n")' + b"\n", seen=True)
    text = r"""{"path": "a", "old_string": "match(\"\d+\\\\\", \"\\n\")", "new_string": "match(\"\s+\w\")"}"""
    await edit.run(edit.parse(text), bench.context)
    assert bench.staged == {"a": rb'match("\s+\w")' + b"\n"}


def test_its_row_names_the_file_and_how_many_places() -> None:
    assert edit.title(edit.parse(json.dumps({"path": "a", **pair("x", "y")}))) == "edit a"
    two = {"path": "a", "edits": [pair("x", "y"), pair("z", "q")]}
    assert edit.title(edit.parse(json.dumps(two))) == "edit a (2 places)"
