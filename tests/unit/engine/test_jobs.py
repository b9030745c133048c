"""Jobs: what is published, what the model is told, what is left when they end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import Event, JobEnded, JobStarted, OutputStreamed
from nanodeck.engine.jobs import Jobs
from nanodeck.shell.session import ShellSession


class Office:
    """Jobs with everything they publish and tell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[Event] = []
        self.told = asyncio.Queue[str]()
        self.printed = asyncio.Event()
        self.shell = ShellSession(folder, outputs=folder / "outputs")
        self.jobs = Jobs(self._publish, folder / "jobs", self.shell)
        self.jobs.tell(self.told.put_nowait)

    def _publish(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, OutputStreamed):
            self.printed.set()

    async def start(self, command: str, seconds: float = 60) -> str:
        return await self.jobs.start(command, self.folder, seconds)

    async def end_told(self) -> str:
        return await asyncio.wait_for(self.told.get(), 60)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    office = Office(tmp_path)
    yield office
    await office.jobs.close()
    await office.shell.close()


async def test_a_job_is_published_from_start_to_end_and_the_model_is_told(office: Office) -> None:
    job = await office.start("echo hello; exit 3")
    told = await office.end_told()
    started, streamed, ended = office.events
    assert isinstance(started, JobStarted)
    assert (started.job, started.title) == (job, "echo hello; exit 3")
    assert streamed == OutputStreamed(job, "hello\n")
    assert isinstance(ended, JobEnded)
    assert (ended.status, ended.exit_code, ended.tail) == ("failed", 3, "hello\n")
    assert told.startswith(f"{job} (echo hello; exit 3) ended with exit code 3 after ")
    assert "s; last lines" in told
    assert told.endswith(":\nhello")
    assert office.jobs.running == ()


async def test_a_job_without_trouble_is_done(office: Office) -> None:
    await office.start("true")
    assert (await office.end_told()).endswith("it printed nothing")
    ended = office.events[-1]
    assert isinstance(ended, JobEnded)
    assert (ended.status, ended.exit_code) == ("done", 0)


async def test_a_stopped_job_says_so(office: Office) -> None:
    job = await office.start("echo up; sleep 300")
    await asyncio.wait_for(office.printed.wait(), 60)
    assert [view.id for view in office.jobs.running] == [job]
    await office.jobs.stop(job)
    ended = office.events[-1]
    assert isinstance(ended, JobEnded)
    assert ended.status == "stopped"
    assert "was stopped by the user" in await office.end_told()


async def test_a_job_whose_time_is_up_has_failed(office: Office) -> None:
    await office.start("sleep 300", seconds=0.1)
    assert "its time was up" in await office.end_told()
    ended = office.events[-1]
    assert isinstance(ended, JobEnded)
    assert (ended.status, ended.exit_code) == ("failed", None)


async def test_closing_ends_all_jobs_and_says_so_for_a_later_resume(office: Office) -> None:
    for _ in range(3):
        await office.start("sleep 300")
    await office.jobs.close()
    assert sum(isinstance(event, JobEnded) for event in office.events) == 3
    assert office.jobs.running == ()
    told = [office.told.get_nowait() for _ in range(3)]
    assert all("was ended with the session" in text for text in told)


async def test_the_whole_output_is_read_in_pages_while_it_runs_and_later(office: Office) -> None:
    job = await office.start("seq 1000")
    await office.end_told()
    page = await office.jobs.read(job, -2, 10)
    assert (page.first, page.total, page.text) == (998, 1000, "999\n1000")
    later = Jobs(lambda event: None, office.folder / "jobs", office.shell)
    assert (await later.read(job, 0, 1)).text == "1"


async def test_a_resumed_session_gives_new_jobs_new_names(office: Office) -> None:
    first = await office.start("true")
    later = Jobs(lambda event: None, office.folder / "jobs", office.shell)
    second = await later.start("true", office.folder, 60)
    await later.close()
    assert (first, second) == ("job-1", "job-2")


@pytest.mark.parametrize("name", ["job-9", "../secret", "call_1"])
async def test_an_unknown_job_is_refused(office: Office, name: str) -> None:
    with pytest.raises(NanodeckError):
        await office.jobs.read(name, 0, 10)
    with pytest.raises(NanodeckError, match="there is no job"):
        await office.jobs.stop(name)


async def test_a_job_is_described_for_the_model(office: Office) -> None:
    job = await office.start("true")
    assert f"output in {office.folder}/jobs/{job}.txt" in office.jobs.describe(job)
