"""Where a person's settings, keys, sessions, caches and log live."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

HOME_VARIABLE = "NANODECK_HOME"


class Places(Struct, frozen=True):
    """Files (`settings`, `keys`, `remembered`, `log`) and folders (the others); none is made."""

    settings: Path
    keys: Path
    remembered: Path
    sessions: Path
    checkpoints: Path
    trusted: Path
    cache: Path
    log: Path

    @property
    def config(self) -> Path:
        """The folder of the person's own settings and instruction files."""
        return self.settings.parent

    @property
    def own(self) -> tuple[Path, ...]:
        """What no agent ever writes."""
        kept = (self.sessions, self.trusted, self.checkpoints, self.cache)
        return (self.settings, self.keys, self.remembered, *kept, self.log)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Places:
        """The platform's folders, or everything under NANODECK_HOME when that is set."""
        if home := environment.get(HOME_VARIABLE):
            return cls.under(Path(home).expanduser().absolute())
        from platformdirs import PlatformDirs

        folders = PlatformDirs("nanodeck", appauthor=False)
        return cls(
            settings=folders.user_config_path / "settings.toml",
            keys=folders.user_config_path / "keys.toml",
            remembered=folders.user_state_path / "deck.json",
            sessions=folders.user_state_path / "sessions",
            checkpoints=folders.user_state_path / "checkpoints",
            trusted=folders.user_state_path / "trusted",
            cache=folders.user_cache_path,
            log=folders.user_log_path / "nanodeck.log",
        )

    @classmethod
    def under(cls, home: Path) -> Places:
        """Everything in the one folder `home`."""
        return cls(
            settings=home / "settings.toml",
            keys=home / "keys.toml",
            remembered=home / "deck.json",
            sessions=home / "sessions",
            checkpoints=home / "checkpoints",
            trusted=home / "trusted",
            cache=home / "cache",
            log=home / "nanodeck.log",
        )
