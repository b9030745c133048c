"""Asking git: the state of a repository, without running what the repository names."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from nanodeck.workspace.finding.listing import list_files
from nanodeck.workspace.git.asking import NEUTRAL_OPTIONS, GitStatus, describe, run_git
from nanodeck.workspace.programs import NOT_FOUND, TIMED_OUT, capture
from tests.unit.workspace.repositories import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "trunk")
    (root / "tracked").write_text("one\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return root


async def test_branch_and_changes_are_told(repository: Path) -> None:
    assert await describe(repository) == GitStatus("trunk")
    (repository / "tracked").write_text("two\n")
    (repository / "nö w").write_text("")
    status = await describe(repository)
    assert status == GitStatus("trunk", (" M tracked", '?? "nö w"'))


async def test_a_new_repository_and_none_at_all(tmp_path: Path) -> None:
    assert await describe(tmp_path) == GitStatus()
    git(tmp_path, "init", "-q", "-b", "trunk")
    assert await describe(tmp_path) == GitStatus("trunk")


async def test_many_changes_are_counted(repository: Path) -> None:
    for n in range(30):
        (repository / f"n{n:02}").write_text("")
    status = await describe(repository)
    assert (len(status.lines), status.more) == (20, 10)


@pytest.mark.parametrize(
    "setting",
    [
        "core.fsmonitor",
        "filter.evil.clean",
        "filter.evil.process",
        "filter.e=vil.clean",
        "diff.external",
        "core.pager",
        "core.sshCommand",
    ],
)
async def test_no_program_a_repository_names_is_ever_run(
    repository: Path, tmp_path: Path, setting: str
) -> None:
    trace = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
    program.chmod(0o755)
    git(repository, "config", setting, str(program))
    if setting.startswith("filter."):
        name = setting.removeprefix("filter.").rpartition(".")[0]
        (repository / ".git" / "info" / "attributes").write_text(f"* filter={name}\n")
    (repository / "tracked").write_text("twice\n")
    assert (await describe(repository)).branch == "trunk"
    assert "tracked" in await list_files(repository)
    assert not trace.exists()


async def test_a_settings_folder_elsewhere_does_not_get_its_monitor_run(
    repository: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "ran"
    hidden = repository / "hidden"
    git(repository, "init", "-q", "--bare", str(hidden))
    git(hidden, "config", "core.fsmonitor", f"touch {trace}")
    (repository / ".git" / "commondir").write_text("../hidden\n")
    await describe(repository)
    await list_files(repository)
    assert not trace.exists()


async def test_the_environment_cannot_lead_git_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nothing"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert (await describe(repository)).branch == "trunk"


def test_the_options_every_call_takes_are_all_there() -> None:
    options = " ".join(NEUTRAL_OPTIONS)
    for setting in (
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "diff.external=",
        "core.pager=cat",
        "safe.bareRepository=explicit",
    ):
        assert f"-c {setting}" in options


async def test_without_git_there_is_a_result_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (await run_git(("status",), tmp_path)).code == NOT_FOUND
    assert await describe(tmp_path) == GitStatus()


def is_gone(process: int) -> bool:
    """Whether a killed process has ended, waiting a little for the kernel."""
    for _ in range(100):
        listed = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True)
        if not listed.stdout.strip() or listed.stdout.strip().startswith("Z"):
            return True
    return False


async def test_a_program_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    argv = ("sh", "-c", "sleep 60 & echo $! > child; wait")
    result = await capture(argv, tmp_path, seconds=0.5, limit=100)
    assert result.code == TIMED_OUT
    assert is_gone(int((tmp_path / "child").read_text()))


async def test_output_past_the_limit_is_cut_and_input_is_empty(tmp_path: Path) -> None:
    result = await capture(("yes",), tmp_path, seconds=10, limit=1000)
    assert (len(result.output), result.cut) == (1000, True)
    result = await capture(("cat",), tmp_path, seconds=10, limit=1000)
    assert (result.output, result.cut, result.code) == (b"", False, 0)
    result = await capture(("cat",), tmp_path, given=b"x" * 500_000, seconds=10, limit=1_000_000)
    assert len(result.output) == 500_000


async def test_it_runs_in_a_process_group_of_its_own(tmp_path: Path) -> None:
    argv = ("python3", "-c", "import os; print(os.getpgid(0))")
    result = await capture(argv, tmp_path, seconds=10, limit=100)
    assert int(result.output) != os.getpgid(0)


async def test_what_a_program_left_behind_on_its_output_ends_with_the_time(tmp_path: Path) -> None:
    argv = ("sh", "-c", "sleep 60 & echo $! >left; exit 0")
    result = await capture(argv, tmp_path, seconds=0.5, limit=100)
    assert result.code == TIMED_OUT
    left = int((tmp_path / "left").read_text())
    assert is_gone(left)
