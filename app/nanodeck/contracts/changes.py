"""Changes to files as values: what is proposed, decided and applied."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

ChangeKind = Literal["modified", "created", "deleted", "renamed", "copied"]
Author = Literal["agent", "you"]
Encoding = Literal["utf-8", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
ENCODING_NAMES: dict[Encoding, str] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
}
Mark = Literal["undecided", "accepted", "rejected", "edited"]


class Hunk(Struct, frozen=True, omit_defaults=True):
    """One hunk in unified form.

    `body` holds its lines joined by newlines, each starting with ' ', '-', '+' or '\\' as in a
    unified diff; a carriage return before the newline stays in the text. Line numbers are 1-based.
    A hunk without lines stands for what happens to the file itself: a new name, new rights, bytes that
    are no text. `stale` says why it no longer applies.
    """

    id: int
    old_start: int
    old_count: int
    new_start: int
    new_count: int
    section: str
    body: str
    stale: str = ""

    @property
    def added(self) -> int:
        """Number of added lines."""
        return self.body.count("\n+") + self.body.startswith("+")

    @property
    def removed(self) -> int:
        """Number of removed lines."""
        return self.body.count("\n-") + self.body.startswith("-")


class FileDiff(Struct, frozen=True, omit_defaults=True):
    """What happens to one file; `note` says how an inexact edit was matched, `encoding` how it is written.

    `old_path` is where it was renamed or copied from, `modes` its rights before and after where they
    change, `sizes` its bytes before and after where they are no text.
    """

    path: str
    kind: ChangeKind
    hunks: tuple[Hunk, ...]
    added: int = 0
    removed: int = 0
    note: str = ""
    encoding: Encoding = "utf-8"
    old_path: str = ""
    modes: tuple[int, int] | None = None
    sizes: tuple[int, int] | None = None
    author: Author = "agent"

    @property
    def digest(self) -> str:
        """Names this diff of the file: another one has another digest."""
        # Loaded where files are marked, not before the first frame.
        from hashlib import blake2b

        from msgspec.msgpack import encode

        return blake2b(encode(self), digest_size=8).hexdigest()

    @property
    def whole(self) -> bool:
        """Whether the file comes or goes as one: there is no other version to take lines from."""
        return self.kind in ("created", "deleted")


def revised(file: FileDiff, gone: tuple[int, ...], hunks: tuple[Hunk, ...]) -> FileDiff:
    """`file` with `hunks` in the place of those in `gone`."""
    kept = [hunk for hunk in file.hunks if hunk.id not in gone]
    ordered = sorted((*kept, *hunks), key=lambda hunk: (hunk.old_start, hunk.new_start))
    return replace(file, hunks=tuple(ordered))


class HunkMark(Struct, frozen=True, omit_defaults=True):
    """The decision on one hunk of one file.

    `lines` narrows "accepted" to those lines of the body (0-based, added and removed ones); empty for
    all of them. `text` is what an "edited" hunk's lines become, context included.
    """

    path: str
    hunk: int
    mark: Mark
    lines: tuple[int, ...] = ()
    text: str = ""


class Changeset(Struct, frozen=True, omit_defaults=True):
    """Neighbouring edits of one model message, reviewed and written together.

    `plan`: no edit but a plan that is handed in, its whole document one hunk.
    """

    id: str
    calls: tuple[str, ...]
    files: tuple[FileDiff, ...]
    plan: bool = False


class AppliedFile(Struct, frozen=True):
    """What a write did to one file, counted on the bytes really written."""

    path: str
    kind: ChangeKind
    added: int
    removed: int
    old_path: str = ""
