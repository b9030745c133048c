"""What the diff pane shows besides the review: sources, read page by page, their files, what was reviewed."""

from __future__ import annotations

import asyncio
from time import monotonic

from textual import on
from textual.worker import Worker

from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.commands import MarkFile, TakeBack
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.sources import SOURCE_WORDS, DiffPage, Source
from nanodeck.contracts.views import ReviewView, SessionView
from nanodeck.core.keeping import command_sources
from nanodeck.ui.dialogs.dialog import dialog
from nanodeck.ui.facts import panes_with_content
from nanodeck.ui.host import Host
from nanodeck.ui.screens.reviewing import Reviewing
from nanodeck_widgets.diff import messages

REST = 3
"""A diff is not read again before so many times as long as reading it took."""


class Sourcing(Reviewing):
    """Reads diffs for the diff pane, again whenever something changed."""

    def __init__(self, options: Options, host: Host) -> None:
        super().__init__(options, host)
        self._source: Source | None = None
        self._early: Source | None = None
        self._reader: Worker[None] | None = None
        self._was_read = asyncio.Event()

    async def furnish(self) -> None:
        """Build what the first frame does without, then show the diff that was asked for before."""
        await super().furnish()
        if self.furnished and self._early is not None:
            self.show_source(self._early)

    @property
    def with_content(self) -> frozenset[str]:
        """The panes that have something to show."""
        sourced = {"diff"} if self._source is not None else set()
        return panes_with_content(self.session) | sourced

    def keep_panes(self) -> None:
        """Give the room to the panes that have something to show, most of it to a review that asks."""
        asking = any(review.state == "asking" for review in self.session.reviews)
        if self.arrangement.keep(self.with_content, asking=asking):
            self.rearranged()

    def show_source(self, source: Source | None) -> None:
        """Show the diff of a source in its pane, and go there; None goes back to the review."""
        if not self.furnished:
            self._early = source
            return
        self._put_source(source)
        self.go_to("diff")

    async def bring_source(self, source: Source) -> None:
        """Put the diff of a source in view, where it is not, and wait until it was read."""
        review = self.diff.review or self.diff.behind
        of_review = review is not None and source == Source("call", review.changeset.id)
        self.show_source(None if of_review else source)
        if not of_review:
            await self._was_read.wait()

    def feed_diff(self, old: SessionView, review: ReviewView | None, *, reset: bool) -> None:
        """Show what changed of the session since `old`: the review in view, marks, the diff of a source."""
        new = self.session
        if new.session != old.session:
            self._put_source(None)
        self.diff.show_reviewed(new.reviewed)
        if reset or new.reviews is not old.reviews:
            if self._interrupts(review, old):
                self._put_source(None)
            if review is not None and review.state == "draft":
                self.diff.draft(review.changeset)
            else:
                self.diff.show(review)
        if new.changed != old.changed:
            self._read_again()

    def _interrupts(self, review: ReviewView | None, old: SessionView) -> bool:
        """Whether a review that asks now takes the place of a source; not from under a person's fingers."""
        asks = review is not None and bool(review.request) and self.place != "diff"
        return asks and all(review is None or known.request != review.request for known in old.reviews)

    def _put_source(self, source: Source | None) -> None:
        if source == self._source:
            return
        self._source = source
        # Who waits for the source of before waits no longer.
        self._was_read.set()
        self._was_read = asyncio.Event()
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None
        if source is None:
            self.diff.show_source(None)
        else:
            self.diff.show_source(DiffPage(source, (), 0), reading=True)
            self._read_again()
        self.keep_panes()

    def _read_again(self) -> None:
        if self._source is not None and (self._reader is None or self._reader.is_finished):
            self._reader = self.run_worker(self._keep_reading(self._source))

    async def _keep_reading(self, source: Source) -> None:
        """Read the diff of the source in view until nothing changed meanwhile."""
        changed = -1
        while changed != self.session.changed:
            changed, begun = self.session.changed, monotonic()
            page = await self._read(source)
            if self._leaves_nothing(page):
                self._close_source(page.problem or f"nothing is changed: {SOURCE_WORDS[source.kind]}")
                return
            self.diff.show_source(page)
            self._was_read.set()
            # A busy agent changes files faster than a large diff can be read.
            await asyncio.sleep(REST * (monotonic() - begun))

    async def _read(self, source: Source) -> DiffPage:
        """The whole diff of a source; the first time it is shown as it grows."""
        files: list[FileDiff] = []
        while True:
            try:
                page = await self.host.ask(ReadDiff(source, first=len(files)))
            except NanodeckError as error:
                page = DiffPage(source, (), len(files), error.message)
            more = bool(page.files)
            files += page.files
            page = DiffPage(page.source, tuple(files), page.total, page.problem)
            if len(files) >= page.total or not more:
                return page
            if not self._was_read.is_set():
                self.diff.show_source(page, reading=True)

    def _leaves_nothing(self, page: DiffPage) -> bool:
        """Whether a pane would stay open for nothing that anybody looks at."""
        looked_at = self._was_read.is_set() and self.place == "diff"
        return not (page.files or self.session.reviews or looked_at)

    def _close_source(self, why: str) -> None:
        """Leave a source that has nothing to show; who asked for it just now hears why."""
        asked, self._reader = not self._was_read.is_set(), None
        self._put_source(None)
        if asked:
            self.go_to("prompt")
            self.app.notify(why, markup=False)

    @on(messages.SourceWanted)
    def _source_wanted(self) -> None:
        self._pick_source()

    @dialog
    async def _pick_source(self) -> None:
        from nanodeck.ui.dialogs.choice import ChoiceScreen

        choices, in_view = self._choices(), self._source
        present = next((words for words, source in choices.items() if source == in_view), "")
        picked = await self.app.push_screen_wait(ChoiceScreen("Changes of", tuple(choices), present))
        if picked is not None:
            self.show_source(choices[picked])

    def _choices(self) -> dict[str, Source | None]:
        """Sources by what they are called; None stands for the review."""
        review = self.diff.review or self.diff.behind
        choices: dict[str, Source | None] = {}
        if review is not None and review.state == "applied":
            choices[SOURCE_WORDS["call"]] = Source("call", review.changeset.id)
        if review is not None:
            choices["the review that waits" if review.state == "asking" else "the last review"] = None
        for source in (Source("turn"), Source("session")):
            choices[SOURCE_WORDS[source.kind]] = source
        if review is not None and review.state == "applied":
            choices["everything since before this call"] = Source("checkpoint", review.changeset.id)
        for source in (Source("head"), Source("staged")):
            choices[SOURCE_WORDS[source.kind]] = source
        return choices | command_sources(self.session)

    @on(messages.FilesWanted)
    def _files_wanted(self, message: messages.FilesWanted) -> None:
        self._pick_file(message.files)

    @dialog
    async def _pick_file(self, files: tuple[FileDiff, ...]) -> None:
        from nanodeck.ui.dialogs.files import FilesScreen

        picked = await self.app.push_screen_wait(FilesScreen(files))
        if picked is not None:
            self.diff.go_to_diff(picked)

    @on(messages.MarkFileWanted)
    def _mark_file_wanted(self, message: messages.MarkFileWanted) -> None:
        self.host.send(MarkFile(message.file, message.reviewed))

    @on(messages.TakeBackWanted)
    def _take_back_wanted(self, message: messages.TakeBackWanted) -> None:
        self.host.send(TakeBack(message.source, message.path, message.hunk))
