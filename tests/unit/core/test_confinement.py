"""What /sandbox leads to, and how what confines commands is said."""

from __future__ import annotations

import pytest

from nanodeck.contracts.commands import SetSandbox
from nanodeck.contracts.sandbox import SandboxState
from nanodeck.contracts.views import SessionView
from nanodeck.core.confinement import sandbox_command


@pytest.mark.parametrize(
    ("argument", "command"),
    [
        ("read-only", SetSandbox("read-only")),
        ("off", SetSandbox("full")),
        ("Workspace-Write no-network", SetSandbox("workspace-write", False)),
        ("network", SetSandbox(None, True)),
    ],
)
def test_an_access_and_the_network_are_set(argument: str, command: SetSandbox) -> None:
    assert sandbox_command(SessionView(), argument).command == command


def test_anything_else_says_what_there_is() -> None:
    answer = sandbox_command(SessionView(), "read-only please")
    assert answer.command is None
    assert answer.said == "/sandbox takes read-only, workspace-write, full, network or no-network"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "sandbox: not tried yet"),
        (SandboxState(2, "bubblewrap"), "sandbox: level 2, workspace-write, no network"),
        (
            SandboxState(2, "bubblewrap", "read-only", domains=("a.org", "b.org")),
            "sandbox: level 2, read-only, network to a.org, b.org alone",
        ),
        (
            SandboxState(1, "landlock", network=True, reduced="hooks in .git can be changed", cure="get it"),
            "sandbox: level 1, workspace-write, with network; hooks in .git can be changed; get it",
        ),
        (
            SandboxState(reason="no bubblewrap", cure="apt install it"),
            "sandbox: none: it can do all that you can, network too (no bubblewrap); apt install it",
        ),
        (
            SandboxState(2, "bubblewrap", "full", cure="nothing"),
            "sandbox: off, full access: it can do all that you can, network too",
        ),
    ],
)
def test_alone_it_says_how_commands_are_confined(state: SandboxState | None, said: str) -> None:
    assert sandbox_command(SessionView(sandbox=state), "").said == said
