"""A rewind killed at any moment: after the next start all of it is done, to be undone, or none of it."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from nanodeck.workspace import atomic
from nanodeck.workspace.checkpoints import Checkpointer
from nanodeck.workspace.shadow import restoring
from nanodeck.workspace.shadow.restoring import LINK, Restored, Restorer, Version, version_of
from tests.unit.workspace.faults import FaultyOs, Killed

MOST_STEPS = 400


def files_in(root: Path) -> list[Restored]:
    """A file that changes, one that comes, one that goes, and a link that leads elsewhere."""
    (root / "sub").mkdir(parents=True)
    (root / "a").write_text("new a")
    (root / "sub/new").write_text("made")
    os.symlink("a", root / "link")
    targets = {"a": Version(b"old a"), "sub/new": None, "gone": Version(b"back"), "link": Version(b"b", LINK)}
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


def test_a_rewind_killed_at_any_moment_is_done_or_not_after_the_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    for step in count(1):
        root = Path(os.path.realpath(tmp_path)) / str(step) / "project"
        files = files_in(root)
        death = FaultyOs(step, Killed(), changing=True, stays=True)
        with monkeypatch.context() as patch:
            patch.setattr(atomic, "os", death)
            patch.setattr(restoring, "os", death)
            with suppress(Killed):
                checkpointer(root).restore("changeset-2", files, "turn-1")
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
        if not death.happened:
            assert step > 20
            break
        assert step < MOST_STEPS
    assert seen == {"before", "after"}
