"""The registry of actions: one source for keys, hints, help and palette."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from textual.binding import Binding

from nanodeck.ui.actions import ACTIONS, BY_ID, LEADER_ACTIONS, Where, actions_in, hints_for, is_plain
from nanodeck.ui.screens.deck import DeckScreen
from nanodeck.ui.screens.frame import DeckFrame
from nanodeck.ui.screens.help import help_lines, matching
from nanodeck_widgets.chat.pane import ChatPane
from nanodeck_widgets.diff.pane import DiffPane
from nanodeck_widgets.jobs.pane import JobsPane
from nanodeck_widgets.pane import Pane
from nanodeck_widgets.tasks.pane import TasksPane


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_no_two_actions_of_the_deck_share_a_key() -> None:
    keys = Counter(key for action in actions_in("deck") for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []
    leaders = Counter(action.leader for action in LEADER_ACTIONS)
    assert max(leaders.values()) == 1


def test_every_action_of_the_deck_is_a_method_of_its_screen() -> None:
    missing = [action.id for action in actions_in("deck") if not hasattr(DeckScreen, f"action_{action.name}")]
    assert missing == []


def test_every_key_of_the_deck_is_bound_before_the_focused_widget_sees_it() -> None:
    bound = {binding.key: binding for binding in DeckFrame.BINDINGS if isinstance(binding, Binding)}
    assert set(bound) == {key for action in actions_in("deck") for key in action.keys}
    assert all(binding.priority for binding in bound.values())


def test_keys_that_terminals_and_multiplexers_take_are_avoided() -> None:
    used = {key for action in ACTIONS for key in action.keys}
    assert used.isdisjoint({"ctrl+b", "ctrl+a", "ctrl+h", "ctrl+i", "ctrl+m"})
    functions = re.compile(r"(shift\+)?f\d+")
    bare = [action for action in ACTIONS if action.keys and not action.leader]
    alone = [action.id for action in bare if all(map(functions.fullmatch, action.keys))]
    assert alone == ["deck.next_pane", "deck.previous_pane"]


def test_plain_keys_are_those_that_write_characters() -> None:
    assert is_plain("z")
    assert is_plain("?")
    assert not is_plain("ctrl+x")
    assert not is_plain("f6")


def test_hints_say_how_to_get_back_from_a_pane_and_how_to_stop_a_turn() -> None:
    assert ("esc", "back to prompt") in hints_for("diff")
    assert ("esc", "interrupt") in hints_for("prompt", busy=True)
    assert ("esc", "interrupt") not in hints_for("prompt")


def test_help_starts_with_the_place_it_was_asked_from() -> None:
    assert next(iter(help_lines("diff"))).group == "Diff and review"


def test_help_holds_every_action_and_is_searched_by_all_words() -> None:
    lines = list(help_lines("prompt"))
    assert {action.title for action in ACTIONS} <= {line.does for line in lines}
    found = matching(iter(lines), "reject file")
    assert found
    assert all("reject" in line.does.lower() and "file" in line.does.lower() for line in found)
    assert matching(iter(lines), "nothing like this") == []


PANES: dict[Where, type[Pane]] = {"chat": ChatPane, "tasks": TasksPane, "jobs": JobsPane}


@pytest.mark.parametrize("where", PANES)
def test_every_key_a_pane_binds_is_in_the_registry(where: Where) -> None:
    known = {key for place in (where, "pane", "deck") for action in actions_in(place) for key in action.keys}
    known |= {"left_square_bracket", "right_square_bracket"}
    vi = {"j", "k", "G"}
    bound = {
        key
        for binding in PANES[where].BINDINGS
        if isinstance(binding, Binding)
        for key in binding.key.split(",")
    }
    assert bound - known - vi == set()


def test_the_registry_promises_no_key_of_the_review_that_the_pane_does_not_know() -> None:
    known = {*DiffPane._deciding, *DiffPane._steps}
    promised = {" " if key == "space" else key for action in actions_in("diff") for key in action.keys}
    assert promised <= known
