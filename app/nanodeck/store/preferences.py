"""The deck's part of the settings (`[deck]`, `[keys]`), and the file of what it remembers by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nanodeck.contracts.errors import SettingsError
from nanodeck.contracts.preferences import CHOICES, Kept, Preferences
from nanodeck.store.places import Places
from nanodeck.store.plain import read_plain
from nanodeck.store.toml import BrokenToml, decode_toml, line_of, parse_toml


def load_kept(places: Places) -> Kept:
    """What there is; a wrong value is a problem and leaves the default."""
    path = places.settings
    text, tables = _read(path)
    deck, found = _values(path, text, "deck", tables.get("deck", {}), _preference)
    keys, unusable = _values(path, text, "keys", tables.get("keys", {}), _keys)
    return Kept(Preferences(**deck), keys, load_remembered(places), (*found, *unusable), str(path))


def deck_settings(places: Places) -> Iterator[tuple[str, object, str]]:
    """What of the deck's part is set and can be used: name, value, and `file:line`."""
    path = places.settings
    text, tables = _read(path)
    for table, convert in (("deck", _preference), ("keys", _keys)):
        usable, _ = _values(path, text, table, tables.get(table, {}), convert)
        for keys, _value in _flat(tables.get(table, {})) if usable else ():
            if (name := ".".join(keys)) in usable:
                yield f"{table}.{name}", usable[name], f"{path}:{line_of(text, (table, *keys))}"


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    """The text and the tables of the settings; what is wrong with the file is said with all the others."""
    try:
        text = decode_toml(path, read_plain(path))
        return text, parse_toml(path, text)
    except (OSError, BrokenToml):
        return "", {}


def load_remembered(places: Places) -> dict[str, Any]:
    """What the deck remembers; nothing where that cannot be read."""
    try:
        data = read_plain(places.remembered)
    except OSError:
        return {}
    import json

    try:
        remembered = json.loads(data)
    except ValueError:
        return {}
    return remembered if isinstance(remembered, dict) else {}


def save_preference(places: Places, name: str, value: bool | str) -> None:
    """Set one preference in the person's settings. Raises SettingsError."""
    from nanodeck.store.settings_file import set_value

    try:
        checked = _preference(name, value)
    except ValueError as error:
        raise SettingsError(f"deck.{name}: {error}") from None
    set_value(places, "deck", name, checked)


def remember(places: Places, name: str, value: Any) -> None:
    """Keep `value` under `name`; None forgets it. Raises OSError."""
    import json

    from nanodeck.store.private import write_private

    remembered = load_remembered(places)
    remembered.pop(name, None)
    if value is not None:
        remembered[name] = value
    write_private(places.remembered, json.dumps(remembered, indent=1).encode())


def _values(path: Path, text: str, table: str, raw: object, convert: Any) -> tuple[dict[str, Any], list[str]]:
    if not isinstance(raw, Mapping):
        return {}, [f"{path}:{line_of(text, (table,))}: {table}: must be a table, as in [{table}]"]
    values, problems = {}, []
    for keys, value in _flat(raw):
        name = ".".join(keys)
        try:
            values[name] = convert(name, value)
        except ValueError as error:
            problems.append(f"{path}:{line_of(text, (table, *keys))}: {table}.{name}: {error}")
    return values, problems


def _flat(table: Mapping[str, Any], before: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Values by their keys: `diff.accept = "y"` is a table in a table to TOML."""
    flat = []
    for name, value in table.items():
        keys = (*before, name)
        flat += _flat(value, keys) if isinstance(value, Mapping) else [(keys, value)]
    return flat


def _preference(name: str, value: object) -> bool | str:
    default = Preferences()._asdict().get(name)
    if default is None:
        from difflib import get_close_matches

        near = get_close_matches(name, Preferences._fields, 1)
        raise ValueError(f"there is no such setting{f', did you mean {near[0]}?' if near else ''}")
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ValueError("expected true or false")
        return value
    if not isinstance(value, str):
        raise ValueError("expected text")
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"expected one of {', '.join(CHOICES[name])}")
    return value


def _keys(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list) and all(isinstance(key, str) for key in value):
        return tuple(value)
    raise ValueError("expected a key, or a list of keys")
