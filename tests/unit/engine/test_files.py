"""The file index: new files are found, a slow listing keeps nobody waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from nanodeck.engine.project import files
from nanodeck.engine.project.files import ProjectFiles


def test_files_and_folders_are_found_also_those_made_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FRESH_WAIT", 60)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "login.py").touch()

    async def look() -> None:
        project = ProjectFiles(tmp_path)
        assert await project.find("src", 5) == ("src/", "src/login.py")
        (tmp_path / "logout.py").touch()
        assert await project.find("log", 5) == ("src/login.py", "logout.py")
        assert await project.find("logo", 5) == ("logout.py",)
        await project.close()

    asyncio.run(look())


def test_a_listing_that_takes_long_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look() -> None:
        slow = asyncio.Event()
        calls = iter(["old.py", "new.py"])

        async def listed(root: Path, *, limit: int) -> list[str]:
            name = next(calls, "new.py")
            if name == "new.py":
                await slow.wait()
            return [name]

        monkeypatch.setattr(files, "gather_files", listed)
        monkeypatch.setattr(files, "FRESH_WAIT", 0)
        monkeypatch.setattr(files, "REST", 0)
        project = ProjectFiles(tmp_path)
        assert await project.find("py", 5) == ("old.py",)
        assert await project.find("o", 5) == ("old.py",)
        slow.set()
        await project.refresh()
        assert await project.find("new", 5) == ("new.py",)
        await project.close()

    asyncio.run(look())


def test_a_listing_that_fails_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def listed(root: Path, *, limit: int) -> list[str]:
        raise OSError("gone")

    monkeypatch.setattr(files, "gather_files", listed)
    assert asyncio.run(ProjectFiles(tmp_path).find("a", 5)) == ()
