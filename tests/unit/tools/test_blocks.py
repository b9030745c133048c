from __future__ import annotations

import json

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.tools.blocks import read_blocks
from nanodeck.tools.edit import edit
from tests.unit.tools.bench import Bench

TWO = """Words before.
<<<<<<< SEARCH
one
=======
1
>>>>>>> REPLACE

<<<<<<< SEARCH
two
three
=======
>>>>>>> REPLACE
"""


def test_blocks_are_read_line_by_line() -> None:
    assert read_blocks(TWO) == [
        {"old_string": "one\n", "new_string": "1\n"},
        {"old_string": "two\nthree\n", "new_string": ""},
    ]


ALIKE = {
    "CR LF": "<<<<<<< SEARCH\r\na\r\n=======\r\nb\r\n>>>>>>> REPLACE\r\n",
    "other signs": "------- SEARCH\na\n=======\nb\n+++++++ REPLACE",
    "fewer signs": "<<<<< SEARCH>\na\n=====\nb\n>>>>> REPLACE",
    "a fence": "```\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```",
    "told lines": "<<<<<<< SEARCH\n:start_line:3\n-------\na\n=======\nb\n>>>>>>> REPLACE",
    "told last": "<<<<<<< SEARCH\n:start_line:3\n:end_line:3\n----\na\n=======\nb\n>>>>>>> REPLACE",
}


@pytest.mark.parametrize("text", ALIKE.values(), ids=ALIKE)
def test_blocks_spelled_in_another_way_are_read_alike(text: str) -> None:
    assert read_blocks(text) == [{"old_string": "a\n", "new_string": "b\n"}]


def test_a_text_without_blocks_is_none() -> None:
    assert read_blocks('[{"old_string": "a"}]') is None


WRONG = {
    "no end": ("<<<<<<< SEARCH\na\n=======\nb\n", "block 1 has no line '>>>>>>> REPLACE'"),
    "the next begins": (TWO.replace(">>>>>>> REPLACE\n\n", ""), "block 1 has no line"),
    "no divider": ("<<<<<<< SEARCH\na\n>>>>>>> REPLACE", "block 1 has no line '======='"),
    "several": ("<<<<<<< SEARCH\na\n=======\nb\n=======\nc\n>>>>>>> REPLACE", "block 1 has several lines"),
}


@pytest.mark.parametrize(("text", "reason"), WRONG.values(), ids=WRONG)
def test_a_block_that_is_not_whole_is_refused_by_number(text: str, reason: str) -> None:
    with pytest.raises(ToolError, match=reason):
        edit.parse(json.dumps({"path": "a", "diff": text}))


@pytest.mark.parametrize("name", ["edits", "diff", "blocks"])
async def test_an_edit_takes_blocks_in_one_string(bench: Bench, name: str) -> None:
    bench.put("a", b"zero\r\none\r\ntwo\r\nthree", seen=True)
    await bench.call(edit, path="a", **{name: TWO})
    assert bench.staged == {"a": b"zero\r\n1"}


async def test_one_bad_block_stages_nothing(bench: Bench) -> None:
    bench.put("a", b"one\n", seen=True)
    with pytest.raises(ToolError, match="edit 2 of 2: old_string is not in the file"):
        await bench.call(edit, path="a", edits=TWO)
    assert bench.staged == {}


async def test_an_empty_search_starts_a_file(bench: Bench) -> None:
    await bench.call(edit, path="a", edits="<<<<<<< SEARCH\n=======\nb\n>>>>>>> REPLACE")
    assert bench.staged == {"a": b"b\n"}


def test_a_start_with_no_end_of_blanks_is_read_at_once() -> None:
    assert read_blocks(f"<<<<<<< SEARCH{' ' * 200_000}x") is None
