"""Sizes and odd characters: every row is as wide as the screen, frames stay in their columns, focus stays."""

from __future__ import annotations

from random import Random

import pytest
from rich.cells import cell_len
from textual.geometry import Offset, Region

from nanodeck.contracts import events as ev
from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck.contracts.rules import Why
from nanodeck.contracts.tasks import Task
from nanodeck.contracts.text import clean
from nanodeck.core.review import ProposedFile, propose
from nanodeck_widgets.clusters import cluster_end
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import reply, said

ODD = [
    "漢字かな",
    "👩\u200d💻👨\u200d👩\u200d👧\u200d👦",
    "🇩🇪🇯🇵",
    "❤\ufe0f⚠\ufe0f1\ufe0f\u20e3",
    "e\u0301o\u0302\u0323",
    "שָׁלוֹם עולם",
    "مَرْحَبًا بالعالم",
    "น้ำใจ",
    "한글 \u1112\u1161\u11ab",
    "👍🏽🏴\U000e0067\U000e0062\U000e007f",
    "𝒳ﷺ\u0000\t\x1b[31m",
]
LINE = " | ".join(ODD)
MARKDOWN = f"# {LINE}\n\n{LINE} {LINE}\n\n- {LINE}\n\n> {LINE}\n\n| a | {ODD[1]} |\n|---|---|\n" + "\n".join(
    [*(f"| {odd} | `{odd}` x |" for odd in ODD[:-1]), "", f"```py\n{LINE}\n```"]
)
FRAME = set("┌┐└┘│┏┓┗┛┃╭╮╰╯█▐┠┨├┤╿╽▌")


def review() -> tuple[ev.Event, ...]:
    old = "\n".join(f"{number} {odd} end" for number, odd in enumerate(ODD * 3)) + "\n"
    new = old.replace(" end", f" {ODD[1]} END")
    file = ProposedFile("src/漢字.py", old.encode(), new.encode())
    changeset = propose("changeset-1", ["call-1"], [file]).changeset
    hunks = len(changeset.files[0].hunks)
    detail = ReviewDetail("changeset-1", 1, hunks)
    request = Request("request-1", "main", "call-1", detail, Why("ask", "edits ask", "mode.normal"))
    return ev.ChangesetProposed(changeset), ev.RequestOpened(request)


def cells_of(text: str) -> dict[int, str]:
    """What begins in each cell of a row."""
    found: dict[int, str] = {}
    at = x = 0
    while at < len(text):
        end = cluster_end(text, at)
        found[x] = text[at:end]
        x, at = x + cell_len(text[at:end]), end
    return found


def aligned(deck: Stage) -> None:
    """Rows fill the screen and the frames of all panes are whole."""
    width, height = deck.app.size
    strips = deck.app.screen._compositor.render_strips()
    assert len(strips) == height
    rows = []
    for strip in strips:
        assert sum(cell_len(segment.text) for segment in strip) == width, repr(strip.text)
        rows.append(cells_of(strip.text))
    for pane in deck.deck.panes.values():
        region = pane.region
        if not pane.is_on_screen or not region:
            continue
        for y in region.line_range:
            over, _ = deck.deck.get_widget_at(*Offset(region.right - 1, y))
            if over is pane:
                assert rows[y].get(region.x, "") in FRAME, (pane.id, y, strips[y].text)
                assert rows[y].get(region.right - 1, "") in FRAME, (pane.id, y, strips[y].text)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (121, 40), (300, 80)])
async def test_u10_odd_characters_leave_every_column_in_its_place(
    stage: Stager, size: tuple[int, int]
) -> None:
    async with stage(size=size) as deck:
        tasks = tuple(Task(str(n), f"{odd} {LINE}", owner=odd) for n, odd in enumerate(ODD, 1))
        await deck.publish(*said(LINE), *reply(MARKDOWN))
        aligned(deck)
        await deck.publish(ev.TurnStarted("turn-2"), ev.TasksChanged(tasks), *review())
        aligned(deck)
        for keys in ("ctrl+x d", "w", "t", "w", "right", "right", "ctrl+x t", "ctrl+x c home"):
            await deck.press(*keys.split())
            aligned(deck)


async def test_the_cursor_of_the_prompt_never_stands_in_a_character(stage: Stager) -> None:
    async with stage(size=(60, 20)) as deck:
        prompt = deck.deck.area.prompt
        for odd in ODD[:-1]:
            odd = clean(odd)
            prompt.put(odd)
            places = {0}
            while max(places) < len(odd):
                places.add(cluster_end(odd, max(places)))
            for key in ("left", "right"):
                for _ in range(len(places) - 1):
                    assert prompt.cursor_location[1] in places
                    (row,) = prompt.render_lines(Region(0, 0, prompt.size.width, 1))
                    assert sum(cell_len(segment.text) for segment in row) == prompt.size.width
                    prompt.act(key)
            for left in sorted(places, reverse=True)[1:]:
                prompt.act("delete_left")
                assert prompt.text == odd[:left]


async def test_u5_any_size_and_any_row_of_sizes_keeps_focus_and_columns(stage: Stager) -> None:
    random = Random(11)
    async with stage() as deck:
        tasks = tuple(Task(str(n), f"task {n} {LINE}") for n in range(1, 30))
        await deck.publish(
            *said("go"), *reply(MARKDOWN), ev.TurnStarted("turn-2"), ev.TasksChanged(tasks), *review()
        )
        for keys, place in ((("escape",), "prompt"), (("ctrl+x", "t"), "tasks"), (("ctrl+x", "d"), "diff")):
            await deck.press(*keys)
            assert deck.at(place)
            for _ in range(3):
                size = random.randint(60, 300), random.randint(20, 80)
                await deck.pilot.resize_terminal(*size)
                await deck.settle()
                assert deck.at(place), size
                aligned(deck)
            await deck.pilot.resize_terminal(30, 8)
            await deck.settle()
            await deck.pilot.resize_terminal(120, 40)
            await deck.settle()
            assert deck.at(place)
            aligned(deck)
