"""What is set, where each value comes from, which keys there are and what is wrong with the files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import msgspec

from nanodeck.contracts.checkup import Finding
from nanodeck.contracts.errors import NanodeckError
from nanodeck.engine.models import Models
from nanodeck.engine.permissions.trust import Trust
from nanodeck.store.keys import Redactor
from nanodeck.store.keystore import known_keys
from nanodeck.store.places import Places
from nanodeck.store.preferences import deck_settings, load_kept
from nanodeck.store.settings import Settings, load_settings

_CURE = "correct it: until then what was set below it holds"
_DEFAULT = "default"


async def examine_settings(
    places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> list[Finding]:
    """Values with their origins, names of keys, the model that would be called."""
    return await asyncio.to_thread(_examined, places, folder, environment, redactor)


def _examined(
    places: Places, folder: Path, environment: Mapping[str, str], redactor: Redactor
) -> list[Finding]:
    trust = Trust(places, folder)
    loaded = load_settings(places, folder, environment, allows=trust.allows)
    keys = known_keys(places, loaded.settings.key_store, loaded.settings.providers)
    problems = (*loaded.problems, *keys.problems, *load_kept(places).problems)
    found = [Finding("settings", "fault", problem, "", _CURE) for problem in problems]
    for field in msgspec.structs.fields(Settings):
        origin = loaded.origins.get(field.name, _DEFAULT)
        value = getattr(loaded.settings, field.name)
        if origin == _DEFAULT and not value and value is not False:
            continue
        shown = ", ".join(value) if field.name == "providers" else _shown(value)
        found.append(Finding("settings", "good", f"{field.name} = {shown}", origin))
    found += [
        Finding("settings", "good", f"{name} = {_shown(value)}", origin)
        for name, value, origin in deck_settings(places)
    ]
    found += [Finding("keys", "good", f"a key for {name}", keys.origins[name]) for name in sorted(keys.keys)]
    return [*found, _trust(trust), _model(places, loaded.settings, environment, redactor)]


def _trust(trust: Trust) -> Finding:
    """What the person trusts of the folder."""
    asked, where, cure = trust.question(trust.found()), str(trust.root), "the deck asks; /trust asks again"
    if asked is None:
        return Finding("trust", "good", "the folder is trusted, with every file that steers the agent", where)
    names = ", ".join(file.path for file in asked.files)
    uncounted = f"does not count: {names}"
    if asked.trusted:
        return Finding(
            "trust", "note", f"came or changed since you trusted the folder, so it {uncounted}", where, cure
        )
    what = f"not trusted, so it {uncounted}" if names else "not trusted: what may run its programs asks"
    return Finding("trust", "note", what, where, cure)


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) < _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST = 200


def _model(places: Places, settings: Settings, environment: Mapping[str, str], redactor: Redactor) -> Finding:
    models = Models(places, settings, environment, redactor)
    missing: NanodeckError | None = models.missing
    if missing:
        return Finding("model", "fault", missing.message, "", missing.advice)
    return Finding("model", "good", f"{models.ref} is called")
