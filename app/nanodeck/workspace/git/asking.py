"""Asking git without ever running what a repository's own configuration names."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.text import show_controls
from nanodeck.workspace.git.folders import repository_of
from nanodeck.workspace.programs import Captured, capture
from nanodeck.workspace.writing import atomic

NEUTRAL_OPTIONS: tuple[str, ...] = (
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.pager=cat",
    "-c", "core.quotePath=false",
    "-c", "diff.external=",
    "-c", "safe.bareRepository=explicit",
)  # fmt: skip
"""What precedes every git command of ours: none of the programs a repository can name is run."""

# No lock of ours disturbs the person's git; nothing asks for a password; and a repository that lacks
# objects cannot make git fetch them, which would run its transport's programs.
_VARIABLES = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}
_INHERITED = {"GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM"}
_SECONDS = 5.0
_LIMIT = 1 << 20
_STATUS_LINES = 20

GitResult = Captured


class GitStatus(Struct, frozen=True):
    """Where a repository stands; `branch` is empty outside of one, `lines` are as `git status -s`."""

    branch: str = ""
    lines: tuple[str, ...] = ()
    more: int = 0


async def run_git(
    args: Sequence[str],
    folder: Path,
    *,
    seconds: float = _SECONDS,
    limit: int = _LIMIT,
    given: bytes | None = None,
    overruled: Sequence[str] = (),
) -> GitResult:
    """Run git in `folder` with the neutral options and `given` as input; `overruled` settings count as empty.

    Never raises for what git says.
    """
    # Not by -c: a name with '=' in it would be cut there, and the setting would still hold.
    environment = git_environment() | _configured(dict.fromkeys(overruled, ""))
    argv = ("git", *NEUTRAL_OPTIONS, *args)
    return await capture(argv, folder, environment=environment, given=given, seconds=seconds, limit=limit)


async def describe(folder: Path) -> GitStatus:
    """The branch and what is changed in `folder`, empty outside of a repository or without git."""
    repository = repository_of(folder)
    if repository is None:
        return GitStatus()
    args = ("status", "--porcelain=v1", "--branch", "--ignore-submodules=all", "--", ".")
    result = await run_git(args, folder, overruled=await own_filters(folder, repository))
    head, _, rest = result.output.decode("utf-8", "replace").partition("\n")
    if result.code or not head.startswith("## "):
        return GitStatus()
    branch = head.removeprefix("## ").removeprefix("No commits yet on ").split("...")[0]
    lines = [show_controls(line) for line in rest.splitlines()]
    return GitStatus(show_controls(branch), tuple(lines[:_STATUS_LINES]), max(len(lines) - _STATUS_LINES, 0))


def _names_no_program(store: Path) -> bool:
    """Whether a repository's own configuration cannot hold filters: most have none, which is soon seen."""
    try:
        settings = atomic.load(store / "config").lower()
    except OSError:
        return False
    elsewhere = any((store / name).exists() for name in ("commondir", "config.worktree"))
    return not elsewhere and b"filter" not in settings and b"include" not in settings


async def own_filters(folder: Path, repository: Path) -> list[str]:
    """The content filters of the repository itself, which looking at its files would run: to be overruled."""
    if _names_no_program(repository / ".git"):
        return []
    pattern = r"^filter\..*\.(clean|process|smudge|required)$"
    args = ("config", "--includes", "--show-scope", "--null", "--name-only", "--get-regexp", pattern)
    result = await run_git(args, folder)
    fields = result.output.decode("utf-8", "surrogateescape").split("\0")
    scopes = zip(fields[::2], fields[1::2], strict=False)
    return sorted({name for scope, name in scopes if scope in {"local", "worktree"}})


def neutral_environment() -> dict[str, str]:
    """What programs get that run git themselves: it is as neutral then as ours is."""
    settings = dict(option.split("=", 1) for option in NEUTRAL_OPTIONS if "=" in option)
    return git_environment() | _configured(settings)


def _configured(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings of git as variables of its environment."""
    if not settings:
        return {}
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for n, (name, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{n}": name, f"GIT_CONFIG_VALUE_{n}": value}
    return variables


def git_environment() -> dict[str, str]:
    """Ours without what would lead git to another repository or to programs."""
    ours = os.environ.items()
    kept = {name: value for name, value in ours if not name.startswith("GIT_") or name in _INHERITED}
    return kept | _VARIABLES
