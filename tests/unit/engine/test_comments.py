"""Comments through the engine: with a review, without one, over a stop and a restart."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import (
    Cancel,
    DropComment,
    Send,
    SendComments,
    SendReview,
    SplitHunk,
    WriteComment,
)
from nanodeck.contracts.comments import Comment, comment_on
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck.contracts.sources import Source
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.engine.conftest import FaceOf

READ = ("read", {"path": "a.py"})
EDITS = [
    {"old_string": "line 3\n", "new_string": "three\n"},
    {"old_string": "line 6\n", "new_string": "six\n"},
    {"old_string": "line 30\n", "new_string": "thirty\n"},
]
EDIT = Reply(calls=[("edit", {"path": "a.py", "edits": EDITS})])


def asked(face: Face) -> tuple[Request, str]:
    request = face.request()
    assert isinstance(request.detail, ReviewDetail)
    return request, request.detail.changeset


def on_review(changeset: str, excerpt: str, old: int, new: int, text: str, hunk: int = 0) -> Comment:
    source = Source("call", changeset)
    return Comment("", source, "a.py", (old, old), (new, new), excerpt, text, changeset, hunk)


def on_written(text: str, path: str = "a.py") -> Comment:
    return Comment("", Source("call", "changeset-1"), path, None, (3, 3), "+three", text)


def told(server: ModelServer) -> str:
    return str(server.requests[-1]["messages"][-1]["content"])


def test_a_comment_goes_out_with_its_review_and_rejects_a_hunk_that_nobody_decided_on(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(calls=[READ]), EDIT, Reply(["done"])) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        request, changeset = asked(face)
        face.link.send(WriteComment(on_review(changeset, "-line 30\n+thirty", 30, 30, "no numbers please")))
        written = face.wait(ev.CommentWritten).comment
        assert (written.id != "", written.hunk, written.stale) == (True, 2, False)
        face.review(request, ("a.py", 1, "accepted"))
        face.wait(ev.CommentsSent)
        face.wait(ev.TurnEnded)
        assert not face.state.comments
        said = told(server)
    lines = (project / "a.py").read_text().split("\n")
    assert (lines[2], lines[5], lines[29]) == ("three", "six", "line 30")
    assert "applied 1 of 2 hunks" in said
    assert "Rejected by the person" in said
    (review,) = face.state.reviews
    assert [(mark.hunk, mark.mark) for mark in review.marks] == [(1, "accepted"), (2, "rejected")]
    assert "a.py, old line 30, new line 30:\n```diff\n-line 30\n+thirty\n```\nno numbers please" in said


def test_comments_of_a_waiting_review_do_not_go_alone(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(calls=[READ]), EDIT, Reply(["done"])) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        request, changeset = asked(face)
        face.link.send(WriteComment(on_review(changeset, "+three", 3, 3, "why?")))
        face.link.send(SendComments())
        assert "no comments to send" in face.wait(ev.Noticed).text
        assert [comment.text for comment in face.state.comments] == ["why?"]
        face.link.send(SendReview(request.id))
        face.wait(ev.TurnEnded)
        assert not face.state.comments


def test_a_comment_follows_the_parts_of_its_hunk(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(calls=[READ]), EDIT, Reply(["done"])) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        _, changeset = asked(face)
        face.link.send(WriteComment(on_review(changeset, "+six", 6, 6, "spell it", hunk=1)))
        face.link.send(SplitHunk(changeset, "a.py", 1))
        face.wait(ev.HunksRevised)
        moved = face.wait(ev.CommentWritten).comment
        (review,) = face.state.reviews
        (part,) = (hunk for hunk in review.changeset.files[0].hunks if "+six" in hunk.body)
        assert moved.hunk == part.id


def test_a_stop_keeps_the_comments_of_its_review_and_they_can_be_said_then(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(calls=[READ]), EDIT, Reply(["done"])) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        _, changeset = asked(face)
        face.link.send(WriteComment(on_review(changeset, "+three", 3, 3, "why?")))
        face.wait(ev.CommentWritten)
        face.link.send(Cancel())
        face.wait(ev.TurnEnded)
        assert [comment.text for comment in face.state.comments] == ["why?"]
        face.link.send(SendComments("look again"))
        face.wait(ev.TurnEnded)
        assert not face.state.comments
        assert told(server).startswith("look again\n\na.py, new line 3:")


def test_all_comments_are_one_message_without_any_review(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["done"])) as server, face_of(server) as face:
        face.link.send(WriteComment(on_written("first @a.py")))
        first = face.wait(ev.CommentWritten).comment
        face.link.send(WriteComment(replace(on_written("second", "b.py"), excerpt="+@cached\n+```\n+three")))
        face.link.send(WriteComment(on_written("third")))
        face.link.send(WriteComment(replace(first, text="changed")))
        face.wait(ev.CommentWritten, lambda event: event.comment.text == "changed")
        face.link.send(DropComment(face.state.comments[2].id))
        face.link.send(SendComments())
        face.wait(ev.TurnEnded)
        said = told(server)
        (message,) = (
            event for event in face.events if isinstance(event, ev.MessageSent) and not _context(event)
        )
    assert message.message.attachments == ()
    assert "2 comments on the changes:\n\na.py, new line 3:\n```diff\n+three\n```\nchanged\n" in said
    assert "\nb.py, new line 3:\n````diff\n+@cached\n+```\n+three\n````\nsecond" in said
    assert "third" not in said


def test_a_comment_on_what_was_written_in_part_counts_the_lines_of_the_file(
    project: Path, face_of: FaceOf
) -> None:
    edits = [{"old_string": "line 3\n", "new_string": "three\nand a half\n"}, EDITS[2]]
    edit = Reply(calls=[("edit", {"path": "a.py", "edits": edits})])
    with ModelServer(Reply(calls=[READ]), edit, Reply(["done"])) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        request, changeset = asked(face)
        face.review(request, ("a.py", 1, "rejected"), ("a.py", 2, "accepted"))
        face.wait(ev.TurnEnded)
        face.link.send(WriteComment(on_review(changeset, "+thirty", 31, 31, "why?")))
        face.link.send(WriteComment(on_review(changeset, "+and a half", 4, 4, "good idea")))
        face.link.send(SendComments())
        face.wait(ev.TurnEnded)
        said = told(server)
    assert "a.py, new line 30:\n```diff\n+thirty\n```\nwhy?" in said
    assert "a.py, old line 4, new line 4:\n```diff\n+and a half\n```\ngood idea" in said


def _context(event: ev.MessageSent) -> bool:
    return getattr(event.message, "kind", "") == "context"


def test_an_empty_comment_is_refused_and_nothing_is_sent_without_one(project: Path, face_of: FaceOf) -> None:
    with ModelServer() as server, face_of(server) as face:
        face.link.send(WriteComment(on_written("  \n")))
        assert "needs words" in face.wait(ev.Noticed).text
        face.link.send(SendComments())
        assert "no comments" in face.wait(ev.Noticed).text
        face.link.send(DropComment("comment-99"))
        face.link.send(WriteComment(replace(on_written("late"), id="comment-99")))
        assert face.wait(ev.CommentWritten).comment.id != "comment-99"


def test_comments_move_along_with_the_file_while_their_review_waits(project: Path, face_of: FaceOf) -> None:
    file = project / "a.py"
    with ModelServer(Reply(calls=[READ]), EDIT, Reply(["done"])) as server, face_of(server) as face:
        face.link.send(Send("edit"))
        request, changeset = asked(face)
        for excerpt, line in (("+six", 6), ("+thirty", 30)):
            face.link.send(WriteComment(on_review(changeset, excerpt, line, line, f"about {excerpt}")))
            face.wait(ev.CommentWritten)
        lines = file.read_text().split("\n")
        file.write_text("\n".join(["# top", *lines[:29], "mine", *lines[30:]]))
        face.review(request, ("a.py", 1, "accepted"), ("a.py", 2, "accepted"))
        six, thirty = (face.wait(ev.CommentWritten).comment for _ in range(2))
        assert (six.new, six.stale, six.hunk) == ((7, 7), False, 1)
        assert (thirty.new, thirty.stale) == ((30, 30), True)
        face.review(face.request(), ("a.py", 1, "accepted"))
        face.wait(ev.TurnEnded)
        said = told(server)
    assert "a.py, new line 7:\n```diff\n+six\n```\nabout +six" in said
    assert "a.py, new line 30, these lines have changed since:" in said


def test_r6_comments_on_a_review_that_waits_are_there_after_a_restart(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(calls=[READ]), EDIT, Reply(["done"])) as server:
        with face_of(server) as face:
            face.link.send(Send("edit"))
            request, changeset = asked(face)
            face.link.send(WriteComment(on_review(changeset, "+thirty", 30, 30, "why?")))
            face.wait(ev.CommentWritten)
            session = face.state.session
        with face_of(server, resume=session) as face:
            request = face.open_request()
            assert [comment.text for comment in face.state.comments] == ["why?"]
            face.review(request, ("a.py", 1, "accepted"))
            face.wait(ev.TurnEnded)
            assert not face.state.comments
            assert "a.py, new line 30:\n```diff\n+thirty\n```\nwhy?" in told(server)
    assert "line 30\n" in (project / "a.py").read_text()


def test_a_comment_on_git_s_diff_follows_its_lines_and_says_when_they_are_gone(
    project: Path, face_of: FaceOf
) -> None:
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "-c", "user.name=n", "-c", "user.email=e@x", "commit", "-qm", "first")
    file = project / "a.py"
    lines = file.read_text().split("\n")
    lines[10] = "eleven"
    file.write_text("\n".join(lines))
    head = Source("head")
    with ModelServer(Reply(["done"])) as server, face_of(server) as face:
        page = asyncio.run(face.link.ask(ReadDiff(head)))
        (hunk,) = page.files[0].hunks
        face.link.send(WriteComment(comment_on(head, "a.py", lines_of(hunk), 4, 4, "a word")))
        assert face.wait(ev.CommentWritten).comment.new == (11, 11)
        file.write_text("\n".join(["# top", *lines]))
        asyncio.run(face.link.ask(ReadDiff(head)))
        moved = face.wait(ev.CommentWritten).comment
        assert (moved.new, moved.stale) == ((12, 12), False)
        file.write_text("\n".join(line for line in lines if line != "eleven"))
        asyncio.run(face.link.ask(ReadDiff(head)))
        gone = face.wait(ev.CommentWritten).comment
        assert (gone.new, gone.stale, gone.text) == ((12, 12), True, "a word")
        git(project, "checkout", "-q", "a.py")
        face.link.send(SendComments())
        face.wait(ev.TurnEnded)
        assert "a.py, new line 12, in the changes against git HEAD, these lines have changed since:" in told(
            server
        )


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def test_comments_are_there_after_a_restart(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["hello"]), Reply(["done"])) as server:
        with face_of(server) as face:
            face.run("hi")
            face.link.send(WriteComment(on_written("remember me")))
            face.wait(ev.CommentWritten)
            session = face.state.session
        with face_of(server, resume=session) as face:
            face.link.send(WriteComment(on_written("and me")))
            face.wait(ev.CommentWritten)
            assert [comment.text for comment in face.state.comments] == ["remember me", "and me"]
            assert len({comment.id for comment in face.state.comments}) == 2
            face.link.send(SendComments())
            face.wait(ev.TurnEnded)
            assert "remember me" in told(server)
            assert "and me" in told(server)
