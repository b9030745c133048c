"""What a review asks of the application around it."""

from __future__ import annotations

from textual.message import Message

from nanodeck.contracts.changes import HunkMark


class Marked(Message):
    """The person decided on hunks."""

    def __init__(self, changeset: str, marks: tuple[HunkMark, ...]) -> None:
        super().__init__()
        self.changeset = changeset
        self.marks = marks


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
    """The lines of a hunk, from `text` on, should be written by the person."""

    def __init__(self, changeset: str, path: str, hunk: int, text: str) -> None:
        super().__init__()
        self.changeset = changeset
        self.path = path
        self.hunk = hunk
        self.text = text


class Sent(Message):
    """The person ends the review."""

    def __init__(self, request: str, message: str = "") -> None:
        super().__init__()
        self.request = request
        self.message = message
