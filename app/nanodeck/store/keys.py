"""API keys: one private file, and a redactor that keeps them out of everything else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct, field

from nanodeck.contracts.discreet import Discreet, hide_keys
from nanodeck.contracts.errors import SettingsError
from nanodeck.core.secrets import SHORTEST, hide
from nanodeck.store.places import Places
from nanodeck.store.plain import read_plain
from nanodeck.store.private import FILE_MODE, write_private
from nanodeck.store.toml import BrokenToml, decode_toml, read_toml


class KeyFile(Discreet, Struct, frozen=True):
    """The stored keys by provider, and what is wrong with the file. Never printed."""

    hidden = frozenset({"keys"})

    keys: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_keys(places: Places) -> KeyFile:
    """Every stored key; a file others could read is made private first, which counts as a problem."""
    try:
        problems = _tighten(places.keys)
        table = read_toml(places.keys)
    except FileNotFoundError:
        return KeyFile()
    except OSError as error:
        return KeyFile(problems=(f"{places.keys}: cannot be read: {error.strerror}",))
    except BrokenToml as error:
        # Without the parser's own words: they may quote a part of a key.
        return KeyFile(problems=(f"{places.keys}:{error.line}: not valid TOML",))
    odd = [name for name, value in table.items() if not isinstance(value, str)]
    problems += tuple(f"{places.keys}: {name}: a key must be text" for name in odd)
    return KeyFile({name: value for name, value in table.items() if isinstance(value, str)}, problems)


def store_key(places: Places, provider: str, key: str) -> None:
    """Keep `key` for `provider`; other keys and comments stay. Raises SettingsError."""
    import tomlkit

    try:
        text = decode_toml(places.keys, read_plain(places.keys)) if places.keys.exists() else ""
        document = tomlkit.parse(text)
        document[provider] = key
        write_private(places.keys, tomlkit.dumps(document).encode())
    except OSError as error:
        raise SettingsError(f"{places.keys}: cannot be written: {error.strerror}") from None
    except (BrokenToml, ValueError):
        raise SettingsError(f"{places.keys}: not valid TOML, so the key was not stored") from None


def redact(text: str, secrets: Iterable[str]) -> str:
    """`text` without any of `secrets` and without what looks like a key anyway."""
    return hide_keys(hide(text, [secret for secret in secrets if len(secret) >= SHORTEST]))


class Redactor:
    """Knows the keys in use and takes them out of any text on its way to a log or a screen."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = {secret for secret in secrets if secret}

    def add(self, *secrets: str) -> None:
        """Hide `secrets` from now on."""
        self._secrets.update(filter(None, secrets))

    @property
    def known(self) -> tuple[str, ...]:
        """What is hidden wherever it stands."""
        return tuple(secret for secret in self._secrets if len(secret) >= SHORTEST)

    def redact(self, text: str) -> str:
        """`text` without any known or likely key."""
        return redact(text, self._secrets)


def _tighten(path: Path) -> tuple[str, ...]:
    """Take away what group and others may do with `path`."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & 0o077:
        return ()
    os.chmod(path, FILE_MODE)
    return (f"{path}: others could read it (mode {mode:04o}); it is 0600 now: renew what may have been read",)
