"""The door: what is typed for something that is not there yet is held, in order, but not for ever."""

from __future__ import annotations

from textual import events

from nanodeck.ui.door import PATIENCE, Door


def keys(*names: str) -> list[events.Key]:
    return [events.Key(name, name) for name in names]


def test_what_is_typed_behind_a_closed_door_comes_out_in_order() -> None:
    door, typed = Door(), keys("a", "b")
    assert all(door.holds(key) for key in typed)
    assert door.open(0) == typed
    assert not door.holds(typed[0])
    assert door.open(0) == []


def test_only_the_last_one_who_closed_it_opens_it() -> None:
    door = Door()
    door.open(0)
    first, second = door.close(), door.close()
    (key,) = keys("a")
    assert door.holds(key)
    assert door.open(first) == []
    assert door.open(second) == [key]


def test_nothing_is_waited_for_for_ever() -> None:
    now = [0.0]
    door = Door(lambda: now[0])
    now[0] = 100.0
    assert not door.overdue
    door.close()
    now[0] += PATIENCE
    assert not door.overdue
    now[0] += 0.1
    assert door.overdue
    door.close()
    assert not door.overdue
    door.open(door.token)
    now[0] += 100
    assert not door.overdue
