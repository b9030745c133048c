"""Which panes are on screen."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from nanodeck.ui.layout import PANES, DeckLayout

EVERYTHING = frozenset(PANES)


@pytest.fixture
def screen() -> Screen[None]:
    return Screen()


def test_at_first_there_is_the_chat_alone(screen: Screen[None]) -> None:
    layout = DeckLayout(screen)
    layout.apply()
    assert screen.has_class("-on-chat", "-no-diff", "-no-tasks", "-no-jobs")
    assert [pane for pane in PANES if layout.visible(pane)] == ["chat"]


def test_panes_appear_with_their_content(screen: Screen[None]) -> None:
    layout = DeckLayout(screen)
    assert layout.keep(EVERYTHING)
    assert not layout.keep(EVERYTHING)
    assert layout.keep(EVERYTHING, asking=True)
    assert not layout.keep(EVERYTHING, asking=True)
    assert layout.keep(EVERYTHING)
    assert not screen.has_class("-no-diff")
    assert all(layout.visible(pane) for pane in PANES)


def test_zoom_shows_the_pane_that_is_on_and_follows_it(screen: Screen[None]) -> None:
    layout = DeckLayout(screen)
    layout.keep(EVERYTHING)
    layout.show("diff")
    layout.zoom()
    assert [pane for pane in PANES if layout.visible(pane)] == ["diff"]
    layout.show("tasks")
    assert [pane for pane in PANES if layout.visible(pane)] == ["tasks"]
    layout.zoom()
    assert all(layout.visible(pane) for pane in PANES)


def test_a_pane_that_lost_its_content_is_left(screen: Screen[None]) -> None:
    layout = DeckLayout(screen)
    layout.keep(EVERYTHING)
    layout.show("jobs")
    layout.zoom()
    layout.keep(frozenset({"chat"}))
    assert (layout.on, layout.zoomed) == ("chat", False)


def test_folding_hides_the_side_until_one_of_it_is_wanted(screen: Screen[None]) -> None:
    layout = DeckLayout(screen)
    layout.keep(EVERYTHING)
    layout.fold()
    assert [pane for pane in PANES if layout.visible(pane)] == ["chat", "diff"]
    layout.show("chat")
    assert layout.folded
    layout.show("tasks")
    assert not layout.folded
