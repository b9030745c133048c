"""Which files differ in a source, and how each is to be drawn."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.changes import AppliedFile, Author, FileDiff
from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import counted
from nanodeck.core.review.file import review_file
from nanodeck.core.review.proposed import ProposedFile
from nanodeck.engine.diffs.traces import Trace, Traces
from nanodeck.engine.review.proposals import between
from nanodeck.workspace.diffing import parse_output
from nanodeck.workspace.git.differences import read_diff, sized
from nanodeck.workspace.modes import told
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.writing.atomic import read_file
from nanodeck.workspace.writing.blobs import digest_of
from nanodeck.workspace.writing.checkpoints import Checkpointer
from nanodeck.workspace.writing.written import Written

SINCE = "changed since, by you or by a command"
OUTSIDE = "changed by you or by a command, compared with git HEAD"


class Entry(Struct, frozen=True):
    """One file that differs: its diff as git printed it, or what `load` gives to draw it from.

    Entries with the same `key` are drawn the same. `load` raises NanodeckError.
    """

    path: str
    author: Author = "agent"
    diff: FileDiff | None = None
    load: Callable[[], ProposedFile] | None = None
    key: tuple[str | None, ...] = ()


class Reading(Struct, frozen=True):
    """A source as it was found; `problem` says why there is nothing, or not all."""

    source: Source
    entries: Sequence[Entry] = ()
    problem: str = ""

    def find(self, path: str, author: Author) -> Entry:
        """The entry of a file. Raises NanodeckError."""
        for entry in self.entries:
            if (entry.path, entry.author) == (path, author):
                return entry
        raise NanodeckError(self.problem or f"{path} is not changed there")


async def look_at_git(source: Source, workspace: Workspace) -> Reading:
    """What git says. Raises NanodeckError."""
    root = workspace.root
    said = await read_diff(root, staged=source.kind == "staged")
    entries = [Entry(diff.path, diff=diff) for diff in await sized(root, await parse_output(said.output))]
    entries += [_untracked(root / path, path) for path in said.untracked]
    problem = f"{counted(said.more, 'more new file')} not shown" if said.more else ""
    return Reading(source, sorted(entries, key=lambda entry: entry.path), problem)


def look_at_writes(source: Source, workspace: Workspace, checkpointer: Checkpointer) -> Reading:
    """What agents wrote, and what became of the same files since. Raises NanodeckError."""
    history = checkpointer.history()
    traces, session = Traces(checkpointer.blobs), Traces(checkpointer.blobs)
    for written in _written(source, history):
        traces.follow(written)
    for written in history:
        session.follow(written)
    entries: list[Entry] = []
    for trace in traces.all:
        if trace.changed:
            entries.append(_entry(trace, "agent", workspace, traces))
        known = session.find(trace.path) if source.kind != "call" else None
        if known and (since := _since(known, session)):
            entries.append(_entry(since, "you", workspace, session))
    return Reading(source, entries)


def written_files(
    source: Source, workspace: Workspace, checkpointer: Checkpointer
) -> tuple[AppliedFile, ...]:
    """What agents wrote, counted. Raises NanodeckError."""
    entries = look_at_writes(source, workspace, checkpointer).entries
    loaded = (entry.load() for entry in entries if entry.load and entry.author == "agent")
    diffs = (review_file(file).diff for file in loaded)
    return tuple(AppliedFile(d.path, d.kind, d.added, d.removed, d.old_path) for d in diffs)


async def with_outside(reading: Reading, workspace: Workspace, paths: Collection[str]) -> Reading:
    """`reading` with what others changed in files that no agent wrote, as far as git knows these."""
    try:
        head = await look_at_git(Source("head"), workspace)
    except NanodeckError:
        return reading
    known = {entry.path for entry in reading.entries}
    others = [_yours(entry) for entry in head.entries if entry.path in paths and entry.path not in known]
    entries = sorted((*reading.entries, *others), key=lambda entry: entry.path)
    return replace(reading, entries=entries)


def _yours(entry: Entry) -> Entry:
    """An entry of git's as a change of the person's own."""
    diff = replace(entry.diff, author="you", note=OUTSIDE) if entry.diff else None
    return replace(entry, author="you", diff=diff, key=("you", *entry.key))


def _written(source: Source, history: Sequence[Written]) -> Iterator[Written]:
    """The writes of a source, and whatever was taken back."""
    last = next((written for written in reversed(history) if not written.back), None)
    name = source.name or (last.changeset if last else "")
    begun = source.kind in ("session", "turn")
    for written in history:
        begun = begun or written.changeset == name
        counts = {
            "call": written.changeset == name,
            "turn": written.turn == source.name,
            "checkpoint": begun,
        }
        if written.back or counts.get(source.kind, True):
            yield written


def _since(trace: Trace, traces: Traces) -> Trace | None:
    """What others made of a file after the last write of an agent; None where that is nothing."""
    try:
        data = read_file(Path(trace.path), trace.path)
    except ToolError:
        # A folder, a pipe, or out of reach: no version to compare with.
        return None
    now = None if data is None else digest_of(data)
    return Trace(trace.path, trace.last, traces.keep(data)) if now != trace.last else None


def _entry(trace: Trace, author: Author, workspace: Workspace, traces: Traces) -> Entry:
    shown = workspace.show(Path(trace.path))
    origin = workspace.show(Path(trace.origin)) if trace.origin else ""
    modes, note = (None, SINCE) if author == "you" else told(*trace.modes)

    def load() -> ProposedFile:
        file = between(shown, traces.read(trace.first), traces.read(trace.last), note, origin)
        return replace(file, modes=modes)

    return Entry(shown, author, load=load, key=(author, shown, origin, trace.first, trace.last, str(modes)))


def _untracked(path: Path, shown: str) -> Entry:
    try:
        status = os.stat(path, follow_symlinks=False)
        stamp = f"{status.st_mtime_ns} {status.st_size}"
    except OSError:
        stamp = ""
    load = partial(_new_file, path, shown)
    return Entry(shown, load=load, key=("untracked", shown, stamp))


def _new_file(path: Path, shown: str) -> ProposedFile:
    return between(shown, None, read_file(path, shown))
