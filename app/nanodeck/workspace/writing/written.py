"""What was written, as it is noted: files before and after, by digest."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.rewinding import Rewound
from nanodeck.workspace.modes import agree
from nanodeck.workspace.shadow.restoring import Restored, Version
from nanodeck.workspace.writing.blobs import digest_of
from nanodeck.workspace.writing.transaction import FileWrite

# Bytes of a name that are no text stand for themselves after a NUL, which no name can hold.
_FIRST = 0xDC00
_STRAY = re.compile("[\udc80-\udcff]")
_ESCAPED = re.compile("\0([89a-f][0-9a-f])")
_MARK = b"\\u0000"


def number_of(name: str) -> int:
    """The number in an id of a session's: they count up, whatever they are of; 0 for no id."""
    return int(name.rpartition("-")[2] or 0)


class WrittenFile(Struct, frozen=True, omit_defaults=True):
    """One file's content before and after, by digest (None = absent); `mode` is that of the old one.

    `origin` is the path that a file was moved from. A command's `new_mode` tells links and rights, too.
    """

    path: str
    old: str | None
    new: str | None
    mode: int | None = None
    origin: str = ""
    new_mode: int | None = None


class Written(Struct, frozen=True, omit_defaults=True):
    """One changeset; `folders` are those the write makes, `turn` is when it was.

    `back`: no agent wrote it, a person took back what one had written. `call` is the shell command that
    changed the files; the bytes are not kept here then, but with the checkpoints of the workspace.
    With `rewound` the person went back to before a turn, it is told once the files are there; `loaded` is
    the checkpoint that was loaded.
    """

    changeset: str
    files: tuple[WrittenFile, ...]
    folders: tuple[str, ...] = ()
    turn: str = ""
    back: bool = False
    call: str = ""
    rewound: Rewound | None = None
    loaded: str = ""

    @property
    def has_modes(self) -> bool:
        """Whether links and rights were changed with the bytes."""
        return bool(self.call or self.rewound or self.loaded)


def encoded(written: Written) -> bytes:
    """It as JSON, also where the names of files are no text."""
    try:
        return msgspec.json.encode(written)
    except UnicodeEncodeError:
        files = tuple(replace(file, path=_STRAY.sub(_escaped, file.path)) for file in written.files)
        return msgspec.json.encode(replace(written, files=files))


def decoded(data: bytes) -> Written:
    """What `encoded` gave. Raises msgspec.MsgspecError."""
    written = msgspec.json.decode(data, type=Written)
    if _MARK not in data:
        return written
    files = tuple(replace(file, path=_ESCAPED.sub(_stray, file.path)) for file in written.files)
    return replace(written, files=files)


def _escaped(found: re.Match[str]) -> str:
    return f"\0{ord(found[0]) - _FIRST:02x}"


def _stray(found: re.Match[str]) -> str:
    return chr(int(found[1], 16) + _FIRST)


class Side(Struct, frozen=True):
    """One file before or after a changeset."""

    digest: str | None
    mode: int | None

    def is_held(self, version: Version | None, with_mode: bool) -> bool:
        """Whether `version` is that."""
        if version is None or self.digest is None:
            return version is None and self.digest is None
        same = not with_mode or agree(version.mode, self.mode or 0)
        return same and digest_of(version.data) == self.digest

    def version(self, kept: Mapping[str, bytes], present: Version | None, with_mode: bool) -> Version | None:
        """It with its bytes; what is `present` keeps its rights but `with_mode`."""
        if self.digest is None:
            return None
        mode = present.mode if present and not with_mode else self.mode
        return Version(kept[self.digest], mode or 0)


def noted(file: Restored) -> WrittenFile:
    """What is noted of a file that is restored."""
    old, new = file.present, file.target
    return WrittenFile(
        str(file.path),
        digest_of(old.data) if old else None,
        digest_of(new.data) if new else None,
        old.mode if old else None,
        new_mode=new.mode if new else None,
    )


def exact_write(file: Restored) -> FileWrite:
    """A restored file as a write of its bytes."""
    present, target = file.present, file.target
    mode = stat.S_IMODE(target.mode) if target and target.mode and present is None else None
    return FileWrite(file.path, present.data if present else None, target.data if target else None, mode)
