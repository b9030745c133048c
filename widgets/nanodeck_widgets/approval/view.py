"""What of a card is seen in the rows there are."""

from __future__ import annotations

from typing import NamedTuple

from nanodeck_widgets.approval.card import Card
from nanodeck_widgets.approval.pen import Line

BODY_ROWS = 3
"""Rows of the body that stay in sight, whatever is known about it."""


class View(NamedTuple):
    """`rows` to draw; of `length` that scroll, `seen` are in them from the one numbered `top` on."""

    rows: list[Line]
    top: int
    seen: int
    length: int

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.seen == self.length


def view_of(card: Card, height: int, top: int) -> View:
    """`card` in `height` rows, scrolled by `top` rows as far as that can be."""
    body, info, choices = card.body, card.info, card.choices
    needed = len(card.head) + len(body) + len(info) + len(choices)
    if height < min(needed, 3 * len(choices)):
        # They must not take the room of what they are about.
        choices = card.brief
    fixed = len(card.head) + len(info) + len(choices)
    if height - fixed < min(BODY_ROWS, len(body)):
        # What explains the command scrolls with it rather than taking its room.
        body, info = [*body, *info], []
        fixed = len(card.head) + len(choices)
    spare = min(card.blanks, max(0, height - fixed - len(body)))
    # Blank lines below the body first, then above it, then before the choices: without a body there alone.
    blank: list[Line] = [[]]
    places = range(3) if card.body else (spare, spare, 0)
    below, above, between = (blank * (spare > place) for place in places)
    room = max(1, height - fixed - spare)
    if card.cursor >= 0:
        top = min(max(top, card.cursor - room + 1), card.cursor)
    top = min(max(0, top), max(0, len(body) - room))
    seen = body[top : top + room]
    rows = [*card.head, *above, *seen, *below, *info, *between, *choices]
    return View(rows, top, len(seen), len(body))
