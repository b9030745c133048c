"""Changing the person's settings file: comments, order and everything else in it stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nanodeck.contracts.errors import SettingsError
from nanodeck.store.places import Places
from nanodeck.store.plain import read_plain
from nanodeck.store.private import write_private
from nanodeck.store.toml import decode_toml, parse_toml

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def add_provider(places: Places, name: str, base_url: str, model: str, key_env: str = "") -> None:
    """Store a provider and make `name/model` the model to start with. Raises SettingsError.

    A provider that is there already keeps its other models and settings.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{name!r} cannot name a provider: use small letters, digits, '.', '_' and '-'")

    def change(document: TOMLDocument) -> None:
        import tomlkit

        if "providers" not in document:
            document["providers"] = tomlkit.table(is_super_table=True)
        providers = document["providers"]
        if not isinstance(providers, dict):
            raise SettingsError(f"{places.settings}: providers must be tables, as in [providers.{name}]")
        if not isinstance(providers.get(name), dict):
            providers[name] = tomlkit.table()
        provider = providers[name]
        provider["base_url"] = base_url
        listed = provider.get("models")
        known = list(listed) if isinstance(listed, list) else []
        if model and model not in known:
            provider["models"] = [*known, model]
        if key_env:
            provider["key_env"] = key_env
        if model:
            document["model"] = f"{name}/{model}"

    change_file(places.settings, change)


def set_value(places: Places, table: str, name: str, value: bool | str) -> None:
    """Set `name` in `[table]`. Raises SettingsError."""

    def change(document: TOMLDocument) -> None:
        import tomlkit

        if table not in document:
            document[table] = tomlkit.table()
        values = document[table]
        if not isinstance(values, dict):
            raise SettingsError(f"{places.settings}: {table} must be a table, as in [{table}]")
        values[name] = value

    change_file(places.settings, change)


def change_file(path: Path, change: Callable[[TOMLDocument], None]) -> None:
    """Apply `change` to a file, which is left alone unless it and the outcome are valid TOML.

    Raises SettingsError.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        text = decode_toml(path, read_plain(path)) if path.exists() else ""
        parse_toml(path, text)
        document = tomlkit.parse(text)
        change(document)
        changed = tomlkit.dumps(document)
        parse_toml(path, changed)
        write_private(path, changed.encode())
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written: {error.strerror}") from None
    except TOMLKitError as error:
        raise SettingsError(f"{path}: cannot be changed: {error}") from None
