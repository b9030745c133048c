"""Going back to before a turn: what the model is sent afterwards, now and after a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Cancel, Redo, Rewind, RunTyped, Send, StopTyped, Undo
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ListTurns, PlanRewind
from nanodeck.contracts.rewinding import RewindTurn
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
TASK = ("task", {"action": "create", "tasks": [{"subject": "a task"}]})


def sent(server: ModelServer, number: int = -1) -> list[str]:
    """What the model read, without the environment."""
    messages = server.requests[number]["messages"][1:]
    return [str(m["content"]).rpartition("</environment>\n\n")[2] for m in messages if m["content"]]


async def turns(face: Face) -> list[RewindTurn]:
    listed: tuple[RewindTurn, ...] = await face.link.ask(ListTurns())
    return list(listed)


def tasks(face: Face) -> list[str]:
    return [task.id for task in face.state.tasks]


async def test_the_model_is_sent_what_was_said_before_the_turn_also_after_a_restart(
    project: Path, face_of: FaceOf
) -> None:
    replies = [Reply(["one done"]), Reply(calls=[("read", {"path": "a.py"})]), Reply(["two done"])]
    replies += [Reply(["three done"]), Reply(["four done"])]
    with ModelServer(*replies) as server:
        with face_of(server) as face:
            face.run("one")
            face.run("two")
            second, first = await turns(face)
            assert [(turn.text, turn.messages) for turn in (second, first)] == [("two", 2), ("one", 4)]
            assert (await face.link.ask(PlanRewind(second.turn))).messages == 2
            face.link.send(Rewind(second.turn, "conversation"))
            rewound = face.wait(ev.Rewound)
            assert (rewound.messages, rewound.prompt) == (2, "two")
            assert [turn.text for turn in await turns(face)] == ["one"]
            face.run("three")
            assert sent(server) == ["one", "one done", "three"]
            session = face.state.session
        with face_of(server, resume=session) as face:
            assert [turn.text for turn in await turns(face)] == ["three", "one"]
            face.run("four")
            assert sent(server) == ["one", "one done", "three", "three done", "four"]


async def test_an_undone_rewind_brings_the_conversation_back_also_after_a_restart(
    project: Path, face_of: FaceOf
) -> None:
    replies = [Reply([f"{number} done"]) for number in ("one", "two", "three", "four", "five", "six")]
    with ModelServer(*replies) as server:
        with face_of(server) as face:
            face.run("one")
            face.run("two")
            face.link.send(Rewind((await turns(face))[0].turn, "conversation"))
            face.wait(ev.Rewound)
            face.link.send(Undo())
            face.wait(ev.ChangesUndone)
            assert [turn.text for turn in await turns(face)] == ["two", "one"]
            face.run("three")
            *rest, told = sent(server)
            assert rest == ["one", "one done", "two", "two done"]
            assert "the conversation is as it was" in told
            face.link.send(Undo())
            assert "no change to undo" in face.wait(ev.Noticed).text
            face.link.send(Rewind((await turns(face))[0].turn, "both"))
            face.wait(ev.Rewound)
            session = face.state.session
        with face_of(server, resume=session) as face:
            assert [turn.text for turn in await turns(face)] == ["two", "one"]
            for command, event, known in (
                (Undo(), ev.ChangesUndone, ["three", "two", "one"]),
                (Redo(), ev.ChangesRedone, ["two", "one"]),
                (Undo(), ev.ChangesUndone, ["three", "two", "one"]),
            ):
                face.link.send(command)
                face.wait(event)
                assert [turn.text for turn in await turns(face)] == known
            face.run("four")
            assert sent(server)[-2] == "three done"


async def test_back_at_the_start_the_surroundings_are_told_again(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["one done"]), Reply(["two done"]), Reply(["three done"])) as server:
        with face_of(server, mode=Mode.PLAN) as face:
            face.run("one")
            (first,) = await turns(face)
            face.link.send(Rewind(first.turn, "conversation"))
            face.wait(ev.Rewound)
            assert await turns(face) == []
            face.run("two")
            (message,) = server.requests[-1]["messages"][1:]
            assert str(project) in message["content"]
            assert "Plan mode is on" in message["content"]
            (second,) = await turns(face)
            face.link.send(Rewind(second.turn, "both"))
            face.wait(ev.Rewound)
            session = face.state.session
        with face_of(server, resume=session, mode=Mode.PLAN) as face:
            face.run("three")
            (message,) = server.requests[-1]["messages"][1:]
            assert message["content"].count(str(project)) == 1
            assert message["content"].count("Plan mode is on") == 1


async def test_tasks_and_known_files_of_the_forgotten_turn_are_forgotten(
    project: Path, face_of: FaceOf
) -> None:
    edit = ("edit", {"path": "a.py", "old_string": "line 3\n", "new_string": "L3\n"})
    replies = [Reply(["one done"]), Reply(calls=[TASK, ("read", {"path": "a.py"})]), Reply(["two done"])]
    replies += [Reply(calls=[edit]), Reply(["three done"]), Reply(calls=[TASK]), Reply(["four done"])]
    with ModelServer(*replies) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        face.run("one")
        face.run("two")
        assert tasks(face) == ["1"]
        face.link.send(Rewind((await turns(face))[0].turn, "conversation"))
        face.wait(ev.Rewound)
        assert tasks(face) == []
        face.run("three")
        assert "was not read before" in sent(server)[-1]
        assert "line 3\n" in (project / "a.py").read_text()
        face.run("four")
        # No id is given twice.
        assert tasks(face) == ["2"]


async def test_a_summary_takes_the_place_of_what_it_sums_up(project: Path, face_of: FaceOf) -> None:
    replies = [Reply(["one done"]), Reply(["two done"]), Reply(["three done"]), Reply(["IN SHORT"])]
    replies += [Reply(["four done"]), Reply(["five done"])]
    with ModelServer(*replies) as server:
        with face_of(server) as face:
            for text in ("one", "two", "three"):
                face.run(text)
            face.link.send(Rewind((await turns(face))[1].turn, "summary"))
            rewound = face.wait(ev.Rewound, lambda event: bool(event.summary))
            assert (rewound.messages, rewound.summary, rewound.prompt) == (4, "IN SHORT", "two")
            assert face.wait(ev.TurnEnded).end == "done"
            assert "'two'" in sent(server)[-1]
            face.run("four")
            one, done, rest = sent(server)
            assert (one, done) == ("one", "one done")
            assert "IN SHORT" in rest
            assert rest.endswith("four")
            assert "two done" not in rest
            live, session = sent(server), face.state.session
        with face_of(server, resume=session) as face:
            face.run("five")
            assert sent(server)[:-2] == live


@pytest.mark.parametrize("how", ["refused", "no text", "calls", "stopped"])
async def test_without_a_summary_nothing_of_the_attempt_stays(
    how: str, project: Path, face_of: FaceOf
) -> None:
    held = threading.Event()
    stop: list[Callable[[], None]] = []

    def hold() -> None:
        stop[0]()
        held.wait(60)

    failed = {
        "refused": Reply(status=400),
        "no text": Reply(["  "]),
        "calls": Reply(["so"], calls=[("ls", {})]),
        "stopped": Reply(["so far"], before_end=hold),
    }[how]
    with ModelServer(Reply(["one done"]), failed, Reply(["two done"])) as server, face_of(server) as face:
        stop.append(lambda: face.link.send(Cancel()))
        face.run("one")
        before = face.state.agent("main")
        face.link.send(Rewind((await turns(face))[0].turn, "summary"))
        assert face.wait(ev.TurnEnded).end == ("interrupted" if how == "stopped" else "error")
        held.set()
        after = face.state.agent("main")
        assert list(after.transcript)[: len(before.transcript)] == list(before.transcript)
        assert all(entry.id.startswith(("notice", "turn")) for entry in list(after.transcript)[2:])
        face.run("two")
        assert sent(server) == ["one", "one done", "two"]


async def test_a_rewind_waits_for_nothing_that_runs(project: Path, face_of: FaceOf) -> None:
    sleep = ("bash", {"command": "sleep 60"})
    replies = Reply(["one done"]), Reply(calls=[sleep])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.YOLO) as face:
        face.run("one")
        (first,) = await turns(face)
        face.link.send(RunTyped("sleep 60"))
        face.wait(ev.TypedStarted)
        face.link.send(Rewind(first.turn, "conversation"))
        assert "of yours is running" in face.wait(ev.Noticed).text
        face.link.send(StopTyped())
        face.wait(ev.TypedEnded)
        face.link.send(Send("two"))
        face.wait(ev.ToolStarted)
        face.link.send(Rewind(first.turn, "both"))
        assert "a turn is running" in face.wait(ev.Noticed).text
        face.link.send(Cancel())
        face.wait(ev.TurnEnded)
        face.link.send(Rewind("turn-999", "both"))
        assert "turn-999" in face.wait(ev.Noticed).text
        with pytest.raises(NanodeckError):
            await face.link.ask(PlanRewind("turn-999"))
        assert "Rewound" not in face.names
