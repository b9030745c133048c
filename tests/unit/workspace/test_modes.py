"""Modes of files: what of them is told, and what is left of them without a change."""

from __future__ import annotations

from hypothesis import given, strategies as st

from nanodeck.workspace.modes import EXECUTABLE, LINK, PLAIN, agree, told, without

MODES = st.integers(0, 0o7777).map(lambda rights: 0o100000 | rights)


@given(old=MODES, new=MODES, now=MODES)
def test_without_a_change_everything_else_stays(old: int, new: int, now: int) -> None:
    assert without(new, old, new) == old
    assert without(now, old, old) == now
    left = without(now, old, new)
    assert (left ^ now) & ~(old ^ new) == 0
    assert (left ^ old) & (old ^ new) & ~(now ^ new) == 0


def test_what_nobody_knows_changes_nothing_and_links_are_no_files() -> None:
    assert without(0o100600, 0, PLAIN) == 0o100600
    assert without(PLAIN, LINK, PLAIN) == LINK
    assert without(EXECUTABLE, LINK, PLAIN) == EXECUTABLE
    assert (agree(0, 0o100600), agree(0, LINK), agree(PLAIN, 0o100600)) == (True, False, False)
    assert told(PLAIN, 0o100640) == ((0o644, 0o640), "")
    assert told(LINK, PLAIN) == (None, "was a link, is a file")
    assert told(0, PLAIN) == told(PLAIN, PLAIN) == (None, "")
