from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.ledger import ReadLedger
from nanodeck.workspace.paths import Location, Workspace
from nanodeck.workspace.writing.staging import Staging


@pytest.fixture
def staging() -> Staging:
    return Staging(ReadLedger())


def located(folder: Path, name: str) -> Location:
    return Workspace(folder).locate(name, folder)


def test_a_file_is_unread_then_fresh_then_changed(folder: Path) -> None:
    ledger = ReadLedger()
    assert ledger.standing(folder / "a", b"1") == "unread"
    ledger.saw(folder / "a", b"1")
    assert ledger.standing(folder / "a", b"1") == "fresh"
    assert ledger.standing(folder / "a", b"2") == "changed"
    assert ledger.standing(folder / "b", b"1") == "unread"
    ledger.saw(folder / "a", b"2")
    assert ledger.standing(folder / "a", b"2") == "fresh"


def test_staging_writes_nothing(folder: Path, staging: Staging) -> None:
    (folder / "a").write_bytes(b"old")
    staging.put(located(folder, "a"), b"new")
    assert (folder / "a").read_bytes() == b"old"
    assert staging.current(located(folder, "a")) == b"new"


def test_a_second_change_builds_on_the_first(folder: Path, staging: Staging) -> None:
    (folder / "a").write_bytes(b"1")
    place = located(folder, "a")
    staging.put(place, (staging.current(place) or b"") + b"2", "first")
    staging.put(place, (staging.current(place) or b"") + b"3", "second")
    staging.put(place, (staging.current(place) or b"") + b"4", "first")
    (file,) = staging.files
    assert (file.shown, file.old, file.new, file.note) == ("a", b"1", b"1234", "first; second")


def test_two_names_of_one_file_are_one_change(folder: Path, staging: Staging) -> None:
    (folder / "a").write_bytes(b"1")
    (folder / "link").symlink_to("a")
    staging.put(located(folder, "a"), b"2")
    staging.put(located(folder, "link"), b"3")
    (file,) = staging.files
    assert (file.path, file.old, file.new) == (folder / "a", b"1", b"3")


def test_the_old_bytes_are_those_the_change_was_computed_from(folder: Path, staging: Staging) -> None:
    (folder / "a").write_bytes(b"1")
    place = located(folder, "a")
    staging.current(place)
    (folder / "a").write_bytes(b"changed by somebody")
    staging.put(place, b"2")
    assert staging.files[0].old == b"1"


def test_what_is_staged_is_fresh_and_what_is_not_is_not(folder: Path, staging: Staging) -> None:
    (folder / "a").write_bytes(b"1")
    place = located(folder, "a")
    assert staging.standing(place, b"1") == "unread"
    staging.put(place, b"2")
    assert staging.standing(place, b"2") == "fresh"


def test_files_that_end_as_they_were_are_left_out(folder: Path, staging: Staging) -> None:
    (folder / "a").write_bytes(b"1")
    staging.put(located(folder, "a"), b"2")
    staging.put(located(folder, "a"), b"1")
    staging.put(located(folder, "empty"), b"")
    staging.put(located(folder, "gone"), None)
    assert [(file.shown, file.old, file.new) for file in staging.files] == [("empty", None, b"")]


def test_files_come_in_the_order_they_were_first_touched(folder: Path, staging: Staging) -> None:
    for name in ("c", "a", "b", "a"):
        staging.put(located(folder, name), f"new {name}".encode())
    assert [file.shown for file in staging.files] == ["c", "a", "b"]


def test_there_may_be_nothing_yet(folder: Path, staging: Staging) -> None:
    assert staging.current(located(folder, "new")) is None
    assert staging.current(located(folder, "no/such/folder")) is None


def test_what_cannot_be_a_files_content_is_a_tool_error(folder: Path, staging: Staging) -> None:
    (folder / "sub").mkdir()
    (folder / "file").write_bytes(b"")
    with pytest.raises(ToolError, match="sub is a folder"):
        staging.current(located(folder, "sub"))
    with pytest.raises(ToolError, match="not a folder"):
        staging.current(located(folder, "file/x"))


def test_a_folder_swapped_for_a_link_is_not_read_through(folder: Path, staging: Staging) -> None:
    (folder / "sub").mkdir()
    (folder / "sub/a").write_bytes(b"1")
    place = located(folder, "sub/a")
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere/a").write_bytes(b"secret")
    (folder / "sub").rename(folder / "moved")
    (folder / "sub").symlink_to("../elsewhere")
    with pytest.raises(ToolError):
        staging.current(place)


def test_a_file_swapped_for_a_link_is_not_read_through(folder: Path, staging: Staging) -> None:
    place = located(folder, "a")
    (folder.parent / "secret").write_bytes(b"secret")
    (folder / "a").symlink_to("../secret")
    with pytest.raises(ToolError):
        staging.current(place)


def test_what_stood_for_a_hidden_key_never_takes_its_place(folder: Path) -> None:
    staging = Staging(ReadLedger(), lambda: ("canary-12345",))
    (folder / "a").write_text("x = 1\nkey = 'canary-12345'\n")
    with pytest.raises(ToolError, match="hidden from you"):
        staging.put(located(folder, "a"), b"x = 2\nkey = '[key]'\n")
    assert staging.files == ()
    staging.put(located(folder, "a"), b"x = 2\nkey = 'canary-12345'\n")
    staging.put(located(folder, "new"), b"written as [key]\n")
    assert len(staging.files) == 2
