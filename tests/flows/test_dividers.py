"""The dividers between the panes: dragged with the mouse, moved with keys, kept for later."""

from __future__ import annotations

import pytest

from nanodeck.contracts.commands import Remember
from nanodeck.contracts.preferences import Kept
from tests.flows.conftest import Stage, Stager


def remembered(deck: Stage) -> dict[str, int]:
    """What was kept last of where the dividers stand."""
    kept = [command.value for command in deck.engine.commands if isinstance(command, Remember)]
    assert isinstance(kept[-1], dict)
    return kept[-1]


def sizes(deck: Stage) -> dict[str, tuple[int, int]]:
    """Cells of every pane."""
    return {name: tuple(pane.outer_size) for name, pane in deck.deck.panes.items()}  # type: ignore[misc]


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_every_divider_follows_the_mouse_and_is_kept(stage: Stager, size: tuple[int, int]) -> None:
    async with stage(size=size) as deck:
        await deck.fill()
        panes = deck.deck.panes
        wide = size[0] > 160
        for first, second, axis in (
            ("chat", "diff", "x"),
            ("diff", "tasks", "x" if wide else "y"),
            ("tasks", "jobs", "y" if wide else "x"),
        ):
            one, other = panes[first].region, panes[second].region
            at = (other.x, other.y + 2) if axis == "x" else (other.x + 9, other.y)
            before = one.size
            await deck.drag(at, (at[0] - 3, at[1]) if axis == "x" else (at[0], at[1] - 3))
            now = panes[first].region.size
            assert before.width - now.width == (3 if axis == "x" else 0), (first, second)
            assert before.height - now.height == (3 if axis == "y" else 0), (first, second)
            assert not any(pane.copy_selection() for pane in panes.values())
        assert len(remembered(deck)) == 3


async def test_a_divider_leaves_both_sides_room_and_a_bare_edge_is_no_divider(stage: Stager) -> None:
    async with stage() as deck:
        await deck.fill()
        x = deck.deck.diff.region.x
        await deck.drag((x, 8), (0, 8))
        assert deck.deck.chat.outer_size.width == 24
        await deck.drag((24, 8), (119, 8))
        assert deck.deck.diff.outer_size.width == 24
        before = sizes(deck)
        await deck.drag((0, 8), (9, 8))
        await deck.drag((119, 8), (100, 8))
        assert sizes(deck) == before


async def test_keys_move_what_the_mouse_moves(stage: Stager) -> None:
    async with stage() as deck:
        await deck.fill()
        before = sizes(deck)
        await deck.press("ctrl+x", ">")
        assert sizes(deck)["chat"][0] == before["chat"][0] + 4
        await deck.press("f6", "f6", "ctrl+x", ">", "ctrl+x", "+")
        assert deck.at("diff")
        assert sizes(deck)["chat"] == before["chat"]
        assert sizes(deck)["diff"][1] == before["diff"][1] + 2
        await deck.press("ctrl+x", "-", "f6", "ctrl+x", "<")
        assert deck.at("tasks")
        assert sizes(deck)["diff"] == before["diff"]
        assert sizes(deck)["tasks"][0] == before["tasks"][0] - 4
        assert deck.deck.area.prompt.text == ""


async def test_where_no_divider_is_the_key_says_so(stage: Stager) -> None:
    async with stage(size=(80, 24)) as deck:
        await deck.fill()
        before, heard = sizes(deck), deck.hear()
        await deck.press("ctrl+x")
        assert "pane wider" not in deck.text
        await deck.press("<")
        assert heard == ["no other pane is beside it to give room or take it"]
        assert sizes(deck) == before


async def test_each_arrangement_keeps_its_own_places_and_zoom_gives_all_the_room(stage: Stager) -> None:
    async with stage() as deck:
        await deck.fill()
        await deck.press("ctrl+x", ">", "ctrl+x", ">")
        moved = sizes(deck)
        await deck.press("f6", "z")
        assert sizes(deck)["chat"][0] == 120
        await deck.press("z")
        assert sizes(deck) == moved
        await deck.pilot.resize_terminal(200, 60)
        await deck.settle()
        await deck.press("ctrl+x", "<")
        await deck.pilot.resize_terminal(120, 40)
        await deck.settle()
        await deck.settle()
        assert sizes(deck) == moved


@pytest.mark.parametrize("kept", [{"medium: chat, right": 300}, {"medium: chat, right": "wide"}, ["x"], 7])
async def test_what_was_remembered_is_used_and_nonsense_is_not(stage: Stager, kept: object) -> None:
    async with stage(kept=Kept(remembered={"shares": kept})) as deck:
        await deck.fill()
        good = isinstance(kept, dict) and 300 in kept.values()
        assert (deck.deck.chat.outer_size.width == 36) is good
        await deck.press("ctrl+x", ">")
        assert list(remembered(deck)) == ["medium: chat, right"]
