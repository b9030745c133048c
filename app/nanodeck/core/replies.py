"""What was said in a session, for copying, opening and taking along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.text import WEB_LINK, clean
from nanodeck.contracts.views import ReplyEntry, SaidEntry, SessionView, ToolEntry


def replies(state: SessionView) -> Iterator[str]:
    """The texts of the replies that said something, the last one first."""
    return (text for said, text in _backwards(state) if not said and text.strip())


def links(state: SessionView) -> tuple[str, ...]:
    """The web addresses in the replies, the last one first."""
    found = (link for text in replies(state) for link in reversed(WEB_LINK.findall(clean(text))))
    return tuple(dict.fromkeys(found))


def last_exchange(state: SessionView) -> tuple[str, str]:
    """What the person said last and the last reply after it; empty when there is none."""
    reply = ""
    for said, text in _backwards(state):
        if said:
            return text, reply
        reply = reply or text.strip()
    return "", ""


def nth_output(state: SessionView, nth: str) -> ToolEntry | None:
    """The call that printed something, the last one or the `nth` last as it was typed; None without one."""
    return _nth(state, nth, lambda entry: bool(entry.output.strip()))


def nth_decided(state: SessionView, nth: str) -> ToolEntry | None:
    """The call that was decided on, the last one or the `nth` last as it was typed; None without one."""
    return _nth(state, nth, lambda entry: entry.why is not None)


def _nth(state: SessionView, nth: str, wanted: Callable[[ToolEntry], bool]) -> ToolEntry | None:
    if nth and not (nth.isdecimal() and int(nth)):
        return None
    transcript = state.agent(MAIN_AGENT).transcript
    entries = (transcript[place] for place in range(len(transcript) - 1, -1, -1))
    calls = (entry for entry in entries if isinstance(entry, ToolEntry) and wanted(entry))
    return next(islice(calls, int(nth or 1) - 1, None), None)


def _backwards(state: SessionView) -> Iterator[tuple[bool, str]]:
    transcript = state.agent(MAIN_AGENT).transcript
    for position in range(len(transcript) - 1, -1, -1):
        entry = transcript[position]
        if isinstance(entry, SaidEntry | ReplyEntry):
            yield isinstance(entry, SaidEntry), entry.text
