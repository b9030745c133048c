"""Leaving in the middle: a turn, a job, a request. What was said stays, what ran ends."""

from __future__ import annotations

from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import CommandDetail
from nanodeck.store.journal import read_journal
from nanodeck.store.places import Places
from nanodeck.ui.dialogs.quit import QuitScreen
from tests.flows.conftest import LiveStager
from tests.support.model_server import ModelServer, Reply
from tests.unit.shell.processes import process_runs

# The quotes keep what is printed apart from what is shown of the command.
LASTS = ("bash", {"command": "echo $$ > pid; echo be''gun; sleep 100"})
JOB = ("bash", {"command": "echo $$ > pid; echo be''gun; sleep 100", "background": True})


def written(session: str) -> list[object]:
    return [one.event for one in read_journal(Places.from_environment().sessions / session).envelopes]


def has_begun(project: Path) -> bool:
    pid = project / "pid"
    return pid.exists() and pid.read_text().endswith("\n")


def runs(project: Path) -> bool:
    return process_runs(int((project / "pid").read_text()))


async def test_leaving_while_a_command_runs_asks_stops_it_and_keeps_what_was_said(
    live: LiveStager, project: Path
) -> None:
    with ModelServer(Reply(["I run it."], calls=[LASTS])) as server:
        async with live(server, mode=Mode.YOLO) as deck:
            session = deck.state.session
            await deck.say("go")
            await deck.sees("begun")
            assert runs(project)
            await deck.press("ctrl+d")
            await deck.until(lambda: isinstance(deck.app.screen, QuitScreen), "the question")
            await deck.press("n")
            assert runs(project)
            await deck.press("ctrl+d", "y")
            await deck.until(lambda: deck.app.return_code == 0, "the end")
            assert deck.app.farewell() == "❯ go\n\nI run it."
    assert not runs(project)
    (ended,) = [event for event in written(session) if isinstance(event, ev.TurnEnded)]
    assert ended.end == "interrupted"
    (tool,) = [event for event in written(session) if isinstance(event, ev.ToolEnded)]
    assert tool.outcome == "interrupted"


async def test_a_job_is_named_before_it_is_ended(live: LiveStager, project: Path) -> None:
    with ModelServer(Reply(calls=[JOB]), Reply(["it runs"])) as server:
        async with live(server, mode=Mode.YOLO) as deck:
            session = deck.state.session
            await deck.say("start it")
            await deck.sees("it runs")
            await deck.rests()
            await deck.until(lambda: has_begun(project), "the job at work")
            await deck.command("/exit")
            await deck.sees("sleep 100")
            assert isinstance(deck.app.screen, QuitScreen)
            await deck.press("y")
            await deck.until(lambda: deck.app.return_code == 0, "the end")
    assert not runs(project)
    (ended,) = [event for event in written(session) if isinstance(event, ev.JobEnded)]
    assert ended.status == "stopped"


async def test_a_new_session_in_the_middle_of_a_turn_stops_it_and_the_old_one_can_be_taken_up(
    live: LiveStager, project: Path
) -> None:
    with ModelServer(Reply(["I run it."], calls=[LASTS]), Reply(["fresh"]), Reply(["back"])) as server:
        async with live(server, mode=Mode.YOLO) as deck:
            await deck.say("remember the apple")
            await deck.sees("begun")
            first = deck.state.session
            await deck.command("/new")
            await deck.until(lambda: deck.state.session != first, "a new session")
            assert not runs(project)
            await deck.until(lambda: "apple" not in deck.text, "an empty chat")
            await deck.say("hello")
            await deck.sees("fresh")
            await deck.rests()
            assert "apple" not in server.bodies[1].decode()
            await deck.command(f"/resume {first}")
            await deck.until(lambda: deck.state.session == first, "the first session")
            await deck.sees("remember the apple")
            await deck.say("again")
            await deck.sees("back")
            assert "apple" in server.bodies[2].decode()


async def test_a_request_that_is_open_when_everything_ends_is_closed_at_the_next_start(
    live: LiveStager,
) -> None:
    asks = ("bash", {"command": "touch never"})
    with ModelServer(Reply(calls=[asks]), Reply(["never ran"])) as server:
        async with live(server) as deck:
            await deck.say("go")
            await deck.asked(CommandDetail)
        async with live(server, resume="last") as deck:
            assert deck.state.requests == ()
            assert not deck.at("approval")
            await deck.say("and?")
            await deck.sees("never ran")
            assert not (deck.folder / "never").exists()
            roles = [message["role"] for message in server.requests[-1]["messages"]]
            assert roles.count("tool") == 1


async def test_stopping_at_a_request_withdraws_it_and_the_deck_is_ready(live: LiveStager) -> None:
    asks = ("bash", {"command": "touch never"})
    with ModelServer(Reply(calls=[asks]), Reply(["ok"])) as server:
        async with live(server) as deck:
            await deck.say("go")
            await deck.asked(CommandDetail)
            await deck.open_request()
            await deck.press("escape", "escape")
            await deck.rests()
            assert deck.state.requests == ()
            assert "⚠" not in deck.rows[0]
            await deck.say("fine")
            await deck.sees("ok")
