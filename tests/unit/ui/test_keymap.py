"""The keymap: what a key does where, what the person set instead, and what of that cannot hold."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from textual import events

from nanodeck.ui.actions import ACTIONS, BY_ID
from nanodeck_widgets.keymap import PANES, Keymap, is_plain, key_named, pressed

DEFAULT = Keymap(ACTIONS)


@pytest.mark.parametrize(
    ("key", "character", "name"),
    [
        ("a", "a", "a"),
        ("A", "A", "A"),
        ("space", " ", "space"),
        ("left_square_bracket", "[", "["),
        ("enter", "\r", "enter"),
        ("tab", "\t", "tab"),
        ("ctrl+x", None, "ctrl+x"),
        ("shift+tab", None, "shift+tab"),
    ],
)
def test_a_key_is_named_by_what_it_writes(key: str, character: str | None, name: str) -> None:
    assert pressed(events.Key(key, character)) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("esc", "escape"),
        ("PgUp", "pageup"),
        ("Ctrl+X", "ctrl+x"),
        ("ctrl-x", "ctrl+x"),
        ("[", "["),
        ("question_mark", "?"),
        ("shift+a", "A"),
        ("shift+ctrl+a", "ctrl+shift+a"),
        ("F7", "f7"),
        ("space", "space"),
        ("A", "A"),
        ("+", "+"),
        ("nokey", ""),
        ("", ""),
        ("hyper+nokey", ""),
        ("x+y", ""),
    ],
)
def test_keys_are_spelled_as_people_do(text: str, name: str) -> None:
    assert key_named(text) == name


def test_plain_keys_are_those_that_write_characters() -> None:
    assert [key for key in ("z", "?", "space", "ctrl+x", "f6") if is_plain(key)] == ["z", "?", "space"]


def test_a_pane_has_its_own_keys_before_those_of_every_pane() -> None:
    assert DEFAULT.name("j", "diff", "pane") == "next_hunk"
    assert DEFAULT.name("j", "chat", "pane") == "down"
    assert DEFAULT.name("ö", "diff", "pane") == ""


def test_what_was_set_replaces_the_default() -> None:
    keymap = Keymap(ACTIONS, {"diff.accept": ("x", "f5"), "chat.open": ()})
    assert keymap.problems == ()
    assert [keymap.name(key, "diff") for key in ("x", "f5", "y")] == ["accept", "accept", ""]
    assert keymap.keys("chat.open") == ()


def test_two_keys_may_change_places() -> None:
    keymap = Keymap(ACTIONS, {"diff.accept": ("n",), "diff.reject": ("y",)})
    assert keymap.problems == ()
    assert (keymap.name("n", "diff"), keymap.name("y", "diff")) == ("accept", "reject")


def test_a_key_after_the_leader_is_set_by_the_leaders_name_or_key() -> None:
    for text in ("ctrl+x k", "leader k"):
        keymap = Keymap(ACTIONS, {"deck.zoom": (text,)})
        assert (keymap.problems, keymap.name("k", "leader")) == ((), "zoom")
        assert keymap.shown("deck.zoom") == ("ctrl+x k",)
    moved = Keymap(ACTIONS, {"deck.leader": ("f9",)})
    assert moved.first("deck.oldest_request") == "f9 !"


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        ({"diff.acept": ("x",)}, "keys.diff.acept: there is no such action, did you mean diff.accept?"),
        ({"diff.accept": ("hyperkey",)}, "keys.diff.accept: there is no key 'hyperkey'"),
        ({"diff.accept": ("n",)}, "keys.diff.accept: n is the key of diff.reject already"),
        ({"diff.accept": ("1",)}, "keys.diff.accept: 1 is the key of deck.focus_chat already"),
        ({"deck.zoom": ("ctrl+p",)}, "keys.deck.zoom: ctrl+p is the key of deck.palette already"),
        ({"deck.zoom": ("leader c",)}, "keys.deck.zoom: ctrl+x c is the key of deck.focus_chat already"),
        ({"approval.once": ("enter",)}, "keys.approval.once: enter never answers a request"),
        ({"diff.send": ("leader s",)}, "keys.diff.send: only what the deck does can follow the leader key"),
        ({"prompt.send": ("ctrl+x",)}, "keys.prompt.send: ctrl+x is the key of deck.leader already"),
    ],
)
def test_what_cannot_hold_is_said_and_leaves_the_default(
    own: dict[str, tuple[str, ...]], problem: str
) -> None:
    keymap = Keymap(ACTIONS, own)
    assert keymap.problems == (problem,)
    assert all(keymap.keys(action) == BY_ID[action].keys for action in own if action in BY_ID)


def test_vim_adds_keys_and_takes_none() -> None:
    keymap = Keymap(ACTIONS, vim=True)
    for place in PANES:
        assert keymap.name("ctrl+d", place, "pane") == "half_down"
    assert keymap.name("n", "chat", "pane") == "find_next"
    assert keymap.name("n", "diff", "pane") == "reject"
    assert keymap.name("g", "tasks", "pane") == "start"


_KEYS = st.sampled_from(
    ["a", "j", "y", "1", "z", "f5", "ctrl+p", "ctrl+x", "enter", "?", "odd", "leader c", "leader q"]
)


@given(
    st.dictionaries(st.sampled_from(sorted(BY_ID)), st.lists(_KEYS, max_size=3).map(tuple), max_size=8),
    st.booleans(),
)
def test_whatever_is_set_no_key_means_two_things(own: dict[str, tuple[str, ...]], vim: bool) -> None:
    keymap = Keymap(ACTIONS, own, vim=vim)
    places: dict[str, list[str]] = {}
    for action in ACTIONS:
        places.setdefault(action.where, []).extend(set(keymap.keys(action.id)))
    for where, keys in places.items():
        assert len(keys) == len(set(keys)), where
    letters = {key for key in places["deck"] if is_plain(key)}
    for place in PANES:
        assert not letters & {*places[place], *places["pane"]}
    for place in ("prompt", "approval"):
        assert not ({*places["deck"]} - letters) & {*places[place]}
    told = {problem.split(":")[0].removeprefix("keys.") for problem in keymap.problems}
    held = {action for action, keys in own.items() if set(keys) <= set(keymap.keys(action))}
    assert set(own) <= told | held
