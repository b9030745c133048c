"""Whether sessions and checkpoints are as they were written, and nobody else's to read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from nanodeck.contracts.checkup import Finding
from nanodeck.store.fsck import NEWER, check_journal, check_privacy
from nanodeck.store.journal import EVENTS_FILE
from nanodeck.store.keys import Redactor
from nanodeck.store.places import Places
from nanodeck.workspace.shadow.checking import check
from nanodeck.workspace.writing.kept import check_kept

_MOST_SHOWN = 20
_GONE = "what it held can no longer be put back; everything else can"


async def examine_storage(
    places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> list[Finding]:
    """Every journal line by line, every kept file by its hash."""
    return await asyncio.to_thread(_examined, places)


def _examined(places: Places) -> list[Finding]:
    sessions = _sessions(places.sessions)
    journals = [_journal(path) for path in sessions]
    kept = [
        Finding("checkpoints", "fault", damage, "", _GONE)
        for path in sessions
        for damage in check_kept(path / "checkpoints")
    ]
    stores = sorted(path for path in places.checkpoints.glob("*") if path.is_dir())
    kept += [
        Finding("checkpoints", "fault", f"{store}: {damage}", "", _GONE)
        for store in stores
        for damage in check(store)
    ]
    count = f"{len(sessions)} session{'s' * (len(sessions) != 1)}"
    return [
        *_shown("sessions", f"{count}, every line as it was written", [f for fs in journals for f in fs]),
        *_shown("checkpoints", "every kept file as it was", kept),
        *_shown("privacy", "what is kept is yours alone to read", _open(places)),
    ]


def _sessions(folder: Path) -> list[Path]:
    """The folders of sessions, newest first; one where nothing was said yet has no journal."""
    return sorted((path.parent for path in folder.glob(f"*/{EVENTS_FILE}")), reverse=True)


def _journal(path: Path) -> list[Finding]:
    return [
        Finding("sessions", "note" if damage.cure == NEWER else "fault", str(damage), "", damage.cure)
        for damage in check_journal(path)
    ]


def _open(places: Places) -> list[Finding]:
    return [
        Finding("privacy", "fault", str(damage), "", damage.cure)
        for folder in (places.sessions, places.checkpoints, places.trusted)
        if folder.is_dir()
        for damage in check_privacy(folder)
    ]


def _shown(topic: str, good: str, found: list[Finding]) -> list[Finding]:
    """The findings, or that there are none; of very many the first."""
    if not found:
        return [Finding(topic, "good", good)]
    more = len(found) - _MOST_SHOWN
    rest = [Finding(topic, "note", f"and {more} more of the kind")] if more > 0 else []
    return [*found[:_MOST_SHOWN], *rest]
