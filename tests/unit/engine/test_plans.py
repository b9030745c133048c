"""Plans: plan mode, the plan that is handed in, and what becomes of it, through the engine's link."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.commands import (
    Cancel,
    Decide,
    MarkHunks,
    Send,
    SwitchMode,
    UndoDecision,
    WriteComment,
)
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer, PlanDetail, Request
from nanodeck.contracts.sources import Source
from nanodeck.contracts.views import ReviewView
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.engine.conftest import FaceOf
from tests.unit.engine.test_turns import EDIT, READ, results

PLAN = "# Plan\n\n1. read\n2. write\n"
HAND_IN = Reply(calls=[("plan", {"text": PLAN})])


def plan_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "home" / "sessions").glob("*/plan.md")
    return path


def plan_in(face: Face) -> ReviewView:
    return [review for review in face.state.reviews if review.changeset.plan][-1]


def decide(face: Face, request: Request, answer: Answer) -> None:
    face.link.send(Decide(request.id, answer))
    face.wait(ev.ToolEnded)


@pytest.mark.parametrize("mode", [Mode.NORMAL, Mode.AUTO_ACCEPT])
def test_a7_an_approved_plan_is_carried_out_in_the_mode_the_person_chose(
    project: Path, face_of: FaceOf, tmp_path: Path, mode: Mode
) -> None:
    replies = Reply(calls=[("EnterPlanMode", {})]), HAND_IN, Reply(calls=[READ]), Reply(calls=[EDIT])
    with ModelServer(*replies, Reply(["done"])) as server, face_of(server) as face:
        face.link.send(Send("go"))
        request = face.request()
        assert face.state.mode is Mode.PLAN
        assert request.detail == PlanDetail(plan_in(face).changeset.id, str(plan_file(tmp_path)))
        assert plan_file(tmp_path).read_text() == PLAN
        (diff,) = plan_in(face).changeset.files
        assert diff.hunks[0].body == " # Plan\n \n 1. read\n 2. write"
        decide(face, request, Answer("once", mode=mode))
        assert (face.state.mode, plan_in(face).state) == (mode, "approved")
        if mode is Mode.NORMAL:
            face.review(face.request(), ("a.py", 1, "accepted"), ("a.py", 2, "accepted"))
        face.wait(ev.TurnEnded)
        assert "LINE 3" in (project / "a.py").read_text()
        entered, told = results(server)[:2]
        assert "change nothing" in entered
        assert str(plan_file(tmp_path)) in entered
        assert f"approved: carry it out now. Plan mode is over, the mode is {mode.value}." in told
        assert all(later.startswith(earlier[:-2]) for earlier, later in pairwise(server.bodies))


def test_a7_a_plan_is_sent_back_edited_and_what_changed_since_is_shown(
    project: Path, face_of: FaceOf, tmp_path: Path
) -> None:
    again = "# Plan\n\n1. read all\n2. write\n3. check\n"
    replies = HAND_IN, Reply(calls=[("ExitPlanMode", {"plan": again})]), Reply(["done"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.PLAN) as face:
        face.link.send(Send("go"))
        request = face.request()
        changeset = plan_in(face).changeset.id
        for text in ("# No\n", "# Plan\n\n1. read all\n2. write\n"):
            face.link.send(MarkHunks(changeset, (HunkMark("plan.md", 1, "edited", text=text),)))
        face.link.send(MarkHunks(changeset, (HunkMark("plan.md", 1, "edited", text="# Worse\n"),)))
        face.link.send(UndoDecision(changeset))
        decide(face, request, Answer("deny", "and a check"))
        assert (face.state.mode, plan_in(face).state) == (Mode.PLAN, "returned")
        assert plan_file(tmp_path).read_text() == "# Plan\n\n1. read all\n2. write\n"
        second = face.request()
        told = results(server)[0]
        assert "sent the plan back" in told
        assert "-1. read\n+1. read all" in told
        assert "The person says: and a check" in told
        (diff,) = plan_in(face).changeset.files
        assert diff.hunks[0].body == " # Plan\n \n 1. read all\n 2. write\n+3. check"
        decide(face, second, Answer("once"))
        face.wait(ev.TurnEnded)
        assert face.state.mode is Mode.NORMAL


def test_a7_comments_on_lines_go_back_with_the_plan_and_are_open_no_longer(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(HAND_IN, Reply(["ok"])) as server, face_of(server, mode=Mode.PLAN) as face:
        face.link.send(Send("go"))
        request = face.request()
        plan = plan_in(face).changeset.id
        about = Source("call", plan), "plan.md", (3, 3), (3, 3), " 1. read"
        face.link.send(WriteComment(Comment("", *about, "which files?", changeset=plan, hunk=1)))
        face.wait(ev.CommentWritten)
        decide(face, request, Answer("deny"))
        face.wait(ev.TurnEnded)
        (told,) = results(server)
        assert "plan.md, old line 3, new line 3" in told
        assert told.index(" 1. read") < told.index("which files?")
        assert face.state.comments == ()


def test_a6_in_plan_mode_only_the_plan_is_written(project: Path, face_of: FaceOf, tmp_path: Path) -> None:
    with ModelServer(Reply(["hello"])) as server, face_of(server, mode=Mode.PLAN) as face:
        face.run("hi")
        path = str(plan_file_of(face, tmp_path))
        (project / "way").symlink_to(path)
        server.replies[1:] = [
            Reply(calls=[("plan", {})]),
            Reply(
                calls=[
                    ("write", {"path": path, "content": PLAN}),
                    ("bash", {"command": f"echo x > {path}"}),
                    ("bash", {"command": "echo x > a.py"}),
                    ("write", {"path": "b.py", "content": "b"}),
                    ("write", {"path": f"{path}.txt", "content": "b"}),
                    ("apply_patch", {"patch": f"*** Add File: c\n+c\n*** Add File: {path}2\n+c"}),
                ]
            ),
            Reply(calls=[("read", {"path": path})]),
            Reply(calls=[("edit", {"path": "way", "old_string": "1. read", "new_string": "1. look"})]),
            Reply(calls=[("exit_plan_mode", {})]),
            Reply(["done"]),
        ]
        face.link.send(Send("plan"))
        request = face.request()
        told = results(server)
        assert told[0].startswith("Plan mode is on")
        assert [text.startswith("refused: ") for text in told[1:7]] == [False, *[True] * 5]
        assert "1. read" in told[7]
        assert plan_in(face).changeset.files[0].hunks[0].body == " # Plan\n \n 1. look\n 2. write"
        decide(face, request, Answer("once"))
        face.wait(ev.TurnEnded)
    assert sorted(one.name for one in project.iterdir()) == ["a.py", "way"]
    assert "line 3" in (project / "a.py").read_text()


def plan_file_of(face: Face, tmp_path: Path) -> Path:
    return tmp_path / "home" / "sessions" / face.state.session / "plan.md"


def test_the_mode_is_told_once_before_the_next_call_and_not_again_when_resumed(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["ok"])) as server:
        with face_of(server) as face:
            face.link.send(SwitchMode(Mode.PLAN))
            face.link.send(SwitchMode(Mode.NORMAL))
            face.run("one")
            face.link.send(SwitchMode(Mode.PLAN))
            face.run("two")
            face.run("three")
        with face_of(server, resume="last", mode=Mode.PLAN) as face:
            face.run("four")
            face.link.send(SwitchMode(Mode.NORMAL))
            face.run("five")
        said = [str(m["content"]) for m in server.requests[-1]["messages"] if m["role"] == "user"]
    assert ["Plan mode is on" in text for text in said] == [False, True, False, False, False]
    assert ["Plan mode is off, the mode is normal" in text for text in said] == [False] * 4 + [True]


@pytest.mark.parametrize("mode", [Mode.AUTO_ACCEPT, Mode.YOLO])
def test_where_everything_is_let_through_nobody_is_asked_about_a_plan(
    project: Path, face_of: FaceOf, tmp_path: Path, mode: Mode
) -> None:
    replies = Reply(calls=[("plan", {})]), HAND_IN, Reply(["done"])
    with ModelServer(*replies) as server, face_of(server, mode=mode) as face:
        assert face.run("go").end == "done"
        assert face.state.mode is mode
        assert ["nobody has to approve a plan" in text for text in results(server)] == [True, True]
    assert plan_file(tmp_path).read_text() == PLAN


def test_a_stopped_turn_withdraws_its_plan_and_keeps_the_text(
    project: Path, face_of: FaceOf, tmp_path: Path
) -> None:
    with ModelServer(HAND_IN) as server, face_of(server, mode=Mode.PLAN) as face:
        face.link.send(Send("go"))
        request = face.request()
        face.link.send(Cancel())
        assert face.wait(ev.RequestClosed) == ev.RequestClosed(request.id)
        assert face.wait(ev.TurnEnded).end == "interrupted"
        assert plan_in(face).state == "refused"
    assert plan_file(tmp_path).read_text() == PLAN


def test_a_disk_that_refuses_the_plan_is_told_and_asks_nobody(
    project: Path, face_of: FaceOf, tmp_path: Path
) -> None:
    with ModelServer(Reply(["hello"])) as server, face_of(server, mode=Mode.PLAN) as face:
        face.run("hi")
        plan_file_of(face, tmp_path).mkdir()
        server.replies[1:] = [HAND_IN, Reply(["done"])]
        assert face.run("go").end == "done"
        assert "cannot be kept" in results(server)[0]
