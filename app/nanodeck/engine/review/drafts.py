"""Drafts: what edits would do, and plans, while they still stream, as often as it stays cheap."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from nanodeck.contracts.changes import ChangeKind, Changeset, FileDiff, Hunk
from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.events import DraftChanged
from nanodeck.core.draft import DRAFT_PREFIX, draft_changeset, draft_file, encoded, partial_object
from nanodeck.core.review import ProposedFile, review_file
from nanodeck.core.review.plan import normal, propose_plan
from nanodeck.engine.session import Session
from nanodeck.store.plain import open_plain
from nanodeck.tools.registry import Effect, find_tool
from nanodeck.workspace.encoding import encoding_of

if TYPE_CHECKING:
    from nanodeck.workspace.edits.envelope import FilePatch

PLAN = "plan"
INTERVAL = 0.1
SHARE = 20
"""A draft that took c seconds to make is not made again for SHARE * c."""
FILE_LIMIT = 1024 * 1024


class Drafts:
    """The drafts of one reply."""

    def __init__(self, session: Session, agent: str, *, clock: Callable[[], float] = monotonic) -> None:
        self._session = session
        self._agent = agent
        self._pieces: dict[str, list[str]] = {}
        self._old: dict[str, str | None] = {}
        self._drawn: dict[str, Changeset] = {}
        self._next = 0.0
        self._clock = clock

    def grow(self, call: str, name: str, arguments: str) -> None:
        """More arguments of `call` arrived; publishes a draft when one is due."""
        tool = find_tool(name)
        if tool is None or not (tool.effect is Effect.EDIT or tool.name == PLAN):
            return
        self._pieces.setdefault(call, []).append(arguments)
        started = self._clock()
        if started < self._next:
            return
        text = "".join(self._pieces[call])
        self._pieces[call] = [text]
        given = {tool.arguments.get(key, key): value for key, value in partial_object(text).items()}
        if tool.name == PLAN:
            changeset = _plan(call, given)
        elif changeset := self._changeset(call, given):
            self._drawn[call] = changeset
            changeset = _together(self._drawn)
        if changeset:
            self._session.publish(self._agent, DraftChanged(call, changeset))
        now = self._clock()
        self._next = now + max(INTERVAL, SHARE * (now - started))

    def _changeset(self, call: str, given: dict[str, Any]) -> Changeset | None:
        patch, path = given.get("patch"), given.get("path")
        if isinstance(patch, str):
            return self._patch(call, patch)
        # A path is whole only once another argument has begun.
        if isinstance(path, str) and len(given) > 1 and (shown := self._shown(path)):
            return draft_changeset(call, shown, given, self._old[shown])
        return None

    def _patch(self, call: str, patch: str) -> Changeset | None:
        """What the whole lines of a patch do so far; None where the last file has none yet."""
        from nanodeck.workspace.edits.envelope import parse_patch

        try:
            files = parse_patch(patch[: patch.rfind("\n") + 1])
        except ToolError:
            return None
        diffs = [
            self._file(file, shown) for file in files if (shown := self._shown(file.target or file.path))
        ]
        return Changeset(f"{DRAFT_PREFIX}{call}", (call,), tuple(diffs)) if diffs else None

    def _file(self, file: FilePatch, shown: str) -> FileDiff:
        if file.action in ("add", "folder"):
            return review_file(ProposedFile(shown, None, encoded(file.content))).diff
        shown_source = self._shown(file.path)
        old = self._old.get(shown_source) or ""
        if file.action == "delete":
            return review_file(ProposedFile(shown, encoded(old), None)).diff
        draft = draft_file(shown, [(hunk.old, hunk.new) for hunk in file.hunks], old)
        if not file.target:
            return draft
        kind: ChangeKind = "copied" if file.action == "copy" else "renamed"
        named = Hunk(0, 0, 0, 0, 0, "", "")
        return replace(draft, kind=kind, old_path=shown_source, hunks=(named, *draft.hunks))

    def _shown(self, path: str) -> str:
        """The path as shown, its text read once; empty where nothing may be looked at."""
        try:
            location = self._session.workspace.locate(path, self._session.shell.folder)
        except ToolError:
            return ""
        if location.standing != "inside":
            return ""
        if location.shown not in self._old:
            try:
                with open_plain(location.path) as file:
                    data = file.read(FILE_LIMIT)
                self._old[location.shown] = _text(data)
            except OSError:
                self._old[location.shown] = None
        return location.shown


def _together(drawn: dict[str, Changeset]) -> Changeset:
    """The drafts of several calls as the one change they become."""
    files: dict[str, FileDiff] = {}
    for changeset in drawn.values():
        for file in changeset.files:
            before = files.get(file.path)
            files[file.path] = _after(before, file) if before else file
    return Changeset(f"{DRAFT_PREFIX}{next(iter(drawn))}", tuple(drawn), tuple(files.values()))


def _after(before: FileDiff, then: FileDiff) -> FileDiff:
    hunks = tuple(replace(hunk, id=number) for number, hunk in enumerate((*before.hunks, *then.hunks)))
    return replace(
        before, hunks=hunks, added=before.added + then.added, removed=before.removed + then.removed
    )


def _plan(call: str, given: dict[str, Any]) -> Changeset | None:
    text = given.get("text")
    if not isinstance(text, str) or not text.strip():
        return None
    written = normal(encoded(text).decode())
    return propose_plan(f"{DRAFT_PREFIX}{call}", call, written, written).changeset


def _text(data: bytes) -> str:
    """A file's text as edits tell it."""
    return data.decode(encoding_of(data), "replace").removeprefix("\ufeff").replace("\r\n", "\n")
