"""What a failed command was denied, out of what it printed."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from msgspec.structs import replace

from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.denial import SOMEWHERE, denied_by, looked_empty, start_failure
from nanodeck.shell.sandbox.unreached import NETWORK
from nanodeck.shell.walls import Denied, Ended


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
        "W: Problem unlinking the file {out}/a - PrepareFiles (13: Permission denied)",
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
        ("ssh a.example.org ls", 0, ""),
        ("curl -s http://127.0.0.1:3/x", 2, ""),
    ],
)
def test_a_host_that_a_command_names_and_tried_in_silence(
    place: Confinement, command: str, attempts: int, host: str
) -> None:
    assert denied("", place, command, attempts) == host
    assert denied("", replace(place, network=True), command, attempts) == ""


def test_what_ran_out_of_time_while_it_tried_the_network(place: Confinement) -> None:
    for attempts, what in ((0, None), (2, Denied(NETWORK))):
        assert denied_by(Ended(place.root, "", None), "npm install", place, attempts) == what


def test_a_host_that_no_proxy_leads_to(place: Confinement) -> None:
    line = "ssh: Could not resolve hostname a.example.org: Temporary failure in name resolution"
    assert denied_by(Ended(place.root, line, 255), "", place) == Denied("a.example.org")


def test_a_socket_of_another_program(place: Confinement) -> None:
    line = "permission denied at unix:///run/d.sock: dial unix /run/d.sock: socket: operation not permitted"
    assert denied(line, place) == "/run/d.sock"


def test_no_socket_at_all(place: Confinement) -> None:
    lines = (
        'File "/lib/socket.py", line 2, in __init__',
        "  x",
        "PermissionError: [Errno 1] Operation not permitted",
    )
    assert denied("\n".join(lines), place, "python3 -m http.server") == NETWORK


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("cat .env", ".env"),
        ("set -a; . ./.env; run", "./.env"),
        ("sort < .env | uniq", ".env"),
        ("echo .env >> .gitignore", None),
        ("cat .env.empty missing", None),
    ],
)
def test_a_masked_file_that_a_command_names_to_read_it(
    place: Confinement, command: str, what: str | None
) -> None:
    (place.root / ".env").write_text("A=1\n")
    (place.root / ".env.empty").touch()
    found = looked_empty(command, place, place.root)
    assert (found and found.what) == what


def test_git_that_could_not_write_and_says_nothing(place: Confinement) -> None:
    for command, what in (("cd x && git stash", ".git"), ("git diff --quiet", "")):
        assert denied("", place, command) == what
    assert denied("No local changes to save", place, "git stash") == ""


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


@pytest.mark.parametrize(
    "line",
    [
        "touch: cannot touch 'ro.txt': Read-only file system",
        "bash: line 1: ro.txt: Read-only file system",
        "/bin/sh: 1: cannot create ro.txt: Read-only file system",
    ],
)
def test_a_file_that_is_not_there_is_named_where_nothing_may_be_written(
    place: Confinement, line: str
) -> None:
    assert denied(line, replace(place, access="read-only")) == "ro.txt"


def test_a_refusal_without_a_path_is_still_told(place: Confinement) -> None:
    assert denied("error: Read-only file system (os error 30)", place) == SOMEWHERE


def test_a_sandbox_that_could_not_start_says_why() -> None:
    assert start_failure(b"bwrap: Can't chdir to /x: No such file\n") == "Can't chdir to /x: No such file"
    assert start_failure(b"sandbox: Operation not permitted\n") == "Operation not permitted"
    assert start_failure(b"/folder\n\0") == ""
