"""What a model is told once about where it works: folder, machine, date, git, the top of the tree."""

from __future__ import annotations

import asyncio
import os
from datetime import date, datetime
from pathlib import Path

from nanodeck.contracts.text import one_line
from nanodeck.workspace.finding.folders import top_entries
from nanodeck.workspace.git.asking import GitStatus, describe

_STATUS_LINES = 10
_MAP_ENTRIES = 40
_MAP_LENGTH = 600


async def describe_surroundings(folder: Path, today: date | None = None) -> str:
    """A few lines, at most about 1.5 KB, whatever the project's size."""
    status, entries = await asyncio.gather(describe(folder), asyncio.to_thread(top_entries, folder))
    system = os.uname()
    return "\n".join(
        [
            f"Folder: {one_line(str(folder))}",
            f"Platform: {system.sysname} {system.release} {system.machine}",
            f"Date: {today or datetime.now().astimezone().date()}",
            *_git(status),
            f"Top level: {_map(entries)}",
        ]
    )


def _git(status: GitStatus) -> list[str]:
    if not status.branch:
        return ["Git: not a repository"]
    count = len(status.lines) + status.more
    if not count:
        return [f"Git: branch {status.branch}, clean"]
    shown = [f"  {one_line(line, 120)}" for line in _kept_blanks(status.lines[:_STATUS_LINES])]
    if count > _STATUS_LINES:
        shown.append(f"  and {count - _STATUS_LINES:,} more")
    return [f"Git: branch {status.branch}, {count:,} changed:", *shown]


def _kept_blanks(lines: tuple[str, ...]) -> list[str]:
    """Status lines with their two signs set apart, which folding to one line would move."""
    return [f"{line[:2].replace(' ', '.')} {line[3:]}" for line in lines]


def _map(entries: list[str]) -> str:
    shown: list[str] = []
    length = 0
    for entry in entries[:_MAP_ENTRIES]:
        length += len(entry) + 1
        if length > _MAP_LENGTH:
            break
        shown.append(entry)
    more = len(entries) - len(shown)
    return " ".join(shown) + (f" and {more:,} more" if more else "") or "(empty)"
