from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace's root: a folder with no link in its path."""
    root = Path(os.path.realpath(tmp_path)) / "repo"
    root.mkdir()
    return root


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk proves nothing here and takes long."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


class Tree:
    """Everything under a folder, to compare before and after."""

    @staticmethod
    def of(folder: Path) -> dict[str, object]:
        """Relative path -> bytes of a file, target of a link, None for a folder; modes in front."""
        found: dict[str, object] = {}
        for path in sorted(folder.rglob("*")):
            content = (
                os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
            )
            found[str(path.relative_to(folder))] = (path.lstat().st_mode, content)
        return found


@pytest.fixture
def tree() -> type[Tree]:
    """Compares whole folders."""
    return Tree


class Killed(BaseException):
    """The process died here: nothing after it runs."""


class FaultyOs:
    """Stands in for `os` where files are written: its `at`-th call fails, and with `stays` all later ones.

    Faults of a full disk (`full`) leave renaming and removing alone, as a full disk does; `changing` counts
    only calls that change something.
    """

    CHANGING = frozenset({"write", "fsync", "link", "mkdir", "rename", "unlink", "fchmod"})
    NEEDING_ROOM = frozenset({"write", "fsync", "link", "mkdir"})
    ALL = CHANGING | {"open", "read", "fstat"}

    def __init__(
        self,
        at: int,
        fault: BaseException,
        *,
        full: bool = False,
        changing: bool = False,
        stays: bool = False,
    ) -> None:
        self.at = at
        self.fault = fault
        self.stays = stays
        self.calls = 0
        self._watched = self.NEEDING_ROOM if full else self.CHANGING if changing else self.ALL

    @property
    def happened(self) -> bool:
        """Whether the fault came up."""
        return self.calls >= self.at

    def __getattr__(self, name: str) -> object:
        real = getattr(os, name)
        if name not in self._watched:
            return real

        def call(*arguments: object, **options: object) -> object:
            self.calls += 1
            if self.calls == self.at or (self.stays and self.happened):
                raise self.fault
            return real(*arguments, **options)

        return call


@pytest.fixture
def faulty() -> type[FaultyOs]:
    """Makes stand-ins for `os`."""
    return FaultyOs


@pytest.fixture
def killed() -> Killed:
    """What is raised where the process is to die."""
    return Killed()
