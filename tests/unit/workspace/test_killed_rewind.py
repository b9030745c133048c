"""A rewind killed at any moment: after the next start all of it is done, to be undone, or none of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.modes import LINK
from nanodeck.workspace.shadow import placing, restoring
from nanodeck.workspace.shadow.restoring import Restored, Restorer, Version, version_of
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.checkpoints import Checkpointer
from tests.unit.workspace.faults import FaultyOs, Killed

MOST_STEPS = 400


def files_in(root: Path) -> list[Restored]:
    """A file that changes, comes, goes, takes a folder's place, and a link that leads elsewhere."""
    (root / "sub").mkdir(parents=True)
    (root / "swapped/deep/er").mkdir(parents=True)
    (root / "swapped/in it").write_text("goes")
    (root / "a").write_text("new a")
    (root / "sub/new").write_text("made")
    os.symlink("a", root / "link")
    targets = {"a": Version(b"old a"), "sub/new": None, "gone": Version(b"back"), "link": Version(b"b", LINK)}
    targets |= {"swapped": Version(b"was a file"), "swapped/in it": None}
    return [Restored(root / name, version_of(root / name), target) for name, target in targets.items()]


def states_of(files: list[Restored]) -> set[str]:
    """Whether they are as they were, or as they should be."""
    found = set()
    for file in files:
        now = version_of(file.path)
        for name, wanted in (("before", file.present), ("after", file.target)):
            if (now is wanted) if now is None or wanted is None else now.like(wanted):
                found.add(name)
    return found


def checkpointer(root: Path) -> Checkpointer:
    return Checkpointer(root.parent / "kept", restorer=Restorer(root.parent / "restoring", root))


def killed_rewinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, list[Restored]]]:
    """A rewind of a project's files killed at each step, and in the end one that was not."""
    for step in count(1):
        root = Path(os.path.realpath(tmp_path)) / str(step) / "project"
        files = files_in(root)
        death = FaultyOs(step, Killed(), changing=True, stays=True)
        with monkeypatch.context() as patch:
            patch.setattr(atomic, "os", death)
            patch.setattr(restoring, "os", death)
            patch.setattr(placing, "os", death)
            with suppress(Killed):
                checkpointer(root).restore("changeset-2", files, loaded="checkpoint-1")
        yield root, files
        if not death.happened:
            assert step > 20
            break
        assert step < MOST_STEPS


def test_a_rewind_killed_at_any_moment_is_done_or_not_after_the_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    for root, files in killed_rewinds(tmp_path, monkeypatch):
        again = checkpointer(root)
        again.recover()
        (state,) = states_of(files)
        seen.add(state)
        assert not list(root.rglob(".nanodeck-*"))
        written = [known.changeset for known in again.history()]
        assert written == (["changeset-2"] if state == "after" else [])
        if state == "after":
            again.undo()
            assert states_of(files) == {"before"}
            again.redo()
            assert states_of(files) == {"after"}
    assert seen == {"before", "after"}


def test_what_a_person_wrote_between_a_kill_and_the_restart_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever step a rewind was killed at: a file that is theirs since is neither replaced nor removed."""
    for root, _ in killed_rewinds(tmp_path, monkeypatch):
        theirs = [root / "a", root / "sub/new", root / "gone"]
        for path in theirs:
            path.parent.mkdir(exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_text("written since")
        with suppress(NanodeckError):
            checkpointer(root).recover()
        assert [path.read_text() for path in theirs] == ["written since"] * 3


def test_a_folder_that_became_a_file_meanwhile_does_not_keep_the_restart_from_going_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for root, _ in killed_rewinds(tmp_path, monkeypatch):
        shutil.rmtree(root / "sub", ignore_errors=True)
        (root / "sub").write_text("a file now")
        with suppress(NanodeckError):
            checkpointer(root).recover()
        assert (root / "sub").read_text() == "a file now"


def test_a_damaged_journal_is_said_once_and_set_aside(tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path)) / "project"
    root.mkdir()
    (root / "a").write_text("new")
    journals = tmp_path / "restoring"
    journals.mkdir()
    (journals / "1.journal").write_bytes(b"\xc1 no journal")
    restorer = Restorer(journals, root)
    with pytest.raises(NanodeckError):
        restorer.recover()
    restorer.restore([Restored(root / "a", version_of(root / "a"), Version(b"old"))])
    assert (root / "a").read_bytes() == b"old"
