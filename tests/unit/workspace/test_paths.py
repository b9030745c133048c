from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.paths import Workspace
from tests.support.hostile_paths import GIT, IMPOSSIBLE, INSIDE, OUTSIDE, SPECIAL, make_place


@pytest.fixture
def place(folder: Path) -> Path:
    return make_place(folder)


@pytest.mark.parametrize(("path", "shown"), INSIDE.items(), ids=map(repr, INSIDE))
def test_a_path_in_the_workspace_is_inside(place: Path, path: str, shown: str) -> None:
    location = Workspace(place).locate(path, place)
    assert (location.standing, location.write_standing) == ("inside", "inside")
    assert location.shown == shown
    assert location.path == place / shown


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_that_leads_out_is_outside(place: Path, path: str) -> None:
    location = Workspace(place).locate(path, place)
    assert (location.standing, location.write_standing) == ("outside", "outside")
    assert location.shown == str(location.path)
    assert location.shown in location.reason


def test_a_folder_whose_name_begins_like_the_root_is_outside(place: Path) -> None:
    assert Workspace(place).locate(f"{place}-evil/x", place).standing == "outside"


def test_a_link_out_of_the_workspace_is_told(place: Path) -> None:
    assert "a link" in Workspace(place).locate("outdir/x", place).reason
    assert "a link" not in Workspace(place).locate("../repo-evil/x", place).reason


def test_relative_paths_start_at_the_given_folder(place: Path) -> None:
    assert Workspace(place).locate("a.py", place / "src").shown == "src/a.py"
    assert Workspace(place).locate("../src/a.py", place / "indir").shown == "src/a.py"


def test_home_is_the_users(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(place))
    assert Workspace(place).locate("~/src/a.py", Path("/")).shown == "src/a.py"


def test_a_root_reached_through_a_link_is_the_same_workspace(place: Path) -> None:
    (place.parent / "alias").symlink_to("repo")
    location = Workspace(place.parent / "alias").locate("src/a.py", place.parent / "alias")
    assert (location.standing, location.path) == ("inside", place / "src/a.py")


@pytest.mark.parametrize("path", GIT, ids=map(repr, GIT))
def test_gits_own_folder_is_never_written(place: Path, path: str) -> None:
    location = Workspace(place).locate(path, place)
    assert location.write_standing == "refused"
    assert "git" in location.reason
    assert location.standing != "refused"


def test_a_workspace_within_a_git_folder_is_never_written(place: Path) -> None:
    assert Workspace(place / ".git").locate("config", place / ".git").write_standing == "refused"


@pytest.mark.parametrize(("path", "kind"), SPECIAL.items())
def test_what_is_no_file_is_refused_with_its_kind(place: Path, path: str, kind: str) -> None:
    location = Workspace(place).locate(path, place)
    assert (location.standing, location.write_standing) == ("refused", "refused")
    assert kind in location.reason


@pytest.mark.parametrize("path", ["/dev/new", "/dev/disk/new"])
def test_no_file_is_made_among_the_devices(place: Path, path: str) -> None:
    location = Workspace(place).locate(path, place)
    assert (location.standing, location.write_standing) == ("outside", "refused")
    assert "devices" in location.reason
    assert Workspace(place).locate("/dev/shm/new", place).write_standing == "outside"


def test_a_socket_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        location = Workspace(place).locate("s", place)
    assert location.standing == "refused"
    assert "a socket" in location.reason


@pytest.mark.parametrize("path", IMPOSSIBLE, ids=lambda path: repr(path[:12]))
def test_what_can_be_no_path_is_a_tool_error(place: Path, path: str) -> None:
    with pytest.raises(ToolError) as caught:
        Workspace(place).locate(path, place)
    assert caught.value.message
    assert len(caught.value.message) < 400


def test_a_path_just_short_enough_leads_somewhere(place: Path) -> None:
    path = ("d/" * 2100)[: 4094 - len(str(place)) - 2].rstrip("/") + "/x"
    assert Workspace(place).locate(path, place).standing == "inside"


def test_a_link_to_a_name_that_is_not_utf8_is_a_tool_error(place: Path) -> None:
    os.symlink(b"\xff\xfe", os.fsencode(place / "odd"))
    with pytest.raises(ToolError, match="not a usable path"):
        Workspace(place).locate("odd", place)


def test_nanodecks_own_files_are_never_written_and_its_keys_never_read(place: Path) -> None:
    home = place.parent / "home"
    workspace = Workspace(
        place, [home / "settings.toml", home / "sessions", home / "keys.toml"], home / "keys.toml"
    )
    (place / "way").symlink_to(home)
    standings = {
        name: (found.standing, found.write_standing)
        for name in ("settings.toml", "sessions/a/events.jsonl", "keys.toml", "sessions/a/plan.md", "other")
        if (found := workspace.locate(f"way/{name}", place))
    }
    assert standings == {
        "settings.toml": ("outside", "refused"),
        "sessions/a/events.jsonl": ("outside", "refused"),
        "keys.toml": ("refused", "refused"),
        "sessions/a/plan.md": ("outside", "outside"),
        "other": ("outside", "outside"),
    }


def test_who_works_in_a_guarded_folder_means_what_is_in_it(place: Path) -> None:
    (place / ".claude/worktrees/one").mkdir(parents=True)
    (place / ".nanodeck").mkdir()
    assert Workspace(place).locate(".claude/worktrees/one/a.py", place).guard
    inside = Workspace(place / ".claude/worktrees/one")
    assert inside.locate("a.py", inside.root).guard is None
    assert inside.locate("CLAUDE.md", inside.root).guard
    own = Workspace(place / ".nanodeck")
    assert own.locate("settings.toml", own.root).write_standing == "refused"
