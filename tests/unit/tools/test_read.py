from __future__ import annotations

import os

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.tools.read import read
from tests.unit.tools.bench import Bench


async def test_a_file_comes_as_numbered_lines(bench: Bench) -> None:
    bench.put("a.py", b"one\r\n\ttwo\n\nfour")
    output = await bench.call(read, path="a.py")
    assert output.text == "1\tone\n2\t\ttwo\n3\t\n4\tfour"
    assert output.summary == "4 lines"


async def test_a_part_tells_where_to_go_on(bench: Bench) -> None:
    bench.put("a", b"".join(b"l%d\n" % number for number in range(1, 3001)))
    output = await bench.call(read, path="a", offset=10, limit=2)
    assert output.text == "10\tl10\n11\tl11\n(lines 10-11 of 3000; go on with offset=12)"
    assert output.summary == "2 of 3,000 lines"
    output = await bench.call(read, path="a")
    assert output.text.endswith("2000\tl2000\n(lines 1-2000 of 3000; go on with offset=2001)")
    output = await bench.call(read, path="a", offset=2999)
    assert output.text == "2999\tl2999\n3000\tl3000\n(lines 2999-3000 of 3000)"


async def test_the_first_line_may_be_called_zero(bench: Bench) -> None:
    bench.put("a", b"x\ny\n")
    assert (await bench.call(read, path="a", offset=0, limit=1)).text.startswith("1\tx\n")


async def test_a_last_line_may_be_given_instead_of_a_limit(bench: Bench) -> None:
    bench.put("a", b"1\n2\n3\n4\n")
    assert (await bench.call(read, file_path="a", start_line=2, end_line=3)).text.startswith("2\t2\n3\t3\n(")


async def test_an_offset_past_the_end_says_how_long_the_file_is(bench: Bench) -> None:
    bench.put("a", b"1\n2\n")
    with pytest.raises(ToolError, match="offset 3 is past the end: a has 2 lines"):
        await bench.call(read, path="a", offset=3)


@pytest.mark.parametrize(
    "arguments", [{"offset": -1}, {"limit": 0}, {"limit": -5}, {"offset": 5, "end_line": 2}]
)
async def test_impossible_ranges_are_refused(bench: Bench, arguments: dict[str, int]) -> None:
    bench.put("a", b"1\n2\n")
    with pytest.raises(ToolError, match="from 1"):
        await bench.call(read, path="a", **arguments)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
async def test_an_empty_file_is_called_empty(bench: Bench, data: bytes) -> None:
    bench.put("a", data)
    assert (await bench.call(read, path="a")).text == "(file is empty)"


async def test_a_folder_is_listed(bench: Bench) -> None:
    bench.put("src/a.py", b"")
    bench.put("src/deep/b.py", b"")
    assert (await bench.call(read, path="src")).text == "deep/\na.py"


async def test_what_was_read_is_fresh_until_it_changes(bench: Bench) -> None:
    path = bench.put("a", b"1\n2\n3\n")
    await bench.call(read, path="a", limit=1)
    assert bench.ledger.standing(path, b"1\n2\n3\n") == "fresh"
    assert bench.ledger.standing(path, b"1\n") == "changed"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "latin-1"])
async def test_every_text_reads_alike(bench: Bench, encoding: str) -> None:
    data = "é\r\nñ £\nend".encode(encoding)
    path = bench.put("a", data)
    assert (await bench.call(read, path="a")).text == "1\té\n2\tñ £\n3\tend"
    assert bench.ledger.standing(path, data) == "fresh"


REFUSED = {
    "binary": (b"\x89PNG\0\0", r"a is binary \(6 bytes\)"),
    "damaged": ("äöü\n".encode() + b"\xe9", "a is damaged UTF-8 text"),
    "UTF-32": ("hi".encode("utf-32"), "a is UTF-32"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
async def test_what_is_no_text_is_refused_and_not_seen(bench: Bench, data: bytes, reason: str) -> None:
    path = bench.put("a", data)
    with pytest.raises(ToolError, match=reason):
        await bench.call(read, path="a")
    assert bench.ledger.standing(path, data) == "unread"


async def test_a_missing_file_is_told_with_names_like_it(bench: Bench) -> None:
    bench.put("src/settings.py", b"")
    with pytest.raises(ToolError, match=r"src/setting\.py does not exist; in the same folder: settings\.py"):
        await bench.call(read, path="src/setting.py")
    with pytest.raises(ToolError, match=r"no/such does not exist$"):
        await bench.call(read, path="no/such")


async def test_devices_and_pipes_are_refused_at_once(bench: Bench) -> None:
    os.mkfifo(bench.folder / "pipe")
    for path, kind in (("/dev/zero", "a device"), ("pipe", "a named pipe")):
        with pytest.raises(ToolError, match=kind):
            await bench.call(read, path=path)


@pytest.mark.parametrize("path", ["", "a\0b", "x" * 300, "a/b"])
async def test_odd_paths_are_told(bench: Bench, path: str) -> None:
    bench.put("a", b"")
    with pytest.raises(ToolError):
        await bench.call(read, path=path)


async def test_paths_start_where_the_shell_is(bench: Bench) -> None:
    bench.put("src/a", b"here\n")
    bench.context.shell.move(bench.folder / "src")
    assert (await bench.call(read, path="a")).text == "1\there"


def test_its_row_names_file_and_line() -> None:
    assert read.title(read.parse('{"path": "a.py"}')) == "read a.py"
    assert read.title(read.parse('{"path": "a.py", "offset": 12}')) == "read a.py:12"
