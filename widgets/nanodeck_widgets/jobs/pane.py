"""The background commands: what runs, for how long, and what it said last."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.timer import Timer

from nanodeck.contracts.text import clean, one_line
from nanodeck.contracts.views import JobView
from nanodeck_widgets.frame import cut
from nanodeck_widgets.items import ItemPane, folded, plain
from nanodeck_widgets.jobs import messages
from nanodeck_widgets.keymap import keymap_of, pressed

TAIL_ROWS = 8
INDENT = 2


class Head(NamedTuple):
    """The first row of a job."""

    id: str
    title: str
    status: str
    ending: str
    elapsed: str


class More(NamedTuple):
    """A further row of a long title."""

    title: str


class JobsPane(ItemPane):
    """Give it the jobs with `show`. Enter opens one, space unfolds its last lines, x stops it."""

    PLACE = "jobs"
    HINTS = (("open", "open"), ("stop", "stop"), ("tail", "tail"))

    OpenWanted: TypeAlias = messages.OpenWanted
    StopWanted: TypeAlias = messages.StopWanted

    def __init__(
        self,
        title: str = "Jobs",
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(title, id=id, classes=classes)
        self._label = title
        self._now = now
        self._jobs: dict[str, JobView] = {}
        self._unfolded: set[str] = set()
        self._asking = ""
        self._clock: Timer | None = None

    def show(self, jobs: Sequence[JobView]) -> None:
        """Show exactly these jobs: those that run first, then the others, the newest first."""
        running = [job for job in jobs if job.status == "running"]
        others = reversed([job for job in jobs if job.status != "running"])
        self._jobs = {job.id: job for job in (*running, *others)}
        if self._asking not in {job.id for job in running}:
            self._asking = ""
        self.title = self._summary()
        self.relay()
        self._run_clock()

    def items(self) -> list[str]:
        return list(self._jobs)

    def lay(self, item: str, width: int) -> list[object]:
        job = self._jobs[item]
        head = self._head(job)
        room = width - INDENT - len(head.id) - len(self._ending(head)) - 2
        title, *others = folded(head.title, room)
        tail = last_lines(job.tail, TAIL_ROWS) if job.id in self._unfolded else self._last_line(job, width)
        denied = folded(f"the sandbox denied {one_line(job.denied)}", width - INDENT) if job.denied else []
        return [head._replace(title=title), *(More(other) for other in others), *denied, *tail]

    def empty(self) -> str:
        return "No jobs: commands that the agent runs in the background appear here."

    def opened(self, item: str) -> None:
        self.post_message(self.OpenWanted(item))

    def text(self, row: int) -> str:
        part = self.row(row).part
        if isinstance(part, Head):
            return f"{part.id} {part.title}"
        return part.title if isinstance(part, More) else str(part)

    def glue(self, row: int) -> str:
        return "" if isinstance(self.row(row).part, More) else "\n"

    def indent(self, row: int) -> int:
        return INDENT if self.row(row).item else 0

    def build(self, row: int, width: int) -> Strip:
        part = self.row(row).part
        palette, glyphs = self.palette, self.glyphs
        if not isinstance(part, Head):
            style = palette.text if isinstance(part, More) else palette.muted
            text = cut(self.text(row), width - self.indent(row), glyphs.ellipsis)
            return plain(" " * self.indent(row) + text, style)
        sign, style = {
            "running": (glyphs.running, palette.primary),
            "done": (glyphs.done, palette.success),
            "failed": (glyphs.failed, palette.error),
        }.get(part.status, (glyphs.failed, palette.muted))
        left = [
            Segment(f"{sign} ", style),
            Segment(f"{part.id} ", palette.muted),
            Segment(part.title, palette.text),
        ]
        ending = self._ending(part).removesuffix(part.elapsed)
        return self.two_sided(left, [Segment(ending, style), Segment(part.elapsed, palette.muted)], width)

    # What the person does.

    def action_tail(self) -> None:
        if self.cursor:
            self._unfolded ^= {self.cursor}
            self.relay()

    def action_stop(self) -> None:
        job = self._jobs.get(self.cursor)
        if job is None or job.status != "running":
            return
        if self._asking == job.id:
            self._asking = ""
            self.post_message(self.StopWanted(job.id))
        else:
            self._asking = job.id
        self._show_keys()

    def on_key(self, event: events.Key) -> None:
        if self._asking and keymap_of(self.app).name(pressed(event), self.PLACE) != "stop":
            self._asking = ""
            self._show_keys()

    def on_mount(self) -> None:
        self._clock = self.set_interval(1.0, self.relay, pause=True)
        self._run_clock()

    def _show_keys(self) -> None:
        if self._asking and self.has_focus:
            self.hint = f"{keymap_of(self.app).first('jobs.stop')} again to stop {self._asking}"
        else:
            super()._show_keys()

    def _run_clock(self) -> None:
        if self._clock is None:
            return
        if any(job.status == "running" for job in self._jobs.values()):
            self._clock.resume()
        else:
            self._clock.pause()

    def _head(self, job: JobView) -> Head:
        running = job.status == "running"
        seconds = self._now() - job.started if running else job.seconds
        ending = ""
        if job.status == "stopped":
            ending = "stopped"
        elif not running:
            ending = f"exit {job.exit_code}" if job.exit_code is not None else "timed out"
        return Head(job.id, one_line(job.title), job.status, ending, elapsed(seconds))

    def _last_line(self, job: JobView, width: int) -> list[str]:
        return [part for line in last_lines(job.tail, 1) for part in folded(line, width - INDENT)]

    def _ending(self, head: Head) -> str:
        return f"{head.ending}  {head.elapsed}" if head.ending else head.elapsed

    def _summary(self) -> str:
        signs = {"running": self.glyphs.running, "done": self.glyphs.done, "failed": self.glyphs.failed}
        counts = {
            sign: sum(job.status == status for job in self._jobs.values()) for status, sign in signs.items()
        }
        told = " ".join(f"{count}{sign}" for sign, count in counts.items() if count)
        return f"{self._label} {told}" if told else self._label


def last_lines(tail: str, count: int) -> list[str]:
    """The last lines of an output that say something, at most `count`."""
    lines = [line for line in clean(tail[-400 * count :]).expandtabs(4).split("\n") if line.strip()]
    return lines[-count:]


def elapsed(seconds: float) -> str:
    """A duration as people read it: 0:42, 1:02:03."""
    whole = max(0, int(seconds))
    minutes = f"{whole // 60 % 60}:{whole % 60:02}"
    return f"{whole // 3600}:{minutes:0>5}" if whole >= 3600 else minutes
