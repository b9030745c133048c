"""Lines that were only moved: found at both ends, and said where there is room."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from nanodeck.core.review import ProposedFile
from nanodeck_widgets.diff.moved import Moved, moved_lines
from tests.widgets.diff_stage import asking, changeset, source, stage

FUNCTION = [f"    total = total + price_of({n})" for n in range(3)]


def moved_function(deeper: str = "") -> ProposedFile:
    lines = source().decode().splitlines()
    old = [*lines[:5], *FUNCTION, *lines[5:]]
    new = [*lines[:40], *(deeper + line for line in FUNCTION), *lines[40:]]
    return ProposedFile("a.py", *("\n".join(side).encode() for side in (old, new)))  # type: ignore[arg-type]


def test_moved_lines_are_known_at_both_ends() -> None:
    moves = moved_lines(changeset(moved_function()))
    assert moves[0, 3] == Moved("a.py", 41, first=True)
    assert moves[1, 3] == Moved("a.py", 6, first=True)
    assert moves[1, 5] == Moved("a.py", 8, first=False)
    assert len(moves) == 6


def test_another_indentation_does_not_hide_a_move() -> None:
    assert len(moved_lines(changeset(moved_function("        ")))) == 6


def test_what_is_too_short_or_written_anew_in_place_was_not_moved() -> None:
    short = changeset(ProposedFile("a", source((3, "}"), (50, "x")), source((3, "y"), (50, "}"))))
    assert moved_lines(short) == {}
    long = "    return compute_everything(first, second)"
    deeper = changeset(ProposedFile("a", source((3, long)), source((3, f"    {long}"))))
    assert moved_lines(deeper) == {}


@settings(max_examples=60)
@given(st.permutations([f"def function_number_{n}(): pass" for n in range(6)]), st.integers(0, 6))
def test_a_move_leads_to_a_line_of_the_same_text_and_back(order: list[str], left_out: int) -> None:
    gap = [f"# {n}" for n in range(4)]
    old = [line for n in range(6) for line in (f"def function_number_{n}(): pass", *gap)]
    new = [line for name in order[left_out:] for line in (name, *gap)]
    change = changeset(ProposedFile("f", "\n".join(old).encode(), "\n".join(new).encode()))
    for (hunk, index), moved in moved_lines(change).items():
        body = change.files[0].hunks[hunk].body.split("\n")[index]
        other = new if body[0] == "-" else old
        assert other[moved.line - 1].strip() == body[1:].strip()


async def test_where_lines_were_moved_to_is_said_on_the_first_of_them() -> None:
    async with stage(asking(moved_function()), height=40) as on_stage:
        await on_stage.until(lambda: any("moved to" in row for row in on_stage.screen()))
        rows = [row for row in on_stage.screen() if "price_of" in row]
        assert "-⇢" in rows[0]
        assert "moved to line 41" in rows[0]
        assert "moved" not in rows[1]
        assert "+⇠" in rows[3]
        assert "moved from line 6" in rows[3]
