"""A look over everything nanodeck depends on: `examine` finds, each module looks at one thing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.checkup import Finding
from nanodeck.engine.checkup.machine import examine_judge, examine_programs, examine_sandbox
from nanodeck.engine.checkup.reaching import examine_providers
from nanodeck.engine.checkup.settled import examine_settings
from nanodeck.engine.checkup.stored import examine_storage
from nanodeck.store.keys import Redactor
from nanodeck.store.places import Places

_log = logging.getLogger(__name__)

_Look = Callable[[Places, Path, Mapping[str, str], Redactor], Awaitable[list[Finding]]]
_LOOKS: tuple[_Look, ...] = (
    examine_settings,
    examine_sandbox,
    examine_judge,
    examine_programs,
    examine_providers,
    examine_storage,
)


async def examine(
    places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> tuple[Finding, ...]:
    """Everything there is to find, in one order; keys are taken out of every word. Changes nothing."""
    looked = await asyncio.gather(*(_guarded(look, places, folder, environment, redactor) for look in _LOOKS))
    return tuple(
        replace(finding, text=redactor.redact(finding.text), cure=redactor.redact(finding.cure))
        for findings in looked
        for finding in findings
    )


async def _guarded(
    look: _Look, places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> list[Finding]:
    """What a look finds; one that fails is a finding itself, and the others go on."""
    try:
        return await look(places, folder, environment, redactor)
    except Exception as error:
        _log.exception("checkup")
        topic = look.__name__.removeprefix("examine_")
        cure = f"the log has more: {places.log}"
        return [Finding(topic, "fault", f"could not be looked at: {type(error).__name__}: {error}", "", cure)]
