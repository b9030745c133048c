"""What is painted anew of the deck is what all of it looks like there."""

from __future__ import annotations

from random import Random

from textual._compositor import ChopsUpdate
from textual.geometry import Region

from nanodeck.contracts import events as ev
from nanodeck.contracts.tasks import Task
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import reply, said


def shown_in(deck: Stage, region: Region) -> None:
    """Any part of the screen is painted as it is when everything is."""
    compositor = deck.app.screen._compositor
    compositor._dirty_regions.clear()
    compositor._dirty_regions.add(region)
    update = compositor.render_update()
    whole = compositor.render_strips()
    assert isinstance(update, ChopsUpdate)
    for y, row in enumerate(update.chops):
        covered: set[int] = set()
        for end, (x, piece) in zip(update.chop_ends[y], row.items(), strict=True):
            assert piece is not None
            assert list(piece.simplify()) == list(whole[y].crop(x, end).simplify())
            covered.update(range(x, end))
        if region.y <= y < region.bottom:
            assert covered >= set(range(region.x, region.right))
        else:
            assert not covered


async def test_every_part_of_the_deck_is_painted_as_when_everything_is(stage: Stager) -> None:
    random = Random(7)
    async with stage() as deck:
        tasks = tuple(Task(str(n), f"task {n}") for n in range(40))
        await deck.publish(*said("hello"), *reply("**bold** 漢字 👩\u200d💻 " * 60), ev.TasksChanged(tasks))
        for keys in ((), ("/",), ("escape", "ctrl+x", "t", "down")):
            await deck.press(*keys)
            for _ in range(25):
                x, y = random.randrange(110), random.randrange(38)
                shown_in(deck, Region(x, y, random.randint(1, 118 - x), random.randint(1, 39 - y)))
