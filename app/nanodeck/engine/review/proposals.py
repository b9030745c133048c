"""Staged edits as a proposal to review, and what their files hold by now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.rules import Why
from nanodeck.core.review import Found, ProposedFile, Target
from nanodeck.workspace.encoding import encoding_of, is_text
from nanodeck.workspace.writing.atomic import anchor_of, is_anchored, read_file
from nanodeck.workspace.writing.staging import StagedFile
from nanodeck.workspace.writing.transaction import FileWrite


class StagedEdit(Struct, frozen=True):
    """What one call of a batch staged: the files as shown, and its result where they stay as they are."""

    call: str
    paths: frozenset[str]
    text: str
    summary: str


class Proposal(Struct, frozen=True):
    """Edits of one batch, staged; `why` decides on them as of now."""

    agent: str
    edits: tuple[StagedEdit, ...]
    files: Sequence[StagedFile]
    why: Callable[[], Why]

    @property
    def calls(self) -> tuple[str, ...]:
        """The ids of the calls that the edits are."""
        return tuple(edit.call for edit in self.edits)

    def writes(self, targets: Sequence[Target]) -> list[FileWrite]:
        """What is to be written for `targets`."""
        staged = {file.shown: file for file in self.files}
        return [_write_of(staged[target.path], target) for target in targets]

    def swapped(self) -> tuple[Path, ...]:
        """The folders that are not those any more in which files were found."""
        anchors = dict.fromkeys(file.anchor for file in self.files if file.anchor)
        return tuple(anchor.path for anchor in anchors if not is_anchored(anchor))

    def anchored(self) -> Proposal:
        """The same for the folders as they are now."""
        return replace(self, files=[replace(f, anchor=anchor_of(f.path.parent)) for f in self.files])

    def found(self) -> dict[str, Found]:
        """What the files of the proposal hold now. Raises ToolError where one cannot be read."""
        return {file.shown: _found(file) for file in self.files if not file.folder}


def proposed_files(files: Sequence[StagedFile]) -> Iterator[ProposedFile]:
    """`files` as they are reviewed: a file that went and came elsewhere is one with a new name."""
    by_path = {file.path: file for file in files}
    renamed = dict(_renames(by_path))
    for file in files:
        if file.path in renamed.values():
            continue
        if file.origin is None or file.old is not None or file.new is None:
            made = between(file.shown, file.old, file.new, file.note)
            # What a model writes is text: nothing of a new file is hidden by calling it binary.
            yield made if file.old is not None else replace(made, binary=False)
        else:
            made = between(file.shown, file.origin.data, file.new, file.note, file.origin.shown)
            yield replace(made, copied=file.path not in renamed)


def between(
    path: str, old: bytes | None, new: bytes | None, note: str = "", old_path: str = ""
) -> ProposedFile:
    """What leads from one version of a file to the other."""
    data = (new if old is None else old) or b""
    return ProposedFile(path, old, new, note, encoding_of(data), old_path, binary=not is_text(data))


def _renames(by_path: Mapping[Path, StagedFile]) -> Iterator[tuple[Path, Path]]:
    """The new path and the old one of every file that is moved; a path is left only once."""
    left: set[Path] = set()
    for path, file in by_path.items():
        if file.origin is None or file.old is not None or file.new is None:
            continue
        source = by_path.get(file.origin.path)
        if source and source.new is None and source.path not in left:
            left.add(source.path)
            yield path, source.path


def _write_of(file: StagedFile, target: Target) -> FileWrite:
    origin = file.origin.path if file.origin and file.old is None else None
    return FileWrite(file.path, target.old, target.new, file.mode, file.folder, origin, file.anchor)


def _found(file: StagedFile) -> Found:
    data = read_file(file.path, file.shown)
    return Found(data, encoding_of(data or b""))
