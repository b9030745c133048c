"""Jobs: commands that run beside the turns, until they end or somebody stops them."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import Event, JobEnded, JobStarted, JobStatus, OutputStreamed
from nanodeck.contracts.queries import Lines
from nanodeck.contracts.text import one_line
from nanodeck.contracts.views import JobView
from nanodeck.shell.background import BackgroundProcess
from nanodeck.shell.pages import Pages
from nanodeck.shell.session import ShellSession
from nanodeck.shell.walls import OPEN, Denied, Walls

TAIL = 4000
"""Characters of a job's last output that its end carries."""
_TOLD_TAIL = 1000
_NAME = re.compile(r"job-(\d+)")


class _Job(Struct):
    view: JobView
    process: BackgroundProcess
    seconds: float
    watch: asyncio.Task[None] | None = None
    stopped_by: str = ""


class Jobs:
    """The jobs of a session, on the engine's loop."""

    def __init__(self, publish: Callable[[Event], None], folder: Path, shell: ShellSession) -> None:
        self._publish = publish
        self._folder = folder
        self._shell = shell
        self._listeners: list[Callable[[str], None]] = []
        self._jobs: dict[str, _Job] = {}
        self._pages: dict[str, Pages] = {}
        self._last: int | None = None
        self._closing = False

    def say(self, text: str) -> None:
        """Tell a model something about a job."""
        for listener in self._listeners:
            listener(text)

    def tell(self, listener: Callable[[str], None]) -> None:
        """Tell `listener` of every job's end and of what comes after it, in words for a model."""
        self._listeners.append(listener)

    @property
    def running(self) -> tuple[JobView, ...]:
        """The jobs that run now."""
        return tuple(job.view for job in self._jobs.values() if job.process.running)

    async def start(self, command: str, folder: Path, seconds: float, walls: Walls = OPEN) -> str:
        """Start `command` within `walls` and return the job's id; it is killed after `seconds`.

        Raises ToolError.
        """
        name = self._next_name()
        process = await BackgroundProcess.start(
            command,
            folder=folder,
            environment=await self._shell.prepare(folder),
            output=self._path(name),
            emit=lambda text: self._publish(OutputStreamed(name, text)),
            seconds=seconds,
            walls=walls,
            secrets=self._shell.secrets,
        )
        view = JobView(name, one_line(command), str(folder), time.time())
        job = self._jobs[name] = _Job(view, process, seconds)
        self._publish(JobStarted(name, view.title, view.folder, view.started))
        job.watch = asyncio.create_task(self._watch(job), name=name)
        return name

    def describe(self, job: str) -> str:
        """How a job is ended and where its output goes, for the model."""
        return f"output in {self._find(job).process.output}, stop it with stop: {job}"

    async def ended(self, job: str) -> None:
        """Return once a job has ended. Raises NanodeckError for an unknown one."""
        if watch := self._find(job).watch:
            await asyncio.wait([watch])

    async def denied(self, job: str) -> Denied | None:
        """What the walls of a job kept it from that ended by itself; returns once it has ended."""
        await self.ended(job)
        process = self._find(job).process
        return process.denied if process.ending == "exited" else None

    async def restart(self, job: str, walls: Walls, why: str) -> str:
        """Start the command of a job that has ended once more; answers the new job's id. Raises ToolError."""
        process, seconds = self._find(job).process, self._find(job).seconds
        again = await self.start(process.command, process.folder, seconds, walls)
        self.say(f"{job} runs again as {again} ({self.describe(again)}) {why}")
        return again

    async def stop(self, job: str, by: str = "the user") -> None:
        """End a job, as `by` wants it, and wait until it has. Raises NanodeckError for an unknown one."""
        found = self._find(job)
        found.stopped_by = by
        if found.process.running:
            await found.process.stop()
        if found.watch:
            await found.watch

    async def close(self) -> None:
        """End all jobs."""
        self._closing = True
        jobs = tuple(self._jobs.values())
        await asyncio.gather(*(job.process.stop() for job in jobs if job.process.running))
        await asyncio.gather(*(job.watch for job in jobs if job.watch))

    def kill_all(self) -> None:
        """Kill all jobs at once and from any thread, for a way out that cannot wait."""
        for job in tuple(self._jobs.values()):
            job.process.kill()

    async def read(self, job: str, first: int, limit: int) -> Lines:
        """A page of a job's whole output, also of an earlier process's job. Raises NanodeckError."""
        if not _NAME.fullmatch(job):
            raise NanodeckError(f"there is no job {job!r}")
        pages = self._pages.setdefault(job, Pages(self._path(job)))
        try:
            return await asyncio.to_thread(pages.read, first, limit)
        except OSError as error:
            raise NanodeckError(f"the output of {job} cannot be read: {error.strerror}") from None

    async def _watch(self, job: _Job) -> None:
        process, view = job.process, job.view
        code = await process.wait()
        status: JobStatus = "done" if code == 0 else "failed"
        if process.ending == "stopped":
            status = "stopped"
        denied = process.denied.what if process.denied and process.ending == "exited" else ""
        seconds, tail = round(process.seconds, 3), process.tail(TAIL)
        self._publish(JobEnded(view.id, status, code, seconds, tail, denied))
        self.say(_told(job, code, denied, closing=self._closing))

    def _find(self, job: str) -> _Job:
        try:
            return self._jobs[job]
        except KeyError:
            raise NanodeckError(f"there is no job {job!r}") from None

    def _path(self, job: str) -> Path:
        return self._folder / f"{job}.txt"

    def _next_name(self) -> str:
        if self._last is None:
            # A resumed session goes on after the jobs of the processes before.
            files = self._folder.glob("job-*.txt") if self._folder.is_dir() else ()
            numbers = (_NAME.fullmatch(path.stem) for path in files)
            self._last = max((int(number[1]) for number in numbers if number), default=0)
        self._last += 1
        return f"job-{self._last}"


def _told(job: _Job, code: int | None, denied: str, *, closing: bool) -> str:
    process = job.process
    how = {
        "exited": f"ended with exit code {code}",
        "stopped": "was ended with the session" if closing else f"was stopped by {job.stopped_by}",
        "timed out": "was killed, its time was up,",
    }[process.ending]
    text = f"{job.view.id} ({one_line(process.command, 80)}) {how} after {process.seconds:.0f} s"
    if denied:
        text = f"{text} (the sandbox denied {denied})"
    tail = process.tail(_TOLD_TAIL).strip("\n")
    return f"{text}; last lines (all: {process.output}):\n{tail}" if tail else f"{text}; it printed nothing"
