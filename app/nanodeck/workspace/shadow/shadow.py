"""The trees of a workspace: taken, compared, read, and thrown away once they are old."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.modes import PLAIN
from nanodeck.workspace.shadow import collecting
from nanodeck.workspace.shadow.collecting import Stored
from nanodeck.workspace.shadow.repository import REFERENCES, DamagedError, Repository
from nanodeck.workspace.shadow.rights import NOTED, Rights, read_rights, usual_rights
from nanodeck.workspace.shadow.scanning import scan
from nanodeck.workspace.writing import atomic
from nanodeck.workspace.writing.blobs import digest_of

MANY = 200
"""From so many new files on they are written into one pack, not into a file each."""

AT_ONCE = 5_000
"""More are told to git in several calls: it gets slow, and what one that takes too long has done is lost."""

_AGAIN = "again"
_DIFF = ("-r", "-z", "--raw", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-abbrev")


class Taken(Struct, frozen=True):
    """A tree, and the paths that are not in it as they are, being too large, secret or unreadable."""

    tree: str
    skipped: tuple[str, ...] = ()


class Difference(Struct, frozen=True):
    """One path of two trees: what it holds by `digest_of` (None = absent) and its modes, 0 where it is not.

    `added` and `removed` count lines, none in what is no text.
    """

    path: str
    old: str | None
    new: str | None
    old_mode: int = 0
    new_mode: int = 0
    added: int = 0
    removed: int = 0


def store_of(base: Path, root: Path) -> Path:
    """Where under `base` everything of the workspace `root` is."""
    return base / digest_of(os.fsencode(root))[:16]


class Shadow:
    """Keeps what `root` held under `folder`; `left_out` are folders in it that are never kept.

    Every method may take long and raise NanodeckError; threads, sessions and processes wait for each other.
    """

    def __init__(self, folder: Path, root: Path, left_out: Sequence[Path] = ()) -> None:
        self._repository = Repository(folder, root)
        self._left_out = (folder, *left_out)
        self._last = ("", 0)
        self._noted: tuple[int, Rights | None] = (0, None)

    @property
    def folder(self) -> Path:
        """Where everything is."""
        return self._repository.folder

    def take(self, name: str, also: Iterable[Path] = ()) -> Taken:
        """Keep the workspace as it is, under `name`; files of `also` even where they are ignored."""
        own = tuple(also)
        with self._repository.locked():
            try:
                return self._taken(name, own)
            except DamagedError:
                # It only says what is known of the files: they are all looked at again.
                (self.folder / "index").unlink(missing_ok=True)
                return self._taken(name, own)

    def changed(self, before: str, after: str) -> list[Difference]:
        """What differs between two trees, by path."""
        if before == after:
            return []
        found = _differences(self._repository.git("diff-tree", *_DIFF, before, after))
        # Where the notes differ, so may the rights of files that are the same to git.
        alike = self._listed(after) if found.pop(NOTED, None) else {}
        old, new = (self._read_rights(f"{tree}:{NOTED}") for tree in (before, after))
        if old is None or new is None:
            return list(found.values())
        every = [_with_rights(d, old, new) for d in (alike | found).values()]
        different = [d for d in every if (d.old, d.old_mode) != (d.new, d.new_mode)]
        return sorted(different, key=lambda difference: os.fsencode(difference.path))

    def read(self, digests: Iterable[str]) -> dict[str, bytes]:
        """What files and links held, by digest; what is not kept any more is not among it."""
        wanted = "".join(f"{digest}\n" for digest in dict.fromkeys(digests))
        if not wanted or not self.folder.exists():
            return {}
        return _contents(self._repository.git("cat-file", "--batch", given=wanted.encode()))

    def find(self, name: str) -> str:
        """The tree that is kept as `name`, empty where none is."""
        try:
            return atomic.load(self._reference(name)).decode().strip()
        except OSError:
            return ""

    def forget(self, *names: str) -> None:
        """Keep trees no longer; their room is free after the next `collect`."""
        with self._repository.locked():
            for name in names:
                self._reference(name).unlink(missing_ok=True)

    def collect(self, days: float, size: int) -> None:
        """Let go of unnamed trees older than `days`, then of the oldest until all takes `size` bytes."""
        with _told():
            collecting.collect(self._repository, days, size)

    def overdue(self, days: float, size: int) -> bool:
        """Whether `collect` would let go of something."""
        with _told():
            return collecting.overdue(self._repository, days, size)

    def tidy(self) -> None:
        """Pack what lies about, where that is a lot."""
        with _told():
            collecting.tidy(self._repository)

    def stored(self) -> Stored:
        """What all of it takes now."""
        with _told():
            return collecting.stored(self._repository)

    def trees(self) -> frozenset[str]:
        """Every tree that is kept."""
        with _told():
            return collecting.trees(self._repository)

    def _taken(self, name: str, also: Sequence[Path]) -> Taken:
        known = self._rights()
        if known is None:
            # Of files that the index knows already nobody would ask again.
            (self.folder / "index").unlink(missing_ok=True)
        found = scan(self._repository, self._left_out, also, self._read_again())
        self._repository.write(_AGAIN, b"\0".join(found.again))
        if found.gone:
            self._update("--force-remove", paths=found.gone)
        if found.kept:
            options = ("-c", "core.bigFileThreshold=1") if len(found.kept) > MANY else ()
            self._update("--add", "--remove", "--replace", paths=tuple(found.kept), options=options)
        self._note(known, (known or usual_rights(found.kept.values())).changed(found.kept, found.gone))
        tree = self._tree()
        self._keep(name, tree)
        return Taken(tree, found.skipped)

    def _read_again(self) -> list[bytes]:
        """What the last scan wants to be looked at in the next one."""
        with suppress(FileNotFoundError):
            return list(filter(None, (self.folder / _AGAIN).read_bytes().split(b"\0")))
        return []

    def _rights(self) -> Rights | None:
        """Those noted in the index; None where there are none."""
        stamp = self._stamp()
        if self._noted[0] != stamp:
            self._noted = (stamp, self._read_rights(f":{NOTED}"))
        return self._noted[1]

    def _read_rights(self, name: str) -> Rights | None:
        """Those that an object has noted; None where there is no such."""
        said = self._repository.git("cat-file", "--batch", given=f"{name}\n".encode())
        return next(map(read_rights, _contents(said).values()), None)

    def _listed(self, tree: str) -> dict[str, Difference]:
        """Every file of a tree, as one that is the same before and after."""
        lines = self._repository.git("ls-tree", "-r", "-z", tree).split(b"\0")[:-1]
        split = (line.split(b"\t", 1) for line in lines)
        found = ((os.fsdecode(path), *about.decode().split(" ")) for about, path in split)
        return {
            path: Difference(path, digest, digest, int(mode, 8), int(mode, 8))
            for path, mode, _, digest in found
            if path != NOTED
        }

    def _note(self, known: Rights | None, now: Rights) -> None:
        if now is not known:
            digest = self._repository.git("hash-object", "-w", "--stdin", given=now.noted()).decode().strip()
            self._repository.git("update-index", "--add", "--cacheinfo", f"{PLAIN:o},{digest},{NOTED}")
        self._noted = (self._stamp(), now)

    def _stamp(self) -> int:
        """Tells an index from one before it; 0 for none."""
        index = self.folder / "index"
        return index.stat().st_mtime_ns if index.exists() else 0

    def _update(self, *args: str, paths: Sequence[bytes], options: Sequence[str] = ()) -> None:
        for first in range(0, len(paths), AT_ONCE):
            given = b"".join(path + b"\0" for path in paths[first : first + AT_ONCE])
            self._repository.git("update-index", *args, "-z", "--stdin", given=given, options=options)

    def _tree(self) -> str:
        """The tree of the index; that of an index that is as it was is known."""
        if self._last[1] != self._stamp() or not self._last[0]:
            tree = self._repository.git("write-tree").decode().strip()
            # Writing the tree writes the index, too.
            self._last = (tree, self._stamp())
            self._noted = (self._last[1], self._noted[1])
        return self._last[0]

    def _keep(self, name: str, tree: str) -> None:
        atomic.make_private(self._reference(name).parent)
        self._repository.write(f"{REFERENCES}/{name}", f"{tree}\n".encode())

    def _reference(self, name: str) -> Path:
        return self.folder / REFERENCES / name


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NanodeckError(f"checkpoints: {error}") from error


def _with_rights(difference: Difference, old: Rights, new: Rights) -> Difference:
    path = difference.path
    modes = old.mode(path, difference.old_mode), new.mode(path, difference.new_mode)
    return replace(difference, old_mode=modes[0], new_mode=modes[1])


def _differences(said: bytes) -> dict[str, Difference]:
    """`--raw --numstat -z`: first a header and a path for each file, then its numbers."""
    fields = said.split(b"\0")[:-1]
    found: dict[str, Difference] = {}
    numbers: dict[str, tuple[int, int]] = {}
    rest = iter(fields)
    for field in rest:
        if field.startswith(b":"):
            path = os.fsdecode(next(rest))
            old_mode, new_mode, old, new, _ = field[1:].decode().split(" ")
            modes = int(old_mode, 8), int(new_mode, 8)
            found[path] = Difference(path, old if modes[0] else None, new if modes[1] else None, *modes)
        else:
            added, removed, name = field.split(b"\t", 2)
            numbers[os.fsdecode(name)] = (_count(added), _count(removed))
    return {
        d.path: Difference(d.path, d.old, d.new, d.old_mode, d.new_mode, *numbers.get(d.path, (0, 0)))
        for d in found.values()
    }


def _count(number: bytes) -> int:
    return int(number) if number.isdigit() else 0


def _contents(said: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    at = 0
    while at < len(said):
        end = said.index(b"\n", at)
        digest, kind, *size = said[at:end].decode().split(" ")
        at = end + 1
        if kind == "missing":
            continue
        found[digest] = said[at : at + int(size[0])]
        at += int(size[0]) + 1
    return found
