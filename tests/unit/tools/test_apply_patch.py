from __future__ import annotations

import os

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.tools.apply_patch import apply_patch
from nanodeck.tools.edit import edit
from nanodeck.tools.write import write
from tests.unit.tools.bench import Bench


def patch(*sections: str) -> str:
    return "\n".join(["*** Begin Patch", *sections, "*** End Patch"])


UPDATE = "*** Update File: a\n@@\n-one\n+1"


async def test_one_patch_adds_updates_moves_copies_deletes_and_makes_folders(bench: Bench) -> None:
    bench.put("a", b"\xff\xfeo\0n\0e\0\r\0\n\0", seen=True)
    os.chmod(bench.put("old/run.sh", b"echo \xe9\n", seen=True), 0o755)
    bench.put("plain", b"x\n")
    bench.put("gone", b"z\n")
    text = patch(
        "*** Add File: new/b\n+b",
        UPDATE,
        "*** Update File: old/run.sh\n*** Move to: bin/run.sh\n@@\n-echo é\n+echo ü",
        "*** Copy File: plain\n*** Copy to: copy",
        "*** Delete File: gone",
        "*** Add Folder: empty/deep",
    )
    output = await bench.call(apply_patch, patch=text)
    assert bench.staged == {
        "new/b": b"b\n",
        "a": b"\xff\xfe1\0\r\0\n\0",
        "bin/run.sh": b"echo \xfc\n",
        "old/run.sh": None,
        "copy": b"x\n",
        "gone": None,
        "empty/deep/": b"",
    }
    origins = {file.shown: file.origin.shown for file in bench.staging.files if file.origin}
    assert origins == {"bin/run.sh": "old/run.sh", "copy": "plain"}
    modes = {file.shown: file.mode for file in bench.staging.files if file.mode and file.new is not None}
    assert modes["bin/run.sh"] == 0o755
    assert output.summary == "6 files"
    assert not (bench.folder / "bin").exists()


async def test_sections_build_on_those_before_and_on_what_is_staged(bench: Bench) -> None:
    await bench.call(write, path="a", content="one\ntwo\n")
    text = patch(
        UPDATE,
        "*** Update File: a\n@@\n-1\n+I",
        "*** Update File: a\n*** Move to: b",
        "*** Copy File: b\n*** To: c",
    )
    await bench.call(apply_patch, patch=text)
    assert bench.staged == {"b": b"I\ntwo\n", "c": b"I\ntwo\n"}
    await bench.call(edit, path="b", edits=[{"old_string": "two", "new_string": "2"}])
    assert bench.staged["b"] == b"I\n2\n"


async def test_a_file_can_be_deleted_and_made_anew(bench: Bench) -> None:
    bench.put("a", b"one\n", seen=True)
    await bench.call(apply_patch, patch=patch("*** Delete File: a", "*** Add File: a\n+two"))
    (file,) = bench.staging.files
    assert (file.old, file.new) == (b"one\n", b"two\n")


FAULTS = {
    "a bad hunk": ("*** Update File: b\n@@\n-nine\n+9", "b: what the hunk replaces is not in the file"),
    "an unread file": ("*** Update File: unread\n@@\n-u\n+v", r"unread was not read before.*\n1\tu"),
    "a changed file": ("*** Delete File: changed", r"changed changed since it was read.*\n1\tnow"),
    "a target that is there": ("*** Update File: b\n*** Move to: unread", "unread is there already"),
    "a copy over a file": ("*** Copy File: b\n*** Copy to: unread", "unread is there already"),
    "a new file that is there": ("*** Add File: b\n+x", "b is there already"),
    "no such file": ("*** Delete File: none", "none does not exist"),
    "a folder to delete": ("*** Delete File: folder", "folder is a folder"),
    "a folder over a file": ("*** Add Folder: b", "b is there already"),
    "a file over a new folder": ("*** Add Folder: d\n*** Add File: d\n+x", "d is there already"),
    "git's own": ("*** Add File: .git/hooks/x\n+x", "git's own folder"),
    "out of git's own": ("*** Update File: b\n*** Move to: .git/x", "git's own folder"),
    "a link": ("*** Delete File: link", "link is a link: name the file it leads to, b"),
    "a letter it cannot hold": ("*** Update File: latin\n@@\n-é\n+→", "latin is Latin-1, which has no '→'"),
    "no change": ("*** Update File: b\n@@\n-two\n+two", "the hunks change nothing"),
    "not even text": ("*** Update File: binary\n@@\n-a\n+b", "binary is binary"),
}


@pytest.mark.parametrize(("section", "reason"), FAULTS.values(), ids=FAULTS)
async def test_one_fault_stages_nothing_at_all(bench: Bench, section: str, reason: str) -> None:
    bench.put("a", b"one\n", seen=True)
    bench.put("b", b"two\n", seen=True)
    bench.put("unread", b"u\n")
    bench.put("changed", b"old\n", seen=True)
    bench.put("changed", b"now\n")
    bench.put("latin", b"\xe9\n", seen=True)
    bench.put("binary", b"\0", seen=True)
    bench.put("folder/x", b"")
    (bench.folder / "link").symlink_to("b")
    with pytest.raises(ToolError, match=reason):
        await bench.call(apply_patch, patch=patch(UPDATE, section, "*** Add File: new\n+x"))
    assert bench.staged == {}


async def test_every_fault_is_told_at_once_and_the_next_try_works(bench: Bench) -> None:
    bench.put("a", b"one\n")
    bench.put("b", b"two\n")
    text = patch(UPDATE, "*** Update File: b\n@@\n-two\n+2")
    with pytest.raises(
        ToolError, match=r"(?s)a was not read.*1\tone.*b was not read.*1\ttwo.*not even in part"
    ):
        await bench.call(apply_patch, patch=text)
    await bench.call(apply_patch, patch=text)
    assert bench.staged == {"a": b"1\n", "b": b"2\n"}


async def test_a_file_outside_that_was_not_read_is_not_shown(bench: Bench) -> None:
    outside = bench.folder.parent / "secret"
    outside.write_bytes(b"one\n")
    with pytest.raises(ToolError, match="was not read before: read it first") as caught:
        await bench.call(apply_patch, patch=patch(UPDATE.replace("a\n", f"{outside}\n", 1)))
    assert "one" not in caught.value.message


async def test_a_folder_that_is_there_is_left_as_it_is(bench: Bench) -> None:
    bench.put("folder/x", b"")
    output = await bench.call(apply_patch, patch=patch("*** Add Folder: folder"))
    assert output.text == "folder/ is there already"
    assert bench.staged == {}


def test_a_patch_that_cannot_be_read_is_a_wrong_call() -> None:
    with pytest.raises(ToolError, match="wrong arguments for apply_patch: the patch has no"):
        apply_patch.parse('{"input": "nothing"}')


def test_its_row_names_the_first_file_and_its_places_are_all() -> None:
    arguments = apply_patch.parse('{"patch": "*** Copy File: a\\n*** To: b\\n*** Delete File: c"}')
    assert apply_patch.title(arguments) == "patch a and 1 more"
    assert apply_patch.places(arguments) == ("a", "b", "c")
