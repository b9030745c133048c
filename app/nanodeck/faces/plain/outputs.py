"""`/output` and `/jobs` in lines: what commands printed, whole and page by page."""

from __future__ import annotations

from nanodeck.contracts.commands import StopJob
from nanodeck.contracts.queries import ReadOutput
from nanodeck.contracts.text import clean, counted, one_line
from nanodeck.core.replies import nth_output
from nanodeck.faces.plain.talk import Talk

PAGE = 200
TAIL = 3


async def show_output(talk: Talk, argument: str) -> None:
    """The whole output of the last call that printed something, or of the n-th last."""
    entry = nth_output(talk.state, argument)
    if entry is None:
        talk.say("There is no such output; /output takes a number, counted from the last call.")
    else:
        await _read(talk, entry.id, entry.title)


async def mind_jobs(talk: Talk, argument: str) -> None:
    """List the background jobs, read one's output, or stop one."""
    verb, _, rest = argument.partition(" ")
    job = rest.strip() if verb == "stop" else verb
    jobs = talk.state.jobs
    if argument and not any(one.id == job for one in jobs):
        talk.say(f"There is no job {one_line(job)}." if job else "/jobs stop ID stops one.")
    elif verb == "stop":
        talk.send(StopJob(job))
    elif job:
        await _read(talk, job, job)
    else:
        for one in jobs:
            talk.say(f"  {one.id}: {one_line(one.title)}, {one.status}", *_tail(one.tail))
        how = "/jobs ID says all that one printed, /jobs stop ID stops it."
        talk.say(how if jobs else "There are no background jobs yet.")


def _tail(text: str) -> list[str]:
    lines = clean(text).rstrip("\n").split("\n")[-TAIL:] if text.strip() else []
    return [f"    {line}" for line in lines]


async def _read(talk: Talk, source: str, title: str) -> None:
    """Page by page; an empty line goes on."""
    first = 0
    while True:
        page = await talk.query(ReadOutput(source, first, PAGE))
        lines = clean(page.text).removesuffix("\n").split("\n") if page.text else []
        if not first:
            talk.say(f"{one_line(title, 500)}, {counted(page.total, 'line')}:")
        talk.say(*(f"  {line}" for line in lines))
        first += max(1, len(lines))
        if first >= page.total:
            return
        left = counted(page.total - first, "more line")
        if (await talk.hear(f"{left}: an empty line goes on, anything else ends it.")).strip():
            return
