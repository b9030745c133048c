"""Opening files that may be anything by now: what is no plain file is an error, never waited for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 1 << 22
"""More than any file that steers nanodeck holds."""


def open_plain(path: Path, most: int | None = None) -> BinaryIO:
    """The file at `path`, to be read. Raises OSError, also where it holds more than `most` bytes."""
    # O_NONBLOCK: opening a pipe waits for its other end.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        check_plain(status)
        if most is not None and status.st_size > most:
            raise OSError(errno.EFBIG, f"larger than {most >> 20} MB")
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def read_plain(path: Path, most: int = MOST_BYTES) -> bytes:
    """What the file at `path` holds. Raises OSError, also where that is more than `most` bytes."""
    with open_plain(path, most) as file:
        return file.read()


def check_plain(status: os.stat_result) -> None:
    """Raises OSError for what is no plain file."""
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a plain file")
