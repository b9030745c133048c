"""The folders that a person trusts: the files that steer nanodeck there, as they were then."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from nanodeck.store.plain import read_plain
from nanodeck.store.private import write_private


class TrustedFile(Struct, frozen=True):
    """A file as it was: the hash of its bytes, and its text, to say what changed since."""

    digest: str
    text: str


class _Record(Struct, frozen=True):
    folder: str
    files: dict[str, TrustedFile]


class TrustedFolders:
    """Keeps one record a folder, under the hash of its path in `store`."""

    def __init__(self, store: Path) -> None:
        self._store = store

    def files(self, folder: Path) -> dict[str, TrustedFile] | None:
        """The trusted files of `folder` by their path in it; None where it is not trusted at all.

        A record that is damaged is none.
        """
        try:
            record = msgspec.json.decode(read_plain(self._path(folder)), type=_Record)
        except (OSError, msgspec.MsgspecError):
            return None
        return record.files if record.folder == str(folder) else None

    def keep(self, folder: Path, files: Mapping[str, TrustedFile]) -> None:
        """Trust `folder`, and `files` of it and no others. Raises OSError."""
        write_private(self._path(folder), msgspec.json.encode(_Record(str(folder), dict(files))))

    def forget(self, folder: Path) -> None:
        """Trust nothing of `folder` any more. Raises OSError."""
        self._path(folder).unlink(missing_ok=True)

    def _path(self, folder: Path) -> Path:
        return self._store / f"{hashlib.sha256(str(folder).encode()).hexdigest()[:32]}.json"


def trusted_file(data: bytes) -> TrustedFile:
    """`data` as it is trusted."""
    return TrustedFile(hashlib.sha256(data).hexdigest(), data.decode("utf-8", "replace"))
