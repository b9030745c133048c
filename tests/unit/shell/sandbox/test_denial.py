"""What a failed command was denied, out of what it printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.denial import NETWORK, SOMEWHERE, denied_by, start_failure


@pytest.mark.parametrize(
    "line",
    [
        "touch: cannot touch '{out}/a': Read-only file system",
        "bash: line 1: {out}/a: Read-only file system",
        "OSError: [Errno 30] Read-only file system: '{out}/a'",
        "Error: EROFS: read-only file system, open '{out}/a'",
        "open {out}/a: read-only file system",
        "bash: {out}/a: Permission denied",
        "PermissionError: [Errno 13] Permission denied: '{out}/a'",
        "rm: cannot remove '{out}/a': Operation not permitted",
    ],
)
def test_a_path_outside(place: Confinement, tmp_path: Path, line: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    output = f"before\n{line.format(out=out)}\nafter\n"
    assert denied_by(output, 1, place) == f"{out}/a"
    assert denied_by(output, 0, place) == ""


def test_a_git_folder(place: Confinement) -> None:
    index = place.root / ".git/index.lock"
    (place.root / ".git").mkdir()
    assert denied_by(f"fatal: Unable to create '{index}': Read-only file system", 128, place) == str(index)


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("curl: (6) Could not resolve host: example.org", "example.org"),
        ("npm error code EAI_AGAIN\nnpm error request to https://x failed: getaddrinfo EAI_AGAIN a.b", "a.b"),
        ("wget: unable to resolve host address ‘example.org’", "example.org"),
        ("bash: connect: Network is unreachable", NETWORK),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", NETWORK),
    ],
)
def test_a_host(place: Confinement, line: str, host: str) -> None:
    assert denied_by(line, 1, place) == host


@pytest.mark.parametrize(
    "line",
    [
        "cat: missing.txt: No such file or directory",
        "bash: ./script: Permission denied",
        "FAILED tests/test_a.py::test_b - assert 1 == 2",
        "",
    ],
)
def test_other_failures_are_not_the_sandboxes(place: Confinement, line: str) -> None:
    (place.root / "script").touch()
    assert denied_by(line, 1, place) == ""


def test_what_is_there_but_hidden_was_denied(place: Confinement) -> None:
    (place.home / ".ssh").mkdir()
    key = place.home / ".ssh/id"
    key.touch()
    assert denied_by(f"cat: {key}: No such file or directory", 1, place) == str(key)


def test_a_file_that_is_not_there_is_named_where_nothing_may_be_written(place: Confinement) -> None:
    line = "touch: cannot touch 'ro.txt': Read-only file system"
    assert denied_by(line, 1, replace(place, access="read-only")) == "ro.txt"


def test_a_refusal_without_a_path_is_still_told(place: Confinement) -> None:
    assert denied_by("error: Read-only file system (os error 30)", 101, place) == SOMEWHERE


def test_a_sandbox_that_could_not_start_says_why() -> None:
    assert start_failure(b"bwrap: Can't chdir to /x: No such file\n") == "Can't chdir to /x: No such file"
    assert start_failure(b"sandbox: Operation not permitted\n") == "Operation not permitted"
    assert start_failure(b"/folder\n\0") == ""
