"""Figures as rows of a table: samples, their middle, the budget, the floor of the same run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

HEADINGS = (
    "figure",
    "value",
    "min",
    "max",
    "unit",
    "budget",
    "goal",
    "verdict",
    "floor",
    "multiple",
    "of what",
)
FLUSH_LEFT = {HEADINGS.index(name) for name in ("figure", "unit", "verdict", "of what")}
GOAL, WITHIN, MISSED = "goal", "ok", "MISSED"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of `values` do not exceed. Raises ValueError when empty."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


@dataclass(frozen=True)
class Floor:
    """What nobody can beat here, measured in the same run and the same unit."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Budget:
    """What a figure may be and should be, in its own unit or (`of_floor`) in multiples of its floor."""

    limit: float
    goal: float | None = None
    of_floor: bool = False

    def cells(self) -> tuple[str, str]:
        """The limit and the goal as they are shown."""
        sign = "x" if self.of_floor else ""
        return shown(self.limit) + sign, "" if self.goal is None else shown(self.goal) + sign


@dataclass(frozen=True)
class Row:
    """One figure.

    Its value is the median of `values`, or their `percent`ile when that is given; floors are
    condensed the same way. `more_is_better` turns the multiple and the budget round. `note` stands
    in the last column.
    """

    figure: str
    unit: str
    values: tuple[float, ...]
    floors: tuple[Floor, ...] = ()
    percent: float | None = None
    more_is_better: bool = False
    note: str = ""
    budget: Budget | None = None

    @property
    def value(self) -> float:
        """The one number that stands for the samples."""
        return self._middle(self.values)

    @property
    def verdict(self) -> str:
        """How the value stands to its budget; empty without one."""
        if self.budget is None:
            return ""
        number = self.multiple(self.floors[0]) if self.budget.of_floor else self.value
        if self._beyond(number, self.budget.limit):
            return MISSED
        goal = self.budget.goal
        return WITHIN if goal is None or self._beyond(number, goal) else GOAL

    def multiple(self, floor: Floor) -> float:
        """How many times worse than `floor`; infinite for a floor of nothing."""
        lower, upper = self._middle(floor.values), self.value
        if self.more_is_better:
            lower, upper = upper, lower
        return upper / lower if lower else float("inf")

    def lines(self) -> list[tuple[str, ...]]:
        """The cells of this row; each further floor has a line of its own."""
        numbers = [shown(number) for number in (self.value, min(self.values), max(self.values))]
        allowed = self.budget.cells() if self.budget else ("", "")
        first = (self.figure, *numbers, self.unit, *allowed, self.verdict)
        if not self.floors:
            return [(*first, "", "", self.note)]
        lines = []
        for number, floor in enumerate(self.floors):
            start = first if number == 0 else ("",) * len(first)
            name = f"{floor.name}; {self.note}" if self.note and number == 0 else floor.name
            against = (shown(self._middle(floor.values)), f"{self.multiple(floor):.2f}x", name)
            lines.append((*start, *against))
        return lines

    def _middle(self, values: Sequence[float]) -> float:
        return median(values) if self.percent is None else percentile(values, self.percent)

    def _beyond(self, number: float, limit: float) -> bool:
        turned = self.more_is_better and not (self.budget and self.budget.of_floor)
        return number < limit if turned else number > limit


def pause_row(figure: str, longest: Sequence[float], work: Sequence[float], *floors: Floor) -> Row:
    """The longest pause of a loop of the deck, whatever it does, in ms, and its own thread's part of it."""
    own = Floor("work of the loop's own thread in one pause", tuple(work))
    return Row(figure, "ms", tuple(longest), (own, *floors), budget=Budget(80))


def shown(number: float) -> str:
    """`number` with as many digits as say something."""
    size = abs(number)
    digits = 0 if size >= 100 or number == int(number) else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f"{number:,.{digits}f}"


def table(rows: Iterable[Row]) -> str:
    """The rows under their headings, numbers flush right."""
    lines = [HEADINGS, *(line for row in rows for line in row.lines())]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    drawn = [
        "  ".join(
            cell.ljust(width) if column in FLUSH_LEFT else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    drawn.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(drawn)
