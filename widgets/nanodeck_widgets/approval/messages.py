"""What the approval layer tells the application around it."""

from __future__ import annotations

from textual.message import Message

from nanodeck.contracts.requests import Answer


class Answered(Message):
    """The person decided on `request`."""

    def __init__(self, request: str, answer: Answer) -> None:
        super().__init__()
        self.request = request
        self.answer = answer


class Left(Message):
    """The layer closed with nothing answered of `requests`; `note` says why when the person did not do it."""

    def __init__(self, requests: tuple[str, ...], note: str = "") -> None:
        super().__init__()
        self.requests = requests
        self.note = note


class ReviewWanted(Message):
    """The diff pane should show `changeset`."""

    def __init__(self, changeset: str) -> None:
        super().__init__()
        self.changeset = changeset


class ReviewShown(Message):
    """The person came to a request that is looked at in the diff pane, by walking through what waits."""

    def __init__(self, changeset: str) -> None:
        super().__init__()
        self.changeset = changeset


class Rewritten(Message):
    """The person wrote another `command` for `request`: what is known about it goes to `describe`."""

    def __init__(self, request: str, command: str) -> None:
        super().__init__()
        self.request = request
        self.command = command


class RuleWritten(Message):
    """The person may keep `rule` because of `request`: what is known about it goes to `try_out`."""

    def __init__(self, request: str, rule: str) -> None:
        super().__init__()
        self.request = request
        self.rule = rule


class KeysChanged(Message):
    """Other keys help now: the layer's `keys` tell."""


class DraftReturned(Message):
    """A message was being written for a request that closed: `text` must not be lost."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
