"""A restore in which the system refuses a call: all files are old or all are new, as is said."""

from __future__ import annotations

import errno
from itertools import count
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.modes import LINK, PLAIN
from nanodeck.workspace.shadow import placing, restoring
from nanodeck.workspace.shadow.restoring import Restored, Restorer, Version
from nanodeck.workspace.writing import atomic
from tests.unit.workspace.faults import FaultyOs
from tests.unit.workspace.trees import contents_of


def furnished(root: Path) -> list[Restored]:
    """A project, and what becomes of its files: gone, changed, made, made as a link, made in a folder."""
    root.mkdir()
    (root / "gone").write_bytes(b"gone")
    (root / "changed").write_bytes(b"old")
    return [
        Restored(root / "gone", Version(b"gone"), None),
        Restored(root / "changed", Version(b"old"), Version(b"new")),
        Restored(root / "made", None, Version(b"made", PLAIN)),
        Restored(root / "link", None, Version(b"made", LINK)),
        Restored(root / "folder" / "made", None, Version(b"made")),
    ]


def test_whichever_call_is_refused_all_files_are_old_or_new_as_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in count(1):
        root = tmp_path / str(step)
        files = furnished(root)
        old = contents_of(root)
        faulty = FaultyOs(step, OSError(errno.EIO, "no"), changing=True)
        said = ""
        with monkeypatch.context() as patched:
            for module in (atomic, placing, restoring):
                patched.setattr(module, "os", faulty)
            try:
                Restorer(tmp_path / f"{step}.journals", root).restore(files)
            except NanodeckError as error:
                said = error.message
        failed = "nothing was changed" in said
        assert failed or not said
        new = {"changed": b"new", "made": b"made", "link": "made", "folder/made": b"made"}
        assert contents_of(root) == (old if failed else new), step
        assert Restorer(tmp_path / f"{step}.journals", root).recover() is False
        assert contents_of(root) == (old if failed else new), step
        if not faulty.happened:
            break
    assert not failed
