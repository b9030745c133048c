"""The text of a reply on disk as it comes: a process that is killed loses nothing that was on the screen."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from nanodeck.core.secrets import SecretFilter, Secrets
from nanodeck.store.plain import read_plain
from nanodeck.store.private import FILE_MODE

_log = logging.getLogger(__name__)


class Partial:
    """Keeps one reply, until the next takes its place; not synced, as the journal gets the whole."""

    def __init__(self, path: Path, reply: str, secrets: Secrets = tuple) -> None:
        self._path = path
        self._reply = reply
        self._filter = SecretFilter(secrets)
        self._file: int | None = None
        self._refused = False

    def add(self, text: str) -> None:
        """More of the reply; a disk that takes nothing more is no reason to stop."""
        try:
            if self._file is None and not self._refused:
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK
                self._file = os.open(self._path, flags, FILE_MODE)
                os.write(self._file, f"{self._reply}\n".encode())
            if self._file is not None:
                os.write(self._file, self._filter.feed(text).encode(errors="replace"))
        except OSError as error:
            _log.warning("the open reply is not kept: %s", error)
            self._refused = True
            self.close()

    def close(self) -> None:
        """Nothing more comes."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def left_of(path: Path) -> tuple[str, str]:
    """The id and the text of the reply that was kept last; empty where there is none."""
    try:
        reply, _, text = read_plain(path).decode(errors="replace").partition("\n")
    except OSError:
        return "", ""
    return reply, text
