"""What of a workspace commands leave as it is, wherever git and agents keep it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.ghosts import Ghosts
from nanodeck.shell.sandbox.protected import protected_in
from tests.unit.shell.sandbox.confining import run


def made(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir() if name.endswith("/") else path.touch()


def kept(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in protected_in(root).kept}


def test_guarded_names_at_the_top_and_hidden_ones_below(tmp_path: Path) -> None:
    made(tmp_path, ".git/", ".vscode/", "AGENTS.md", "src/.claude/", "src/AGENTS.md", "a.py", "src/b.py")
    assert kept(tmp_path) == {".git", ".vscode", "AGENTS.md", "src/.claude"}


def test_a_change_of_a_folder_is_seen_at_once(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    long_ago = 1_000_000_000
    for folder in (tmp_path, tmp_path / "sub"):
        os.utime(folder, (long_ago, long_ago))
    assert kept(tmp_path) == set()
    made(tmp_path, "sub/.git/", "sub/.env")
    assert kept(tmp_path) == {"sub/.git"}
    assert protected_in(tmp_path).masked == (tmp_path / "sub/.env",)
    (tmp_path / "sub/.env").unlink()
    assert protected_in(tmp_path).masked == ()


def test_only_files_of_variables_are_masked(tmp_path: Path) -> None:
    made(tmp_path, ".env", ".env.local", ".env.example", ".envrc", "server.key", "app/.env")
    names = {str(path.relative_to(tmp_path)) for path in protected_in(tmp_path).masked}
    assert names == {".env", ".env.local", "app/.env"}


def test_git_is_followed_to_where_it_keeps_things(tmp_path: Path) -> None:
    made(tmp_path, ".bare/worktrees/one/", "one/deep/er/and/", "sub/of/many/folders/")
    (tmp_path / ".git").write_text("gitdir: .bare\n")
    (tmp_path / "one/deep/er/and/.git").write_text("gitdir: x")
    (tmp_path / ".bare/worktrees/one/gitdir").write_text(f"{tmp_path}/one/deep/er/and/.git\n")
    made(tmp_path, ".bare/modules/a/b/HEAD", "sub/of/many/folders/.git")
    config = tmp_path / ".bare/modules/a/b/config"
    config.write_text("[core]\n\tworktree = ../../../../sub/of/many/folders\n")
    assert kept(tmp_path) == {".git", ".bare", "one/deep/er/and/.git", "sub/of/many/folders/.git"}


def test_what_lies_in_something_kept_gets_no_mount_of_its_own(workspace: Confinement) -> None:
    root = workspace.root
    made(root, ".git/modules/sub/HEAD", "sub/")
    (root / "sub/.git").write_text("gitdir: ../.git/modules/sub\n")
    assert kept(root) == {".git", "sub/.git"}
    assert run("echo x > .git/modules/sub/config", workspace, 2).returncode != 0
    assert run("mv sub other", workspace, 2).returncode != 0
    assert run("echo x > sub/file", workspace, 2).returncode == 0


def test_a_guarded_link_anywhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/.git").symlink_to(tmp_path)
    with pytest.raises(ToolError, match=r"cannot protect sub/\.git: it is a symbolic link"):
        protected_in(tmp_path)


def test_further_folders_are_written_but_for_what_is_protected_in_them(
    workspace: Confinement, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    subprocess.run(["git", "init", "-q", str(more)], check=True)
    place = replace(workspace, writable=(more,))
    assert run(f"echo x > {more}/a", place, 2).returncode == 0
    assert run(f"echo x > {more}/.git/config", place, 2).returncode != 0
    reading = replace(place, access="read-only")
    assert run(f"echo x > {more}/b", reading, 2).returncode != 0
    assert run("echo x > b", reading, 2).returncode != 0
    assert run("echo x > /tmp/b", reading, 2).returncode == 0


def test_a_workspace_in_a_secret_place_shows_nothing_else_of_it(workspace: Confinement) -> None:
    made(workspace.home, ".docker/config.json", ".docker/work/")
    place = replace(workspace, root=workspace.home / ".docker/work")
    done = run("ls -A ..; echo x > a && cat a; echo x > ../b", place, 2)
    assert done.stdout == "work\nx\n"
    assert not (workspace.home / ".docker/b").exists()


def test_what_a_command_made_in_a_guarded_place_is_moved_away(tmp_path: Path) -> None:
    root = tmp_path / "work"
    made(root, ".vscode/", "a.py")
    ghosts = Ghosts(root, tmp_path / "quarantine")
    assert ghosts.lay() == ()
    made(root, ".claude/settings.json", "b.py")
    (root / ".mcp.json").symlink_to("/etc/passwd")
    (root / ".bashrc").symlink_to("nowhere")
    laid = dict(ghosts.lay())
    assert set(laid) == {".claude", ".mcp.json", ".bashrc"}
    assert sorted(os.listdir(root)) == [".vscode", "a.py", "b.py"]
    assert (laid[".claude"] / "settings.json").exists()
    assert os.readlink(laid[".mcp.json"]) == "/etc/passwd"
    assert ghosts.lay() == ()


def test_what_the_person_allowed_is_no_ghost(tmp_path: Path) -> None:
    root = tmp_path / "work"
    root.mkdir()
    ghosts = Ghosts(root, tmp_path / "quarantine")
    made(root, ".claude/")
    ghosts.accept()
    assert ghosts.lay() == ()
    assert (root / ".claude").exists()
