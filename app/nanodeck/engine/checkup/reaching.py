"""Which providers can be reached, with which key by name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from nanodeck.contracts.checkup import Finding
from nanodeck.contracts.queries import ModelList
from nanodeck.engine.models import Models
from nanodeck.engine.permissions.trust import Trust
from nanodeck.providers.resolve import DEMO
from nanodeck.store.keys import Redactor
from nanodeck.store.places import Places
from nanodeck.store.settings import load_settings


async def examine_providers(
    places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> list[Finding]:
    """Every configured provider and local server, asked for its models."""
    allows = Trust(places, folder).allows
    loaded = await asyncio.to_thread(load_settings, places, folder, environment, allows=allows)
    models = Models(places, loaded.settings, environment, redactor)
    try:
        lists = await models.list_all()
    finally:
        await models.close()
    used = models.ref.provider if models.ref else ""
    found = [_finding(listed, used) for listed in lists if listed.provider != DEMO.provider]
    if not found:
        cure = "start a local server, or add one: /model in the deck"
        found.append(Finding("providers", "note", "none is set up, and no local server answers", "", cure))
    return found


def _finding(listed: ModelList, used: str) -> Finding:
    """What came of asking one provider: a fault only of the one in use, or of any where none is."""
    if listed.error:
        cure = "is it running, is its address right? /model in the deck tries another"
        named = listed.error.startswith(listed.provider)
        text = listed.error if named else f"{listed.provider}: {listed.error}"
        return Finding(
            "providers", "fault" if used in ("", listed.provider) else "note", text, listed.source, cure
        )
    count = f"{len(listed.models)} model{'s' * (len(listed.models) != 1)}"
    return Finding("providers", "good", f"{listed.provider}: {count}", listed.source)
