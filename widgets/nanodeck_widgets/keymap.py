"""Which key does what: the defaults of every action, and what the person set instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from textual import events
from textual.keys import Keys, key_to_character

from nanodeck_widgets.actions import WIDGET_ACTIONS, Action
from nanodeck_widgets.glyphs import in_signs

LEADER = "leader"
PANES = ("chat", "diff", "tasks", "jobs")
NEVER = {"approval": frozenset({"enter", "space"})}
"""Keys people press without looking: they never answer a request."""

_SPELLINGS = {
    "esc": "escape",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
}
_SHOWN = {
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
_MODIFIERS = ("super", "hyper", "meta", "alt", "ctrl", "shift")
_NAMED = frozenset({key.value for key in Keys} | {"space"})


def pressed(event: events.Key) -> str:
    """The name of a pressed key: the character it writes, else Textual's name; a blank is 'space'."""
    if event.is_printable and event.character:
        return "space" if event.character == " " else event.character
    return event.key


def shown_key(key: str) -> str:
    """A key as people read it."""
    return in_signs(_SHOWN.get(key, key))


def is_plain(key: str) -> bool:
    """Whether the key writes a character, so that it must not be taken from a text."""
    return len(key) == 1 or key == "space"


def key_named(text: str) -> str:
    """The name of the key that a person calls `text`; empty when there is none."""
    text = text.strip()
    if len(text) == 1:
        return text
    *modifiers, base = text.lower().replace("-", "+").split("+")
    base = _SPELLINGS.get(base, base)
    if any(modifier not in _MODIFIERS for modifier in modifiers):
        return ""
    if len(base) != 1 and base not in _NAMED:
        character = key_to_character(base)
        if character is None:
            return ""
        base = character
    if not modifiers:
        return base
    if modifiers == ["shift"] and len(base) == 1:
        return base.upper()
    ordered = [
        modifier for modifier in ("alt", "ctrl", "meta", "shift", "super", "hyper") if modifier in modifiers
    ]
    return "+".join([*ordered, base])


class Keymap:
    """Keys by action and actions by key. `own` are the keys the person set, by action id.

    `problems` says which of them do not hold: unknown actions and keys, and keys that another
    action has at the same place.
    """

    def __init__(
        self,
        actions: Iterable[Action] = WIDGET_ACTIONS,
        own: Mapping[str, tuple[str, ...]] | None = None,
        *,
        vim: bool = False,
    ) -> None:
        self._actions = {action.id: action for action in actions}
        self._keys = {action.id: action.keys for action in self._actions.values()}
        self._own: dict[str, tuple[str, ...]] = {}
        self._problems = list(self._take(own or {}))
        self._settle()
        if vim:
            self._add_vim()
        self._names: dict[str, dict[str, str]] = {}
        for place, key, action in self._claims():
            self._names.setdefault(place, {}).setdefault(key, action.name)

    @property
    def problems(self) -> tuple[str, ...]:
        """What was set and does not hold."""
        return tuple(self._problems)

    def keys(self, action: str) -> tuple[str, ...]:
        """The keys of an action; 'leader c' is c after the leader key."""
        return self._keys.get(action, ())

    def shown(self, action: str) -> tuple[str, ...]:
        """The keys of an action as people read them."""
        return tuple(self._read(key) for key in self.keys(action))

    def first(self, action: str) -> str:
        """The first key of an action as people read it; empty when it has none."""
        return next(iter(self.shown(action)), "")

    def name(self, key: str, *places: str) -> str:
        """The name of what `key` does at the first of `places` that knows it; empty for nothing."""
        for place in places:
            if name := self._names.get(place, {}).get(key):
                return name
        return ""

    def _read(self, key: str) -> str:
        before, _, after = key.rpartition(" ")
        if before != LEADER:
            return shown_key(key)
        leader = next(iter(self._keys.get("deck.leader", ())), LEADER)
        return f"{shown_key(leader)} {shown_key(after)}"

    def _take(self, own: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        """Take what was set, and say what cannot be."""
        for id_, texts in own.items():
            if id_ not in self._actions:
                from difflib import get_close_matches

                near = get_close_matches(id_, self._actions, 1)
                yield f"keys.{id_}: there is no such action{f', did you mean {near[0]}?' if near else ''}"
                continue
            named = {text: self._named(text) for text in texts}
            yield from (f"keys.{id_}: there is no key {text!r}" for text, key in named.items() if not key)
            never = NEVER.get(self._actions[id_].where, frozenset())
            yield from (
                f"keys.{id_}: {key} never answers a request" for key in named.values() if key in never
            )
            led = self._actions[id_].where != "deck" and any(key.startswith(LEADER) for key in named.values())
            if led:
                yield f"keys.{id_}: only what the deck does can follow the leader key"
            usable = (key for key in named.values() if key and key not in never)
            keys = tuple(dict.fromkeys(key for key in usable if not (led and key.startswith(LEADER))))
            if keys or not texts:
                self._own[id_] = self._keys[id_] = keys

    def _named(self, text: str) -> str:
        first, _, second = text.strip().partition(" ")
        if not second:
            return key_named(text)
        leaders = (
            (LEADER, *self._actions["deck.leader"].keys) if "deck.leader" in self._actions else (LEADER,)
        )
        key = key_named(second)
        return f"{LEADER} {key}" if key and (first == LEADER or key_named(first) in leaders) else ""

    def _settle(self) -> None:
        """Give up what was set wherever another action has the key already."""
        while clash := self._clash():
            given_up, other, key = clash
            del self._own[given_up.id]
            self._keys[given_up.id] = given_up.keys
            self._problems.append(f"keys.{given_up.id}: {self._read(key)} is the key of {other.id} already")

    def _clash(self) -> tuple[Action, Action, str] | None:
        seen: dict[tuple[str, str], Action] = {}
        for place, key, action in self._claims():
            for scope in _scopes(place, key):
                other = seen.setdefault((scope, key), action)
                if other is not action and "deck" not in (place, other.where) and place != other.where:
                    continue
                if other is not action and (action.id in self._own or other.id in self._own):
                    named = f"{LEADER} {key}" if place == LEADER else key
                    return (action, other, named) if action.id in self._own else (other, action, named)
        return None

    def _claims(self) -> Iterator[tuple[str, str, Action]]:
        """Every (place, key, action); keys after the leader have a place of their own."""
        for id_, action in self._actions.items():
            for key in self._keys[id_]:
                before, _, after = key.rpartition(" ")
                yield (LEADER, after, action) if before == LEADER else (action.where, key, action)

    def _add_vim(self) -> None:
        # In a pane the pane's keys come first; only letters of the deck are in their way.
        taken = {
            (scope, key)
            for place, key, _ in self._claims()
            if place != "deck" or is_plain(key)
            for scope in _scopes(place, key)
        }
        for id_, action in self._actions.items():
            free = tuple(
                key for key in action.vim if (action.where, key) not in taken and key not in self._keys[id_]
            )
            self._keys[id_] = (*self._keys[id_], *free)


def _scopes(place: str, key: str) -> tuple[str, ...]:
    """Where a key of `place` is heard: those of the deck everywhere, letters only where nobody types."""
    if place == "deck":
        return ("deck", "pane", *PANES) if is_plain(key) else ("deck", "pane", "prompt", "approval", *PANES)
    return (place, *PANES) if place == "pane" else (place,)


DEFAULT = Keymap()
"""What holds where no application says otherwise."""


def keymap_of(app: object) -> Keymap:
    """The keys of an application."""
    keymap = getattr(app, "keymap", None)
    return keymap if isinstance(keymap, Keymap) else DEFAULT
