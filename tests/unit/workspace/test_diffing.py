"""Diffs of files, here or in a child process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nanodeck.core.review import ProposedFile
from nanodeck.workspace import diffing
from nanodeck.workspace.diffing import LARGE, draw_files, parse_output, review_files
from nanodeck.workspace.programs import capture
from tests.unit.workspace.repositories import commit, git


def files() -> list[ProposedFile]:
    lines = [b"line %d\xe4\r\n" % n for n in range(LARGE)]
    changed = [*lines[:700], b"another\n", *lines[705:]]
    return [
        ProposedFile("a", b"".join(lines), b"".join(changed), "a note", "latin-1"),
        ProposedFile("new", None, b"1\n"),
        ProposedFile("empty", b"", None),
    ]


def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which programs are started from now on."""
    names: list[str] = []

    async def noting(argv: tuple[str, ...], *arguments: object, **named: object) -> object:
        names.append(argv[0])
        return await capture(argv, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(diffing, "capture", noting)
    return names


async def test_a_child_answers_what_this_process_would(monkeypatch: pytest.MonkeyPatch) -> None:
    names = started(monkeypatch)
    apart, drawn = await review_files(files()), await draw_files(files())
    assert names == [sys.executable, sys.executable]
    monkeypatch.setattr(diffing, "LARGE", 1 << 30)
    assert await review_files(files()) == apart
    assert await draw_files(files()) == drawn == [file.diff for file in apart]
    assert len(names) == 2


async def test_a_child_reads_what_git_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"a": b"".join(b"%d\n" % n for n in range(LARGE)), "b": b"\0"})
    (tmp_path / "a").write_bytes(b"".join(b"%d\r\n" % n for n in range(LARGE)))
    (tmp_path / "b").write_bytes(b"\0\0")
    argv = ("git", "diff", "-z", "--raw", "-p", "--no-abbrev", "--src-prefix=a/", "--dst-prefix=b/", "HEAD")
    printed = await capture(argv, tmp_path, seconds=10, limit=1 << 20)
    names = started(monkeypatch)
    apart = await parse_output(printed.output)
    assert (names, [file.diff.path for file in apart]) == ([sys.executable], ["a", "b"])
    monkeypatch.setattr(diffing, "LARGE", 1 << 30)
    assert await parse_output(printed.output) == apart


async def test_where_no_child_can_run_the_diff_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    (a, new, empty) = await draw_files(files())
    assert (a.added, a.removed, new.kind, empty.kind) == (1, 5, "created", "deleted")


async def test_a_project_cannot_slip_code_into_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("msgspec", "nanodeck", "difflib"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend("")
    assert len(await review_files(files())) == 3
    assert not (tmp_path / "ran").exists()
