"""What the benchmark itself works out: no figure is measured here."""

from __future__ import annotations

import pytest

from tests.performance.material import FIRST_ROW, LAST_ROW, TOKEN, markdown, pieces
from tests.performance.rows import GOAL, MISSED, WITHIN, Budget, Floor, Row, percentile, shown, table


def test_a_row_is_its_median_beside_its_floor() -> None:
    row = Row("start", "ms", (30.0, 10.0, 20.0), (Floor("python", (5.0, 4.0, 6.0)),))
    assert row.value == 20.0
    assert row.multiple(row.floors[0]) == 4.0


def test_more_of_a_good_thing_is_a_smaller_multiple() -> None:
    row = Row("bus", "events/s", (50.0,), (Floor("deque", (100.0,)),), more_is_better=True)
    assert row.multiple(row.floors[0]) == 2.0


@pytest.mark.parametrize(("value", "verdict"), [(10.0, GOAL), (10.1, WITHIN), (20.0, WITHIN), (20.1, MISSED)])
def test_a_budget_is_kept_missed_or_the_goal_reached(value: float, verdict: str) -> None:
    assert Row("start", "ms", (value,), budget=Budget(20, goal=10)).verdict == verdict


def test_a_budget_may_be_a_least_number_or_a_multiple_of_the_floor() -> None:
    floor = (Floor("deque", (100.0,)),)
    assert Row("bus", "events/s", (50.0,), more_is_better=True, budget=Budget(51)).verdict == MISSED
    assert Row("long", "ms", (119.0,), floor, budget=Budget(1.2, of_floor=True)).verdict == WITHIN
    assert Row("long", "ms", (121.0,), floor, budget=Budget(1.2, of_floor=True)).verdict == MISSED


def test_a_percentile_is_one_of_the_samples() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [percentile(values, percent) for percent in (0, 50, 99, 100)] == [1.0, 50.0, 99.0, 100.0]
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


@pytest.mark.parametrize(
    ("number", "text"),
    [(12_345.6, "12,346"), (45.67, "45.7"), (1.234, "1.23"), (0.01234, "0.0123"), (3, "3")],
)
def test_numbers_have_the_digits_that_say_something(number: float, text: str) -> None:
    assert shown(number) == text


def test_every_floor_has_a_line_and_columns_are_aligned() -> None:
    floors = Floor("python", (5.0,)), Floor("nothing", (0.0,))
    row = Row("start", "ms", (20.0,), floors, budget=Budget(30, goal=10))
    heading, rule, first, second, bare = table([row, Row("heavy", "", (0.0,), note="none")]).split("\n")
    assert first.split() == ["start", "20", "20", "20", "ms", "30", "10", "ok", "5", "4.00x", "python"]
    assert second.split() == ["0", "infx", "nothing"]
    assert bare.split() == ["heavy", "0", "0", "0", "none"]
    column = heading.index("of what")
    assert rule[column - 1] == " "
    assert {line[column] for line in (first, second, bare)} == {"p", "n"}


def test_the_markdown_has_the_tokens_asked_for_between_its_marks() -> None:
    text = markdown(2_000)
    assert abs(len(pieces(text)) - 2_000) <= 2
    assert text.startswith(FIRST_ROW)
    assert text.endswith(LAST_ROW)
    assert all(len(piece) == TOKEN for piece in pieces(text)[:-1])
