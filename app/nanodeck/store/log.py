"""The log file: private, bounded, without keys and without anything a terminal would act on."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path

from nanodeck.contracts.text import clean
from nanodeck.store.places import Places
from nanodeck.store.private import FILE_MODE, make_folder

_FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
_MAX_BYTES = 1 << 20
_OLD_FILES = 2


def start_log(places: Places, redact: Callable[[str], str], *, verbose: bool = False) -> logging.Handler:
    """Send what nanodeck and its libraries log to the log file, made when the first line comes.

    A log that cannot be written stops nothing and says nothing. Give the handler to `stop_log`.
    """
    handler = _Log(places.log, redact)
    handler.setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.getLogger().addHandler(handler)
    logging.getLogger("nanodeck").setLevel(handler.level)
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Close the log file."""
    logging.getLogger().removeHandler(handler)
    handler.close()


class _Log(logging.Handler):
    """Most runs log nothing: what writes files that are kept small is loaded with the first line."""

    def __init__(self, path: Path, redact: Callable[[str], str]) -> None:
        super().__init__()
        self._path = path
        self._formatter = _SafeFormatter(redact)
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            self._file = _private_file(self._path)
            self._file.setFormatter(self._formatter)
        self._file.emit(record)

    def close(self) -> None:
        if self._file:
            self._file.close()
        super().close()


def _private_file(path: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    class PrivateFile(RotatingFileHandler):
        """Opens its file 0600 and keeps its own troubles off the screen."""

        def _open(self) -> TextIOWrapper:
            make_folder(Path(self.baseFilename).parent)
            return open(self.baseFilename, "a", encoding="utf-8", errors="replace", opener=_private)

        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the library's name)
            pass

    return PrivateFile(path, maxBytes=_MAX_BYTES, backupCount=_OLD_FILES, delay=True)


class _SafeFormatter(logging.Formatter):
    """Cleans and redacts the whole entry, tracebacks included; further lines are indented."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__(_FORMAT)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(clean(super().format(record))).replace("\n", "\n    ")


def _private(path: str, flags: int) -> int:
    # O_NONBLOCK: a pipe of that name must not hold up anything.
    return os.open(path, flags | os.O_NONBLOCK, FILE_MODE)
