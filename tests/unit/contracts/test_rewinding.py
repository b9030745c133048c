"""What is said of turns one can go back to before."""

from __future__ import annotations

from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.rewinding import RewindTurn, about_turn

FILES = tuple(AppliedFile(f"f{n}", "modified", 2, 1) for n in range(6))


def test_a_turn_tells_all_of_its_files_and_lines_as_far_as_they_are_known() -> None:
    assert about_turn(RewindTurn("t", "go", 0.0, 1)) == "1 message since, it changed no file"
    some = RewindTurn("t", "go", 0.0, 3, FILES, 6)
    assert about_turn(some) == "3 messages since, it changed 6 files +12 -6: f0, f1, f2, f3, f4 and 1 more"
    many = RewindTurn("t", "go", 0.0, 3, FILES, 50_001)
    assert about_turn(many) == "3 messages since, it changed 50,001 files: f0, f1, f2, f3, f4 and 49,996 more"
