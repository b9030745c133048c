from __future__ import annotations

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.tools.write import write
from tests.unit.tools.bench import Bench


async def test_a_new_file_is_staged_as_given(bench: Bench) -> None:
    output = await bench.call(write, path="new/deep/a.txt", content="one\r\ntwo\nthrée")
    assert bench.staged == {"new/deep/a.txt": "one\r\ntwo\nthrée".encode()}
    assert output.text == "staged new/deep/a.txt: new file, 3 lines"
    assert not (bench.folder / "new").exists()


async def test_an_empty_file_can_be_made(bench: Bench) -> None:
    await bench.call(write, path="empty", content="")
    assert bench.staged == {"empty": b""}


async def test_a_file_that_was_read_is_replaced(bench: Bench) -> None:
    bench.put("a", b"old\n", seen=True)
    await bench.call(write, path="a", content="new\n")
    assert bench.staged == {"a": b"new\n"}


async def test_a_file_that_was_not_read_is_shown_instead_and_the_next_try_works(bench: Bench) -> None:
    bench.put("a", b"one\ntwo\n")
    with pytest.raises(ToolError) as caught:
        await bench.call(write, path="a", content="new\n")
    assert caught.value.message == "a was not read before; nothing was changed. It reads now:\n1\tone\n2\ttwo"
    assert bench.staged == {}
    await bench.call(write, path="a", content="new\n")
    assert bench.staged == {"a": b"new\n"}


async def test_a_file_that_changed_since_is_shown_as_it_is_now(bench: Bench) -> None:
    bench.put("a", b"one\n", seen=True)
    bench.put("a", b"uno\n")
    with pytest.raises(ToolError) as caught:
        await bench.call(write, path="a", content="new\n")
    assert caught.value.message == "a changed since it was read; nothing was changed. It reads now:\n1\tuno"


async def test_a_long_file_is_shown_in_part(bench: Bench) -> None:
    bench.put("a", b"".join(b"line %d\n" % number for number in range(10_000)))
    with pytest.raises(ToolError) as caught:
        await bench.call(write, path="a", content="new\n")
    assert "(lines 1-400 of 10000; go on with offset=401)" in caught.value.message
    assert len(caught.value.message) < 20_000


async def test_equal_content_is_no_change(bench: Bench) -> None:
    bench.put("a", b"same\n")
    output = await bench.call(write, path="a", content="same\n")
    assert output.text.startswith("no change")
    assert bench.staged == {}


async def test_an_empty_file_need_not_be_read(bench: Bench) -> None:
    bench.put("a", b"")
    await bench.call(write, path="a", content="new")
    assert bench.staged == {"a": b"new"}


async def test_a_second_write_builds_on_what_is_staged(bench: Bench) -> None:
    await bench.call(write, path="a", content="1")
    await bench.call(write, path="./a", content="2")
    assert bench.staged == {"a": b"2"}


KEPT = {
    "CRLF stays": (b"a\r\nb\r\n", "x\ny\n", b"x\r\ny\r\n", "CR LF"),
    "told CRLF is as given": (b"a\r\n", "x\r\ny\n", b"x\r\ny\n", ""),
    "mixed ends are as given": (b"a\r\nb\n", "x\ny\n", b"x\ny\n", ""),
    "LF is as given": (b"a\n", "x\r\ny\r\n", b"x\r\ny\r\n", ""),
    "no line end at all": (b"a\r\n", "x", b"x", ""),
    "a mark stays": (b"\xef\xbb\xbfa\n", "x\n", b"\xef\xbb\xbfx\n", "byte order mark"),
    "a told mark is not doubled": (b"\xef\xbb\xbfa\n", "\ufeffx\n", b"\xef\xbb\xbfx\n", ""),
    "Latin-1 stays": (b"caf\xe9\r\n", "thé\n", b"th\xe9\r\n", "CR LF line ends and Latin-1"),
    "Windows-1252 stays": (b"\x80\n", "“5”\n", b"\x935\x94\n", "Windows-1252"),
    "UTF-16 stays": (b"\xfe\xff\0a", "→", b"\xfe\xff\x21\x92", "UTF-16"),
    "Latin-1 without its letters": (b"\xe9\n", "\ufeffe\n", b"e\n", ""),
    "mark and CRLF": (
        b"\xef\xbb\xbfa\r\n",
        "x\n",
        b"\xef\xbb\xbfx\r\n",
        "CR LF line ends and byte order mark",
    ),
}


@pytest.mark.parametrize(("old", "content", "new", "note"), KEPT.values(), ids=KEPT)
async def test_what_its_reader_was_not_shown_stays(
    bench: Bench, old: bytes, content: str, new: bytes, note: str
) -> None:
    bench.put("a", old, seen=True)
    output = await bench.call(write, path="a", content=content)
    assert bench.staged == {"a": new}
    assert note in output.text
    assert bool(note) == ("kept" in bench.staging.files[0].note)


async def test_the_same_lines_with_the_files_own_ends_are_no_change(bench: Bench) -> None:
    bench.put("a", b"a\r\nb\r\n", seen=True)
    assert (await bench.call(write, path="a", content="a\nb\n")).text.startswith("no change")
    assert bench.staged == {}


REFUSED = {
    ".git/config": "git's own folder",
    "sub/.GIT/hooks/x": "git's own folder",
    "folder": "is a folder",
    "new/": "is a folder",
    "binary": "is binary",
    "plain/x": "not a folder",
    "/dev/null": "a device",
}


@pytest.mark.parametrize(("path", "reason"), REFUSED.items())
async def test_what_is_never_written_is_refused(bench: Bench, path: str, reason: str) -> None:
    bench.put("folder/x", b"")
    bench.put("plain", b"", seen=True)
    bench.put("binary", b"\0", seen=True)
    with pytest.raises(ToolError, match=reason):
        await bench.call(write, path=path, content="x")
    assert bench.staged == {}


async def test_text_that_the_encoding_cannot_hold_is_refused(bench: Bench) -> None:
    bench.put("latin", b"\xe9", seen=True)
    with pytest.raises(ToolError, match=r"latin is Latin-1, which has no '→' \(U\+2192\)"):
        await bench.call(write, path="latin", content="→")
    assert bench.staged == {}


async def test_a_link_is_staged_as_its_target(bench: Bench) -> None:
    bench.put("real", b"1", seen=True)
    (bench.folder / "link").symlink_to("real")
    await bench.call(write, path="link", content="2")
    assert bench.staged == {"real": b"2"}
