"""One file of a proposal as exact bytes, and what became of it on disk since."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from nanodeck.contracts.changes import ChangeKind, Encoding


class ProposedFile(Struct, frozen=True):
    """One file of a proposal: exact bytes before and after, None where the file does not exist.

    One with `old_path` is that file under a new name, or with `copied` a second one; `old` are its bytes.
    `modes` are its rights before and after, where they change. One that is `binary` comes whole or not.
    """

    path: str
    old: bytes | None
    new: bytes | None
    note: str = ""
    encoding: Encoding = "utf-8"
    old_path: str = ""
    copied: bool = False
    modes: tuple[int, int] | None = None
    binary: bool = False

    @property
    def kind(self) -> ChangeKind:
        """What happens to the file."""
        if self.old_path:
            return "copied" if self.copied else "renamed"
        return "created" if self.old is None else "deleted" if self.new is None else "modified"

    @property
    def changes(self) -> bool:
        """Whether anything happens to it."""
        return self.old != self.new or bool(self.old_path) or self.modes is not None

    @property
    def place(self) -> str:
        """The path of the file that is there before."""
        return self.old_path if self.kind == "renamed" else self.path

    @property
    def places(self) -> tuple[str, ...]:
        """Every path whose file is written."""
        return (self.old_path, self.path) if self.kind == "renamed" else (self.path,)


class Found(Struct, frozen=True):
    """What a path holds now; no bytes where there is no file."""

    data: bytes | None
    encoding: Encoding = "utf-8"


class Ground(Struct, frozen=True):
    """What a proposal is now applied to: the file's present bytes.

    `barred` says why nothing of it applies any more, `taken` why the file cannot get its new name.
    """

    old: bytes | None
    barred: str = ""
    taken: str = ""


def ground_of(proposed: ProposedFile, found: Mapping[str, Found]) -> Ground:
    """The ground of `proposed` on a disk that holds `found`; a path that is not in it is as it was."""
    there = found.get(proposed.path)
    taken = f"{proposed.path} is there by now" if there and there.data is not None else ""
    if proposed.kind in ("created", "copied"):
        return Ground(proposed.old, taken, taken)
    now = found.get(proposed.place, Found(proposed.old, proposed.encoding))
    if now.data == proposed.old:
        return Ground(proposed.old, taken=taken if proposed.old_path else "")
    if now.data is None:
        return Ground(proposed.old, "the file is gone")
    if proposed.binary or proposed.kind == "deleted":
        return Ground(proposed.old, "the file was changed meanwhile")
    if now.encoding != proposed.encoding:
        return Ground(proposed.old, "the file is in another encoding by now")
    return Ground(now.data, taken=taken if proposed.old_path else "")
