"""More of files than their hunks: unchanged lines around them, and the colours of whole files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nanodeck.contracts.changes import Changeset, FileDiff
from nanodeck.contracts.lines import Line
from nanodeck.contracts.queries import Lines
from nanodeck.contracts.sources import Source
from nanodeck.contracts.versions import Colour, Colours
from nanodeck_widgets.diff.around import Around, FileName, Surroundings, name_of
from nanodeck_widgets.diff.exact import PAGE, ExactColours, Page
from nanodeck_widgets.diff.files import FilesViewer
from nanodeck_widgets.diff.messages import ColoursWanted, LinesWanted
from nanodeck_widgets.diff.rows import Rows


class ReadingViewer(FilesViewer):
    """A viewer that asks for versions of the files in view; what comes is handed to `know_...`."""

    def __init__(self, title: str, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._surroundings = Surroundings()
        self._exact = ExactColours()
        self._asking_due = False

    @property
    def versionless(self) -> str:
        """Why there are no whole versions of what is in view; empty where there are."""
        return ""

    # What comes.

    def know_lines(self, source: Source, file: FileName, lines: Lines) -> None:
        """Lines of the version of a file before its changes."""
        if source == self.source and self.rows is not None:
            self._surroundings.learn(file, lines)
            self._widen(self.rows)

    def know_colours(self, source: Source, page: Page, colours: Colours) -> None:
        """Colours of lines of a version of a file."""
        if source == self.source and self._exact.learn(page, colours):
            self._pen = None
            self.rows_changed()

    # What is shown.

    def of_source(self, source: Source) -> None:
        """The diff that is viewed next comes from `source`."""
        if source != self.source:
            self._surroundings, self._exact = Surroundings(), ExactColours()
        super().of_source(source)

    def view_changeset(self, changeset: Changeset | None) -> None:
        """Show `changeset`; files that are others now are read again."""
        before = {name_of(file): file for file in self.rows.changeset.files} if self.rows else {}
        super().view_changeset(changeset)
        for file in changeset.files if changeset is not None and before else ():
            if before.get(name_of(file)) is not file:
                self._exact.outdate(file.path)
                self._surroundings.forget(name_of(file))
                self._ask_for_lines(file)

    def lines_around(self, changeset: Changeset) -> Mapping[int, Around]:
        """Unchanged lines to show around hunks, by their places."""
        return self._surroundings.around(changeset.files)

    def colours_of(self, file: FileDiff, line: Line, text: str) -> Sequence[Colour]:
        """The coloured parts of a line: those it has in the whole file, as soon as that was read."""
        exact = None if self.versionless else self._exact.of(file, line)
        if not self._asking_due:
            # Not from here: rows are built in the app's name, and what it asks for reaches nobody.
            self._asking_due = True
            self.call_later(self._ask_for_colours)
        return super().colours_of(file, line, text) if exact is None else exact

    # What the person does.

    def action_context(self) -> None:
        """Show more lines around the hunk; where there are no more, none again."""
        if self.rows is None or not self.rows.places:
            return
        file, place = self.rows.file(self.current), self.rows.places[self.current].hunk
        if why := self._alone(file, place):
            self.notice = why
        elif self._surroundings.grow(file, place):
            self._widen(self.rows)
            self._ask_for_lines(file)
        else:
            self._widen(self.rows)
            self.notice = "there are no more lines around: those shown are folded again"

    def _widen(self, before: Rows) -> None:
        """Show the known lines around hunks; those of the current one stay where they are seen."""
        hunk = self.current
        above = before.begins(hunk) - self.top if before.places else 0
        self.view_changeset(before.changeset)
        rows = self.rows
        if rows is None or not rows.places or rows.is_folded(hunk):
            return
        first, last = rows.span(hunk)
        if last - first > self.view_height:
            self.top = rows.begins(hunk) - above
        else:
            self.go_to(hunk)

    def _alone(self, file: FileDiff, place: int) -> str:
        """Why there are no lines to show around a hunk; empty where there may be some."""
        whole = file.whole or not file.hunks[place].body
        return "this hunk is all there is: no lines stand around it" if whole else self.versionless

    def _ask_for_lines(self, file: FileDiff) -> None:
        for gap in self._surroundings.missing(file):
            self.post_message(LinesWanted(self.source, name_of(file), gap.first - 1, gap.last - gap.first))

    def _ask_for_colours(self) -> None:
        self._asking_due = False
        for page in self._exact.due():
            self.post_message(ColoursWanted(self.source, page, PAGE))
