"""Where keys are kept: the private file, or the desktop's keyring in front of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from nanodeck.contracts.discreet import Discreet
from nanodeck.contracts.errors import SettingsError
from nanodeck.store.keyring import read_keyring, store_in_keyring
from nanodeck.store.keys import read_keys, store_key
from nanodeck.store.places import Places
from nanodeck.store.settings import KeyPlace


class KnownKeys(Discreet, Struct, frozen=True):
    """The kept keys by provider, where each comes from, and what is wrong. Never printed."""

    hidden = frozenset({"keys"})

    keys: dict[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def known_keys(places: Places, place: KeyPlace, providers: Iterable[str]) -> KnownKeys:
    """Every key in the file, and with a keyring those it has for `providers`, which come first."""
    kept = read_keys(places)
    origins = dict.fromkeys(kept.keys, str(places.keys))
    if place == "file":
        return KnownKeys(kept.keys, origins, kept.problems)
    try:
        ringed = read_keyring(providers)
    except SettingsError as error:
        return KnownKeys(kept.keys, origins, (*kept.problems, f"{error.message}; {error.advice}"))
    return KnownKeys(kept.keys | ringed, origins | dict.fromkeys(ringed, "keyring"), kept.problems)


def keep_key(places: Places, place: KeyPlace, provider: str, key: str) -> None:
    """Keep `key` for `provider` where keys are kept. Raises SettingsError."""
    if place == "keyring":
        store_in_keyring(provider, key)
    else:
        store_key(places, provider, key)
