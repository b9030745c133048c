"""Tips for what was not used yet: one at a time, when it would help, until it is used."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.views import SessionView
from nanodeck_widgets.keymap import Keymap, is_plain

USED = "used"
"""The name under which it is remembered what was used."""


class Tip(NamedTuple):
    """`use` is an action's id or a slash command; `text` says what its key does, or the command itself."""

    use: str
    text: str
    helps: Callable[[SessionView], object]


def _replied(session: SessionView) -> bool:
    return session.agent(MAIN_AGENT).usage.output > 0


def _applied(session: SessionView) -> bool:
    return any(review.state == "applied" for review in session.reviews)


TIPS = (
    Tip("/undo", "puts the last change back", _applied),
    Tip("deck.focus_diff", "looks at the change again", lambda session: session.reviews),
    Tip("deck.focus_jobs", "shows what runs beside the turn", lambda session: session.jobs),
    Tip("deck.toggle_tasks", "shows the tasks", lambda session: session.tasks),
    Tip("/tour", "shows the keys to try out", lambda session: True),
    Tip("deck.expand_output", "unfolds what tools printed", _replied),
    Tip("deck.copy", "copies the last reply", _replied),
    Tip("deck.history", "finds what you sent before", _replied),
    Tip("deck.cycle_mode", "changes the mode", lambda session: True),
    Tip("deck.editor", "writes the prompt in your editor", lambda session: True),
    Tip("deck.palette", "finds every action by name", lambda session: True),
)
USES = frozenset(tip.use for tip in TIPS)


def next_tip(session: SessionView, used: Collection[str], keymap: Keymap) -> str:
    """What to say now; empty when everything that would help was used, or has no key in a text."""
    for tip in TIPS:
        if tip.use not in used and tip.helps(session) and (key := _key(tip.use, keymap)):
            return f"{key} {tip.text}"
    return ""


def _key(use: str, keymap: Keymap) -> str:
    if use.startswith("/"):
        return use
    pairs = zip(keymap.keys(use), keymap.shown(use), strict=True)
    return next((shown for key, shown in pairs if not is_plain(key)), "")
