"""Instruction files: which count, in which order, and what is never read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nanodeck.extend import instructions
from nanodeck.extend.instructions import find_instructions


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home" / "config").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "work" / "repository" / ".git").mkdir(parents=True)
    return tmp_path / "work" / "repository"


def put(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def texts(folder: Path, home: Path) -> list[str]:
    return [text for _, text in find_instructions(folder, home / "config", home)]


def test_the_persons_come_first_then_from_the_root_down(home: Path, repository: Path) -> None:
    put(home / "config" / "AGENTS.md", "mine")
    put(home / ".nanocode" / "AGENTS.md", "nanocode")
    put(home / ".claude" / "CLAUDE.md", "claude")
    put(repository / "AGENTS.md", "root")
    put(repository / "CLAUDE.md", "root claude")
    put(repository / ".nanodeck" / "AGENTS.md", "root own")
    put(repository / ".nanocode" / "claude.md", "root nanocode")
    put(repository / "a" / "b" / "AGENTS.md", "deep")
    put(repository / "other" / "AGENTS.md", "beside")
    put(repository.parent / "AGENTS.md", "above")
    (repository / "a" / "b" / "c").mkdir()
    expected = ["mine", "nanocode", "claude", "root", "root claude", "root own", "root nanocode", "deep"]
    assert texts(repository / "a" / "b" / "c", home) == expected


def test_paths_are_told(home: Path, repository: Path) -> None:
    put(repository / "AGENTS.md", "x")
    assert find_instructions(repository, home / "config", home) == [(str(repository / "AGENTS.md"), "x")]


def test_outside_of_a_repository_only_the_folder_itself_counts(home: Path, tmp_path: Path) -> None:
    put(tmp_path / "AGENTS.md", "above")
    put(tmp_path / "plain" / "AGENTS.md", "here")
    assert texts(tmp_path / "plain", home) == ["here"]


def test_a_file_counts_once_however_it_is_named(home: Path, repository: Path) -> None:
    put(repository / "AGENTS.md", "one")
    (repository / "CLAUDE.md").symlink_to("AGENTS.md")
    put(repository / ".nanocode" / "AGENTS.md", "one\n")
    os.link(repository / "AGENTS.md", repository / ".nanocode" / "CLAUDE.md")
    assert texts(repository, home) == ["one"]


def test_links_out_of_the_repository_are_ignored(home: Path, repository: Path) -> None:
    put(repository.parent / "secret", "secret")
    (repository / "AGENTS.md").symlink_to(repository.parent / "secret")
    (repository / ".nanocode").symlink_to(repository.parent)
    put(repository.parent / "AGENTS.md", "above")
    assert texts(repository, home) == []


def test_the_persons_own_links_lead_anywhere(home: Path, repository: Path) -> None:
    put(home / "dotfiles" / "agents", "mine")
    (home / "config" / "AGENTS.md").symlink_to(home / "dotfiles" / "agents")
    assert texts(repository, home) == ["mine"]


def test_what_is_no_text_or_no_file_is_passed_over(home: Path, repository: Path) -> None:
    os.mkfifo(repository / "AGENTS.md")
    put(repository / "CLAUDE.md", b"\xff\xfe")
    put(repository / ".nanocode" / "AGENTS.md", b"a\0b")
    put(repository / ".nanocode" / "CLAUDE.md", "  \n")
    (repository / ".nanodeck" / "AGENTS.md").mkdir(parents=True)
    (repository / ".nanodeck" / "CLAUDE.md").symlink_to("CLAUDE.md")
    assert texts(repository, home) == []


def test_a_large_file_is_cut_and_says_so(home: Path, repository: Path) -> None:
    put(repository / "AGENTS.md", "ü" * 40_000)
    (text,) = texts(repository, home)
    assert text.startswith("ü" * (instructions.FILE_LIMIT // 2 - 1))
    assert text.endswith("\n[cut: the first 32,768 of 80,000 bytes]")


def test_all_together_stay_within_their_limit(home: Path, repository: Path) -> None:
    for n, folder in enumerate([repository, *(repository / "a" / f"{n}" for n in range(1))]):
        put(folder / "AGENTS.md", f"{n}" * 32_000)
    deep = repository
    for n in range(10):
        deep = deep / "d"
        put(deep / "AGENTS.md", f"{n}" * 32_000)
    assert sum(map(len, texts(deep, home))) < instructions.TOTAL_LIMIT + 200
