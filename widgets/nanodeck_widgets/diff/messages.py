"""What a review asks of the application around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from nanodeck.contracts.changes import FileDiff, Hunk, HunkMark
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.sources import ReviewedFile, Source

if TYPE_CHECKING:
    from nanodeck_widgets.diff.around import FileName
    from nanodeck_widgets.diff.exact import Page


class Marked(Message):
    """The person decided on hunks; those of which lines were picked looked as in `shown` then."""

    def __init__(self, changeset: str, marks: tuple[HunkMark, ...], shown: tuple[Hunk, ...] = ()) -> None:
        super().__init__()
        self.changeset = changeset
        self.marks = marks
        self.shown = shown


class SplitWanted(Message):
    """A hunk should become several."""

    def __init__(self, changeset: str, path: str, hunk: int) -> None:
        super().__init__()
        self.changeset = changeset
        self.path = path
        self.hunk = hunk


class StepWanted(Message):
    """The last step of the review should be taken back, or taken again."""

    def __init__(self, changeset: str, *, back: bool) -> None:
        super().__init__()
        self.changeset = changeset
        self.back = back


class EditWanted(Message):
    """The lines of a hunk, from `text` on, should be written by the person, who is at `line` of them."""

    def __init__(self, changeset: str, path: str, hunk: Hunk, text: str, line: int = 0) -> None:
        super().__init__()
        self.changeset = changeset
        self.path = path
        self.hunk = hunk
        self.text = text
        self.line = line


class RewindWanted(Message):
    """The person has looked at what going back to before `turn` does to files, and wants to decide."""

    def __init__(self, turn: str) -> None:
        super().__init__()
        self.turn = turn


class MarkFileWanted(Message):
    """A file should be marked as reviewed, or no longer."""

    def __init__(self, file: ReviewedFile, reviewed: bool) -> None:
        super().__init__()
        self.file = file
        self.reviewed = reviewed


class FilesWanted(Message):
    """One of these files should be picked to go to."""

    def __init__(self, files: tuple[FileDiff, ...]) -> None:
        super().__init__()
        self.files = files


class SourceWanted(Message):
    """Another source of the diff should be picked."""


class TakeBackWanted(Message):
    """An applied hunk should be taken back."""

    def __init__(self, source: Source, path: str, hunk: Hunk) -> None:
        super().__init__()
        self.source = source
        self.path = path
        self.hunk = hunk


class CommentWanted(Message):
    """A comment should be written: a new one where it has no id yet, else in other words."""

    def __init__(self, comment: Comment) -> None:
        super().__init__()
        self.comment = comment


class CommentsWanted(Message):
    """The open comments should be listed."""


class Decided(Message):
    """The person decided on a plan."""

    def __init__(self, request: str, answer: Answer) -> None:
        super().__init__()
        self.request = request
        self.answer = answer


class LinesWanted(Message):
    """Lines of the version of a file before its changes should be read, from the 0-based `first` on."""

    def __init__(self, source: Source, file: FileName, first: int, limit: int) -> None:
        super().__init__()
        self.source = source
        self.file = file
        self.first = first
        self.limit = limit


class ColoursWanted(Message):
    """A version of a file should be read for the colours of `limit` lines from a page's first one on."""

    def __init__(self, source: Source, page: Page, limit: int) -> None:
        super().__init__()
        self.source = source
        self.page = page
        self.limit = limit


class Sent(Message):
    """The person ends the review."""

    def __init__(self, request: str, message: str = "") -> None:
        super().__init__()
        self.request = request
        self.message = message
