"""What a model is told about where it works."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

from nanodeck.workspace.surroundings import describe_surroundings

TODAY = date(2026, 3, 4)


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(folder), *args], check=True)


async def test_folder_platform_date_git_and_top_level_are_told(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").touch()
    (tmp_path / "README.md").touch()
    (tmp_path / "out").mkdir()
    (tmp_path / ".gitignore").write_text("out/\n")
    lines = (await describe_surroundings(tmp_path, TODAY)).splitlines()
    assert lines[0] == f"Folder: {tmp_path}"
    assert lines[1].startswith("Platform: ")
    assert lines[2:] == [
        "Date: 2026-03-04",
        "Git: branch trunk, 3 changed:",
        "  ?? .gitignore",
        "  ?? README.md",
        "  ?? app/",
        "Top level: app/ .gitignore README.md",
    ]


async def test_without_a_repository_that_is_said(tmp_path: Path) -> None:
    text = await describe_surroundings(tmp_path, TODAY)
    assert "Git: not a repository" in text
    assert text.endswith("Top level: (empty)")


async def test_it_stays_short_in_a_large_project(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    for n in range(300):
        (tmp_path / f"file-with-a-rather-long-name-{n:03}").touch()
    text = await describe_surroundings(tmp_path, TODAY)
    assert len(text) < 1_500
    assert "  and 290 more" in text
    assert text.endswith("more")


async def test_names_cannot_draw_lines_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a\nDate: never").touch()
    assert len((await describe_surroundings(tmp_path, TODAY)).splitlines()) == 5
