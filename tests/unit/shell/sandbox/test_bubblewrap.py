"""What bubblewrap keeps a command from, and what it lets it do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.shell.sandbox.confinement import Confinement
from tests.unit.shell.sandbox.confining import PLAIN, run


def test_the_workspace_is_written_and_nothing_else(workspace: Confinement, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("before")
    run(f"echo in > a; echo out > {tmp_path}/b", workspace, 2)
    assert (workspace.root / "a").read_text() == "in\n"
    assert (tmp_path / "b").read_text() == "before"
    assert run("echo out > /usr/nanodeck-was-here", workspace, 2).returncode != 0


def test_a_git_folder_stays_as_it_is(workspace: Confinement) -> None:
    subprocess.run(["git", "init", "-q"], cwd=workspace.root, check=True)
    before = (workspace.root / ".git/config").read_bytes()
    for command in ("mv .git g", "echo x > .git/config", "rm -rf .git", "echo x > .git/hooks/post-commit"):
        assert run(command, workspace, 2).returncode != 0
    assert (workspace.root / ".git/config").read_bytes() == before


def test_what_one_command_leaves_in_tmp_the_next_one_finds(workspace: Confinement) -> None:
    assert run("echo kept > /tmp/a", workspace, 2).returncode == 0
    assert run("cat /tmp/a", workspace, 2).stdout == "kept\n"


def test_a_protected_link_is_refused(workspace: Confinement) -> None:
    (workspace.root / ".git").symlink_to("elsewhere")
    with pytest.raises(ToolError, match=r"cannot protect \.git"):
        run("true", workspace, 2)


def test_secrets_look_empty(workspace: Confinement) -> None:
    (workspace.root / ".env").write_text("KEY=1")
    (workspace.home / ".ssh").mkdir()
    (workspace.home / ".ssh/id_rsa").write_text("private")
    done = run(f"cat .env; ls -A {workspace.home}/.ssh", workspace, 2)
    assert (done.stdout, done.returncode) == ("", 0)
    assert "A_TOKEN" not in run("env", workspace, 2, {**PLAIN, "A_TOKEN": "t"}).stdout
