"""The tasks and what they wait for, as a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from nanodeck.contracts.tasks import Task
from nanodeck.contracts.text import clean, one_line
from nanodeck_widgets.approval.wrap import rows_of
from nanodeck_widgets.items import ItemPane, folded, plain
from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.tasks.tree import Place, State, arrange

DETAIL_INDENT = 3
SIGN = 2
GOES_ON = str.maketrans("+`~", "|  ")
"""The tree beside the further rows of a task."""


class Line(NamedTuple):
    """A row of a task; a long subject goes on in rows that are not the `first`."""

    place: Place
    text: str
    first: bool = True


class TasksPane(ItemPane):
    """Give it the tasks with `show`; enter unfolds a task, `b` and `r` filter."""

    PLACE = "tasks"
    HINTS = (("open", "details"), ("blocked ready", "filter"))

    def __init__(self, title: str = "Tasks", *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(title, id=id, classes=classes)
        self._label = title
        self._tasks: tuple[Task, ...] = ()
        self._places: dict[str, Place] = {}
        self._unfolded: set[str] = set()
        self._only: State | None = None

    def show(self, tasks: Sequence[Task]) -> None:
        """Show exactly these tasks."""
        self._tasks = tuple(tasks)
        self._places = {place.task.id: place for place in arrange(self._tasks)}
        done = sum(task.status == "completed" for task in self._tasks)
        self.title = f"{self._label} {done}/{len(self._tasks)}" if self._tasks else self._label
        self.relay()

    def items(self) -> list[str]:
        if self._only is None:
            return list(self._places)
        return [item for item, place in self._places.items() if place.state == self._only]

    def lay(self, item: str, width: int) -> list[object]:
        place = self._places[item]
        lines: list[object] = list(
            self._lines(place if self._only is None else place._replace(shape=""), width)
        )
        if item in self._unfolded:
            lines += self._details(place.task, max(8, width - DETAIL_INDENT))
        return lines

    def may_hit(self, index: int, hits: Callable[[str], bool]) -> bool:
        item = self.flow.items[index]
        if item in self._unfolded or item not in self._places:
            return True
        task = self._places[item].task
        return hits(f"T{item} {one_line(task.subject)}") or hits(one_line(task.active_form))

    def empty(self) -> str:
        if self._tasks and self._only:
            key = keymap_of(self.app).first(f"tasks.{self._only}")
            return f"No task is {self._only}: {key} shows all again."
        return "No tasks yet: the agent lays them out here."

    def opened(self, item: str) -> None:
        self._unfolded ^= {item}
        self.relay()
        self.show_item(item)

    def action_blocked(self) -> None:
        self._toggle_only("blocked")

    def action_ready(self) -> None:
        self._toggle_only("ready")

    def _toggle_only(self, state: State) -> None:
        self._only = None if self._only == state else state
        self.badge = f"{self._only} only" if self._only else ""
        self.relay()

    def text(self, row: int) -> str:
        part = self.row(row).part
        if not isinstance(part, Line):
            return str(part)
        return f"{self._number(part.place)}{part.text}" if part.first else part.text

    def indent(self, row: int) -> int:
        part = self.row(row).part
        if isinstance(part, Line):
            return len(part.place.shape) + SIGN + (0 if part.first else len(self._number(part.place)))
        return DETAIL_INDENT if self.row(row).item else 0

    def glue(self, row: int) -> str:
        part = self.row(row).part
        return "" if isinstance(part, Line) and not part.first else "\n"

    def build(self, row: int, width: int) -> Strip:
        part = self.row(row).part
        palette, glyphs = self.palette, self.glyphs
        if not isinstance(part, Line):
            return plain(" " * self.indent(row) + str(part), palette.muted)
        place = part.place
        signs = {"|": glyphs.rail, "+": glyphs.tee, "`": glyphs.corner, "~": glyphs.ellipsis}
        drawn = place.shape if part.first else place.shape.translate(GOES_ON)
        shape = "".join(signs.get(sign, sign) for sign in drawn)
        sign, sign_style, style = {
            "done": (glyphs.done, palette.success, palette.muted),
            "running": (glyphs.running, palette.primary, palette.strong),
            "ready": (glyphs.waiting, palette.text, palette.text),
            "blocked": (glyphs.paused, palette.muted, palette.muted),
        }[place.state]
        number = self._number(place)
        if not part.first:
            lead = shape + " " * (SIGN + len(number))
            return self.two_sided([Segment(lead, palette.muted), Segment(part.text, style)], (), width)
        left = [
            Segment(shape, palette.muted),
            Segment(f"{sign} ", sign_style),
            Segment(number, palette.muted),
            Segment(part.text, style),
        ]
        return self.two_sided(left, self._ending(place), width)

    def _lines(self, place: Place, width: int) -> list[Line]:
        task = place.task
        runs = place.state == "running" and bool(task.active_form)
        subject = one_line(task.active_form if runs else task.subject)
        ending = sum(cell_len(segment.text) for segment in self._ending(place))
        lead = len(place.shape) + SIGN + len(self._number(place))
        room = width - lead - min(width // 2, ending) - bool(ending)
        return [Line(place, text, first=not number) for number, text in enumerate(folded(subject, room))]

    def _ending(self, place: Place) -> list[Segment]:
        """What else it waits for, and whose it is."""
        right: list[Segment] = []
        if place.waits:
            waits = f"{self.glyphs.left_from} {self._ids(place.waits)}"
            right.append(Segment(waits, self.palette.muted))
        if place.task.owner:
            gap = "  " if right else ""
            right.append(Segment(gap + one_line(place.task.owner, 40), self.palette.accent))
        return right

    def _number(self, place: Place) -> str:
        return f"T{place.task.id} "

    def _ids(self, tasks: Sequence[str]) -> str:
        return ",".join(f"T{task}" for task in tasks)

    def _details(self, task: Task, width: int) -> list[str]:
        blocks = [other.id for other in self._tasks if task.id in other.blocked_by]
        metadata = msgspec.json.encode(task.metadata).decode() if task.metadata else ""
        told = (
            clean(task.description).expandtabs(4).strip("\n"),
            f"waits for {self._ids(task.blocked_by)}" if task.blocked_by else "",
            f"blocks {self._ids(blocks)}" if blocks else "",
            one_line(metadata, 2000),
        )
        text = "\n".join(line for line in told if line) or "no details"
        return [row.text for row in rows_of(text, width)]
