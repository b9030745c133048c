"""The files of a diff: a strip of all of them, those reviewed folded away, how far one has come."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events

from nanodeck.contracts.changes import Author, Changeset, FileDiff
from nanodeck.contracts.sources import ReviewedFile, Source
from nanodeck.contracts.text import counted
from nanodeck_widgets.diff.messages import FilesWanted, MarkFileWanted
from nanodeck_widgets.diff.strip import FileStrip, Standing
from nanodeck_widgets.diff.viewer import DiffViewer

SHORT = 10
"""Rows of a pane that are too few for a strip of files."""

_Key = tuple[str, Author]


class FilesViewer(DiffViewer):
    """A viewer of many files, each of which can be marked as reviewed: then its header alone is shown."""

    def __init__(self, title: str, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._source = Source("call")
        self._marked: tuple[ReviewedFile, ...] = ()
        self._reviewed: dict[_Key, str] = {}
        self._digests: dict[_Key, tuple[FileDiff, str]] = {}
        self._opened: set[_Key] = set()
        self._left: _Key | None = None
        self._strip = FileStrip((), "")

    # What a subclass says.

    def standing(self, file: int) -> Standing:
        """How a file stands, by its position."""
        assert self.rows is not None
        diff = self.rows.changeset.files[file]
        if self.is_reviewed(diff):
            return Standing(self.glyphs.done, self.palette.success, done=True)
        if _key(diff) in self._reviewed:
            return Standing(self.glyphs.half, self.palette.warning)
        return Standing(self.glyphs.waiting, self.palette.muted)

    def settled(self, hunks: range, *, reviewed: bool) -> int:
        """About how many of the `hunks` of a file there is nothing left to do."""
        return len(hunks) if reviewed else 0

    # What is shown.

    @property
    def source(self) -> Source:
        """Where the diff in view comes from."""
        return self._source

    def of_source(self, source: Source) -> None:
        """The diff that is viewed next comes from `source`."""
        if source != self._source:
            self._source = source
            self._opened.clear()
            self._digests.clear()
            self._know_reviewed()

    def show_reviewed(self, files: tuple[ReviewedFile, ...]) -> None:
        """These files are marked as reviewed, in whatever source."""
        if files is not self._marked:
            self._marked = files
            self._know_reviewed()
            self._refold()

    def is_reviewed(self, file: FileDiff) -> bool:
        """Whether the person has reviewed the diff of a file as it is now."""
        digest = self._reviewed.get(_key(file))
        return digest is not None and digest == self._digest(file)

    def folded_files(self, changeset: Changeset) -> frozenset[int]:
        """The files of which only the header is shown: reviewed ones that nobody opened again."""
        if not self._reviewed:
            return frozenset()
        files = enumerate(changeset.files)
        return frozenset(n for n, file in files if _key(file) not in self._opened and self.is_reviewed(file))

    @property
    def reviewed_files(self) -> frozenset[int]:
        """The files the person has reviewed, by their positions."""
        if self.rows is None or not self._reviewed:
            return frozenset()
        return frozenset(n for n, file in enumerate(self.rows.changeset.files) if self.is_reviewed(file))

    @property
    def progress(self) -> str:
        """How many files and hunks there is nothing left to do about."""
        rows = self.rows
        if rows is None or not rows.places:
            return ""
        files, reviewed, done, done_files = rows.changeset.files, self.reviewed_files, 0, 0
        for number in range(len(files)):
            hunks = rows.hunks_of(number)
            settled = self.settled(hunks, reviewed=number in reviewed)
            done += settled
            done_files += number in reviewed or settled == len(hunks)
        said = f"{done:,}/{counted(len(rows.places), 'hunk')}"
        return f"{done_files:,}/{counted(len(files), 'file')}, {said}" if len(files) > 1 else said

    def view_changeset(self, changeset: Changeset | None) -> None:
        """Show `changeset`; its files are the strip's."""
        before = self.rows.changeset.files if self.rows is not None else ()
        if changeset is not None and changeset.files != before:
            self._strip = FileStrip(changeset.files, self.glyphs.ellipsis)
        super().view_changeset(changeset)

    def settle(self) -> None:
        """Hand the cursor on when its hunk scrolled out of sight."""
        if bool(self.head) != self._has_strip:
            self._draw_strip()
        super().settle()

    def draw_title(self) -> None:
        """Name the file under the cursor, there and in the strip."""
        super().draw_title()
        self._draw_strip()

    def forget_drawing(self) -> None:
        """Drop every strip: theme or width changed."""
        super().forget_drawing()
        self._draw_strip()

    def open_file(self) -> None:
        """Show the lines of the file under the cursor though it is reviewed."""
        if self.rows is not None and self.rows.places:
            self._opened.add(_key(self.rows.file(self.current)))
            self._refold()

    # What the person does.

    def on_key(self, event: events.Key) -> None:
        # Who went on is not led away from there.
        self._left = None

    async def on_click(self, event: events.Click) -> None:
        if 0 < event.y < self.view_start:
            file = self._strip.file_at(event.x - 1 - self.PADDING[0])
            if file is not None:
                self.go_to_file(file)

    def go_to_file(self, file: int) -> None:
        """Put the cursor on the first hunk of a file, by its position."""
        if self.rows is not None:
            hunks = self.rows.hunks_of(file)
            self.go_to(hunks.start if hunks else -1)
            self.top = self.rows.top_of(self.current)

    def go_to_diff(self, file: FileDiff) -> None:
        """Put the cursor on a file that was in view; where its diff is another one by now, on that."""
        if self.rows is not None:
            keys = [_key(one) for one in self.rows.changeset.files]
            if _key(file) in keys:
                self.go_to_file(keys.index(_key(file)))

    def action_mark_file(self) -> None:
        """Mark the file as reviewed and go to the next one that is not, or take that back."""
        if self.rows is None or not self.rows.places:
            return
        file = self.rows.file(self.current)
        reviewed = not self.is_reviewed(file)
        self._opened.discard(_key(file))
        self._left = _key(file) if reviewed else None
        marked = ReviewedFile(self._source, file.path, file.digest, file.author)
        self.post_message(MarkFileWanted(marked, reviewed))

    def action_find_file(self) -> None:
        """Pick a file from a list."""
        if self.rows is not None and self.rows.changeset.files:
            self.post_message(FilesWanted(self.rows.changeset.files))

    def _know_reviewed(self) -> None:
        here: Iterable[ReviewedFile] = (file for file in self._marked if file.source == self._source)
        self._reviewed = {(file.path, file.author): file.digest for file in here}

    def _digest(self, file: FileDiff) -> str:
        known, digest = self._digests.get(_key(file), (None, ""))
        if known is not file:
            digest = file.digest
            self._digests[_key(file)] = file, digest
        return digest

    def _refold(self) -> None:
        """Fold what is reviewed now; the file under the cursor stays where it is seen."""
        rows = self.rows
        if rows is None:
            return
        folded = self.folded_files(rows.changeset)
        if folded != rows.folded:
            above = max(0, rows.top_of(self._current) - self.top)
            self.selector.clear()
            rows.fold(folded)
            self._current = rows.shown(self._current)
            self.top = rows.top_of(self._current) - above
            self._go_on()
        self._draw_state()

    def _draw_state(self) -> None:
        """Draw again what depends on how far one has come."""
        self.badge = self.progress
        self.redraw()

    def _go_on(self) -> None:
        """From a file that was just marked to the next one that is not."""
        rows = self.rows
        if rows is None or not rows.places or _key(rows.file(self.current)) != self._left:
            return
        self._left = None
        total = len(rows.places)
        around = ((self.current + step) % total for step in range(1, total))
        following = next((hunk for hunk in around if not self.is_reviewed(rows.file(hunk))), None)
        if following is not None:
            self.go_to(following)

    @property
    def _has_strip(self) -> bool:
        rows = self.rows
        return rows is not None and len(rows.changeset.files) > 1 and self.outer_size.height >= SHORT

    def _draw_strip(self) -> None:
        rows = self.rows
        if rows is None or not self._has_strip:
            self.head = ()
        elif rows.places:
            here = rows.places[self.current].file
            self.head = (self._strip.draw(here, self.standing, self.inner_width, self.palette),)


def _key(file: FileDiff) -> _Key:
    return file.path, file.author
