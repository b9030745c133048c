"""The registry of actions: one source for keys, hints, help and palette."""

from __future__ import annotations

import re

import pytest

from nanodeck.ui.actions import ACTIONS, BY_ID, actions_in, hints_for, leader_choices
from nanodeck.ui.dialogs.help import help_lines, matching
from nanodeck.ui.screens.deck import DeckScreen
from nanodeck_widgets.actions import Where
from nanodeck_widgets.chat.pane import ChatPane
from nanodeck_widgets.diff.pane import DiffPane
from nanodeck_widgets.jobs.pane import JobsPane
from nanodeck_widgets.keymap import PANES, Keymap
from nanodeck_widgets.pane import SELECTING, Pane
from nanodeck_widgets.tasks.pane import TasksPane

KEYMAP = Keymap(ACTIONS)
KINDS: dict[Where, type[Pane]] = {
    "pane": Pane,
    "chat": ChatPane,
    "diff": DiffPane,
    "tasks": TasksPane,
    "jobs": JobsPane,
}


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(ACTIONS)


def test_no_two_actions_of_a_place_share_a_key() -> None:
    used = [(action.where, key) for action in ACTIONS for key in action.keys]
    assert len(used) == len(set(used))


def test_every_action_of_the_deck_is_a_method_of_its_screen() -> None:
    missing = [action.id for action in actions_in("deck") if not hasattr(DeckScreen, f"action_{action.name}")]
    assert missing == []


@pytest.mark.parametrize("where", KINDS)
def test_every_action_of_a_pane_is_something_it_does(where: Where) -> None:
    kind = KINDS[where]
    done = {*dir(kind), *(f"action_{name}" for name in (*getattr(kind, "_deciding", ()), *SELECTING))}
    assert [action.id for action in actions_in(where) if f"action_{action.name}" not in done] == []
    assert where == kind.PLACE


def test_keys_that_terminals_and_multiplexers_take_are_avoided() -> None:
    used = {key for action in ACTIONS for key in action.keys}
    assert used.isdisjoint({"ctrl+h", "ctrl+i", "ctrl+m"})
    first = {key for action in ACTIONS for key in action.keys[:1]}
    assert first.isdisjoint({"ctrl+a", "ctrl+b"})


def test_function_keys_are_never_the_only_way() -> None:
    functions = re.compile(r"(shift\+)?f\d+")
    alone = {action.id for action in ACTIONS if action.keys and all(map(functions.fullmatch, action.keys))}
    # Walking through the panes has the numbers and the leader, settings have their command.
    assert alone == {"deck.next_pane", "deck.previous_pane", "deck.settings"}


def test_no_letter_of_the_deck_is_taken_by_a_pane() -> None:
    letters = {key for action in actions_in("deck") for key in action.keys if len(key) == 1}
    assert [place for place in PANES for key in letters if KEYMAP.name(key, place, "pane")] == []


def test_what_follows_the_leader_key_is_told_apart() -> None:
    keys = [key for key, _ in leader_choices(KEYMAP)]
    assert {"c", "d", "t", "j", "!", "b"} <= set(keys)
    assert len(keys) == len(set(keys))


def test_hints_say_how_to_get_back_from_a_pane_and_how_to_stop_a_turn() -> None:
    assert ("esc", "back to prompt") in hints_for("diff", KEYMAP)
    assert ("esc", "interrupt") in hints_for("prompt", KEYMAP, busy=True)
    assert ("esc", "interrupt") not in hints_for("prompt", KEYMAP)


def test_hints_show_the_keys_that_were_set() -> None:
    own = Keymap(ACTIONS, {"deck.zoom": ("Z",), "deck.focus_chat": ("5",), "deck.help": ()})
    hints = hints_for("chat", own)
    assert ("Z", "zoom") in hints
    assert ("5/2/3/4", "panes") in hints
    assert "help" not in {word for _, word in hints}


def test_help_starts_with_the_place_it_was_asked_from() -> None:
    assert next(iter(help_lines("diff", KEYMAP))).heading == "Diff and review"


def test_help_holds_every_action_and_is_searched_by_all_words() -> None:
    lines = list(help_lines("prompt", KEYMAP))
    assert {action.title for action in ACTIONS if action.keys} <= {line.right for line in lines}
    found = matching(iter(lines), "reject file")
    assert found
    assert all("reject" in line.right.lower() and "file" in line.right.lower() for line in found)
    assert matching(iter(lines), "nothing like this") == []
