"""The way back to before a turn: every write since taken back from the files as they are now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.changes import ChangeKind
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.rewinding import RewindState
from nanodeck.contracts.sources import Source
from nanodeck.core.review.carrying import carry
from nanodeck.core.review.proposed import Found, ProposedFile
from nanodeck.engine.diffs.readings import Entry, Reading
from nanodeck.engine.diffs.traces import Step, steps_of
from nanodeck.engine.review.proposals import between
from nanodeck.workspace.encoding import encoding_of
from nanodeck.workspace.modes import LINK, agree, told, without
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.shadow.restoring import Restored, Version, in_the_way, version_of
from nanodeck.workspace.writing.blobs import digest_of
from nanodeck.workspace.writing.checkpoints import Checkpointer
from nanodeck.workspace.writing.written import Written, number_of

Read = Callable[[Iterable[str]], Mapping[str, bytes]]
"""What files held, by digest; what is not kept any more is not among it."""

GONE = "what it held is not kept any more"
OUTSIDE = "it is outside of the project"
NO_FILE = "it is no file any more"
TAKEN = "something else is in its place"


def writes_since(turn: str, checkpointer: Checkpointer) -> list[Written]:
    """What was written since `turn` began and is not undone, oldest first. Raises NanodeckError."""
    begun = number_of(turn)
    return [written for written in checkpointer.history() if number_of(written.changeset) > begun]


def look_back(source: Source, workspace: Workspace, checkpointer: Checkpointer) -> Reading:
    """What going back to before a turn would do to files. Raises NanodeckError."""
    ways = ways_back(writes_since(source.name, checkpointer), workspace, checkpointer.blobs.find)
    alone = [way.shown for way in ways if way.state == "clash"]
    problem = f"left alone: {', '.join(alone)}" if alone else ""
    return Reading(source, [entry_of(way) for way in ways if way.goes], problem)


def entry_of(way: Way) -> Entry:
    """The diff of a way."""

    modes, note = told(_mode(way.present), _mode(way.target))

    def load() -> ProposedFile:
        file = between(way.shown, _data(way.present), _data(way.target), note)
        return replace(file, modes=modes)

    key = ("back", way.shown, _digest(way.present), _digest(way.target), str(modes))
    return Entry(way.shown, load=load, key=key)


def _data(version: Version | None) -> bytes | None:
    return None if version is None else version.data


def _digest(version: Version | None) -> str | None:
    return None if version is None else digest_of(version.data)


def _mode(version: Version | None) -> int:
    return 0 if version is None else version.mode


class Held(Struct, frozen=True):
    """What a file holds, by digest; `mode` as in `Version`."""

    digest: str
    mode: int

    def like(self, digest: str | None, mode: int) -> bool:
        """Whether it is what a write left there."""
        return self.digest == digest and agree(self.mode, mode)


class Way(Struct, frozen=True):
    """One file's way back; `why` says why there is none."""

    path: Path
    shown: str
    present: Version | None
    target: Version | None
    state: RewindState
    why: str = ""

    @property
    def kind(self) -> ChangeKind:
        """What going there does to the file."""
        return "created" if self.present is None else "deleted" if self.target is None else "modified"

    @property
    def goes(self) -> bool:
        """Whether there is anything to write."""
        return self.state in ("restore", "merge")


def ways_back(writes: Sequence[Written], workspace: Workspace, read: Read) -> list[Way]:
    """The way back from all of `writes`, oldest first, by path."""
    going = _Going(workspace, read)
    for written in reversed(writes):
        for step in reversed(steps_of(written)):
            going.take_back(step)
    return going.ways()


class _Going:
    """Files on their way back: what each would hold by now."""

    def __init__(self, workspace: Workspace, read: Read) -> None:
        self._workspace = workspace
        self._read = read
        self._present: dict[str, Version | None] = {}
        self._held: dict[str, Held | None] = {}
        self._made: dict[str, bytes] = {}
        self._merged: set[str] = set()
        self._stuck: dict[str, str] = {}

    def take_back(self, step: Step) -> None:
        """Take one write of one file back; one that cannot be stops the file where it is."""
        for path in (step.path, step.source):
            self._look(path)
        if why := self._stuck.get(step.path) or self._stuck.get(step.source):
            self._stuck[step.path] = self._stuck[step.source] = why
            return
        try:
            before = self._before(step, self._held[step.path])
        except NanodeckError as error:
            self._stuck[step.path] = self._stuck[step.source] = error.message
            return
        if step.source != step.path:
            self._held[step.path] = None
            if step.path in self._merged:
                self._merged.add(step.source)
        self._held[step.source] = before

    def _look(self, name: str) -> None:
        if name in self._held:
            return
        path = Path(name)
        version = None
        if not path.is_relative_to(self._workspace.root):
            self._stuck[name] = OUTSIDE
        else:
            try:
                version = version_of(path)
            except OSError:
                self._stuck[name] = NO_FILE
        self._present[name] = version
        self._held[name] = None if version is None else Held(self._keep(version.data), version.mode)

    def _keep(self, data: bytes) -> str:
        digest = digest_of(data)
        self._made[digest] = data
        return digest

    def _before(self, step: Step, now: Held | None) -> Held | None:
        """What `now` would be without `step`. Raises NanodeckError."""
        old = None if step.old is None else Held(step.old, step.old_mode)
        if now is None:
            if step.new is None or step.old is None:
                return old
            raise NanodeckError("you deleted it")
        if now.like(step.new, step.new_mode):
            return old
        if old is not None and now.like(old.digest, old.mode):
            return now
        if old is None or step.new is None:
            raise NanodeckError("you changed it since" if step.new else "you made another one")
        self._merged.add(step.path)
        return Held(self._carried(step, now), without(now.mode, step.old_mode, step.new_mode))

    def _carried(self, step: Step, now: Held) -> str:
        """The content `now` without what `step` did to it. Raises NanodeckError where it does not fit."""
        if step.old == step.new or now.digest == step.old:
            return now.digest
        if now.digest == step.new:
            return cast(str, step.old)
        if LINK in (step.old_mode, step.new_mode, now.mode):
            raise NanodeckError("you changed where it leads to")
        change = between(step.path, self._bytes(step.new), self._bytes(step.old))
        data = self._bytes(now.digest)
        (target,) = carry(change, Found(data, encoding_of(data)))
        return self._keep(target.new or b"")

    def _bytes(self, digest: str | None) -> bytes:
        if digest is None:
            return b""
        if digest not in self._made:
            self._made.update(self._read([digest]))
        if digest not in self._made:
            raise NanodeckError(GONE)
        return self._made[digest]

    def ways(self) -> list[Way]:
        """Where every file would go."""
        wanted = {held.digest for path, held in self._held.items() if held and path not in self._stuck}
        self._made.update(self._read(sorted(wanted - self._made.keys())))
        ways = [self._way(path) for path in sorted(self._held)]
        blocked = in_the_way([Restored(way.path, way.present, way.target) for way in ways if way.goes])
        ways = [
            replace(w, target=w.present, state="clash", why=TAKEN) if w.path in blocked else w for w in ways
        ]
        return [way for way in ways if way.present or way.target or way.state == "clash"]

    def _way(self, name: str) -> Way:
        path, present, held = Path(name), self._present[name], self._held[name]
        shown = self._workspace.show(path)
        why = self._stuck.get(name, "")
        if held is not None and held.digest not in self._made:
            why = why or GONE
        if why:
            return Way(path, shown, present, present, "clash", why)
        target = None if held is None else Version(self._made[held.digest], held.mode)
        same = present is target or (present is not None and present.like(target))
        state: RewindState = "same" if same else "merge" if name in self._merged else "restore"
        return Way(path, shown, present, target, state)
