"""What a person who looks elsewhere is called for, and when nobody looks."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.events import TurnEnd
from nanodeck.contracts.model import Usage
from nanodeck.contracts.requests import (
    CommandDetail,
    RepetitionDetail,
    Request,
    RequestDetail,
    ReviewDetail,
    ToolDetail,
)
from nanodeck.contracts.views import AgentView, Entry, JobView, Log, SessionView, TurnEntry
from nanodeck.ui.calling import ALONE_SECONDS, Looking, news
from nanodeck.ui.gate import Gate

IDLE = SessionView(title="mend it")
AT_WORK = replace(IDLE, agents={MAIN_AGENT: AgentView(turn="t1")})


def asking(*details: RequestDetail) -> SessionView:
    requests = [Request(f"q{n}", "main", f"c{n}", detail) for n, detail in enumerate(details)]
    return replace(AT_WORK, requests=tuple(requests))


def ended(end: TurnEnd) -> SessionView:
    log: Log[Entry] = Log()
    entry = TurnEntry("e1", end, Usage(), 1.0)
    return replace(IDLE, agents={MAIN_AGENT: AgentView(transcript=log.append(entry))})


COMMAND = CommandDetail("rm -rf \x1b[31m build;\nls", "/p")


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        (COMMAND, "may this run? rm -rf build; ls"),
        (ReviewDetail("c1", 1, 3), "a review waits: 3 hunks in 1 file"),
        (ToolDetail("fetch", "http://a"), "may fetch run? http://a"),
        (RepetitionDetail("read", "{}", 3), "read gave the same result 3 times: go on?"),
    ],
)
def test_a_new_request_is_told_by_what_it_asks(detail: RequestDetail, words: str) -> None:
    assert news(AT_WORK, asking(detail)) == words
    assert news(asking(detail), asking(detail)) == ""


def test_no_key_gets_into_a_notification() -> None:
    command = CommandDetail("curl -H 'Authorization: Bearer abc123def' -d sk-abcdefghijklmnopqrst", "/p")
    assert news(AT_WORK, asking(command)) == "may this run? curl -H 'Authorization: Bearer [key]' -d [key]"


def test_of_several_the_new_one_is_told_and_the_others_counted() -> None:
    both = asking(COMMAND, ReviewDetail("c1", 2, 2))
    assert news(asking(COMMAND), both) == "a review waits: 2 hunks in 2 files (and 1 more)"
    assert news(both, asking(COMMAND)) == ""


def test_long_or_not_it_fits_into_a_notification() -> None:
    assert len(news(AT_WORK, asking(CommandDetail("x" * 100_000, "/p")))) <= 100


def test_the_end_of_a_turn_is_told_unless_the_person_stopped_it() -> None:
    assert news(AT_WORK, ended("done")) == "done: mend it"
    assert news(AT_WORK, ended("error")) == "ended by an error: mend it"
    assert news(AT_WORK, ended("interrupted")) == ""
    assert news(ended("done"), ended("done")) == ""


def test_a_job_that_ended_by_itself_is_told() -> None:
    job = JobView("job-1", "make all", "/p", 0.0)
    runs = replace(IDLE, jobs=(job,))
    assert news(runs, replace(IDLE, jobs=(replace(job, status="failed"),))) == "job-1 failed: make all"
    assert news(runs, replace(IDLE, jobs=(replace(job, status="stopped"),))) == ""
    assert news(IDLE, runs) == ""


def test_a_terminal_that_speaks_of_focus_is_believed_and_another_is_left_alone_after_a_while() -> None:
    now = [0.0]
    gate = Gate(lambda: now[0])
    looking = Looking(gate)
    gate.key()
    now[0] = ALONE_SECONDS - 1
    assert looking.looks
    now[0] = ALONE_SECONDS
    assert not looking.looks
    looking.focus(True)
    assert looking.looks
    looking.focus(False)
    gate.key()
    assert not looking.looks
