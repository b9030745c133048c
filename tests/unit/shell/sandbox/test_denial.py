"""What a failed command was denied, out of what it printed."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from msgspec.structs import replace

from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.denial import SOMEWHERE, denied_by, start_failure
from nanodeck.shell.sandbox.unreached import NETWORK
from nanodeck.shell.walls import Ended


def denied(output: str, place: Confinement, command: str = "", attempts: int = 0) -> str:
    found = denied_by(Ended(place.root, output, 1), command, place, attempts)
    return found.what if found else ""


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
    assert denied(output, place) == f"{out}/a"


def test_a_git_folder(place: Confinement) -> None:
    index = place.root / ".git/index.lock"
    (place.root / ".git").mkdir()
    assert denied(f"fatal: Unable to create '{index}': Read-only file system", place) == str(index)


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
    assert denied(line, place) == host


@pytest.mark.parametrize(
    ("command", "attempts", "host"),
    [
        ("curl -s https://me:pw@a.example.org/x | jq .", 2, "a.example.org"),
        ("curl -s https://a.example.org/x | jq .", 0, ""),
        ("npm test", 2, ""),
        ("curl -s http://127.0.0.1:3/x", 2, ""),
    ],
)
def test_a_host_that_a_command_names_and_tried_in_silence(
    place: Confinement, command: str, attempts: int, host: str
) -> None:
    assert denied("", place, command, attempts) == host
    assert denied("", replace(place, network=True), command, attempts) == ""


def test_a_port_of_this_machine_on_which_somebody_listens(place: Confinement) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_server(("127.0.0.1", 0)) as other:
        port, closed = listening.getsockname()[1], other.getsockname()[1]
        other.close()
        line = "curl: (7) Failed to connect to localhost port {}: Connection refused"
        assert denied(line.format(port), place) == f"localhost:{port}"
        assert denied("Connection refused", place, f"nc 127.0.0.1 {port}") == f"localhost:{port}"
        assert denied(line.format(closed), place) == ""


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
    assert denied(line, place) == ""


def test_what_is_there_but_hidden_was_denied(place: Confinement) -> None:
    (place.home / ".ssh").mkdir()
    key = place.home / ".ssh/id"
    key.touch()
    assert denied(f"cat: {key}: No such file or directory", place) == str(key)


def test_a_file_that_is_not_there_is_named_where_nothing_may_be_written(place: Confinement) -> None:
    line = "touch: cannot touch 'ro.txt': Read-only file system"
    assert denied(line, replace(place, access="read-only")) == "ro.txt"


def test_a_refusal_without_a_path_is_still_told(place: Confinement) -> None:
    assert denied("error: Read-only file system (os error 30)", place) == SOMEWHERE


def test_a_sandbox_that_could_not_start_says_why() -> None:
    assert start_failure(b"bwrap: Can't chdir to /x: No such file\n") == "Can't chdir to /x: No such file"
    assert start_failure(b"sandbox: Operation not permitted\n") == "Operation not permitted"
    assert start_failure(b"/folder\n\0") == ""
