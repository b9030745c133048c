"""Diffs of what was written, whenever one looks, and hunks of them taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import FileDiff, Hunk
from nanodeck.contracts.commands import Send, TakeBack, Undo
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.sources import DiffPage, Source, SourceKind
from nanodeck.engine.diffs.readings import Entry, Reading, with_outside
from nanodeck.workspace.paths import Workspace
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.workspace.repositories import commit, git

FaceOf = Callable[..., Face]
AUTO = {"mode": Mode.AUTO_ACCEPT}


def edit(line: int, text: str, path: str = "a.py") -> tuple[str, dict[str, str]]:
    """A call that makes `text` of a line of the file."""
    arguments = {"path": path, "old_string": f"line {line}\n", "new_string": text}
    return ("edit", arguments)


def read() -> Reply:
    return Reply(calls=[("read", {"path": "a.py"})])


async def diff(face: Face, kind: SourceKind, name: str = "") -> DiffPage:
    return await face.link.ask(ReadDiff(Source(kind, name)))


def changes(page: DiffPage) -> list[tuple[str, str, str, list[str]]]:
    """Path, author, kind and the changed lines of every file."""
    return [
        (file.path, file.author, file.kind, [line for hunk in file.hunks for line in changed(hunk)])
        for file in page.files
    ]


def changed(hunk: Hunk) -> list[str]:
    return [line for line in hunk.body.split("\n") if line[:1] in ("-", "+")]


def hunk_with(file: FileDiff, line: str) -> Hunk:
    return next(hunk for hunk in file.hunks if line in changed(hunk))


async def test_what_was_written_is_shown_by_call_turn_session_and_checkpoint(
    project: Path, face_of: FaceOf
) -> None:
    replies = [
        read(),
        Reply(calls=[edit(3, "three\n"), ("write", {"path": "new.py", "content": "1\n2\n"})]),
        Reply(["one"]),
        Reply(calls=[edit(30, "thirty\n")]),
        Reply(calls=[edit(20, "twenty\n")]),
        Reply(["two"]),
    ]
    with ModelServer(*replies) as server, face_of(server, **AUTO) as face:
        assert await diff(face, "session") == DiffPage(Source("session"), (), 0)
        assert await diff(face, "turn") == DiffPage(Source("turn"), (), 0)
        face.run("one")
        turn = next(event.turn for event in face.events if isinstance(event, ev.TurnEnded))
        first = ("a.py", "agent", "modified", ["-line 3", "+three"])
        created = ("new.py", "agent", "created", ["+1", "+2"])
        assert changes(await diff(face, "call")) == [first, created]
        assert changes(await diff(face, "turn")) == [first, created]
        counted = face.state.changed
        face.run("two")
        assert face.state.changed > counted
        twenty, thirty = ["-line 20", "+twenty"], ["-line 30", "+thirty"]
        call, checkpoint = [event.changeset for event in face.events if isinstance(event, ev.ChangesetEnded)][
            1:
        ]
        assert changes(await diff(face, "call")) == [("a.py", "agent", "modified", twenty)]
        assert changes(await diff(face, "call", call)) == [("a.py", "agent", "modified", thirty)]
        assert changes(await diff(face, "turn")) == [("a.py", "agent", "modified", [*twenty, *thirty])]
        assert changes(await diff(face, "turn", turn)) == [first, created]
        assert changes(await diff(face, "checkpoint", call)) == changes(await diff(face, "turn"))
        assert changes(await diff(face, "checkpoint", checkpoint)) == changes(await diff(face, "call"))
        whole = await diff(face, "session")
        assert changes(whole) == [(*first[:3], [*first[3], *twenty, *thirty]), created]
        assert (whole.files[0].added, whole.files[0].removed, len(whole.files[0].hunks)) == (3, 3, 3)
        face.link.send(Undo())
        face.wait(ev.ChangesUndone)
        assert changes(await diff(face, "session")) == [(*first[:3], [*first[3], *thirty]), created]
        session = face.state.session
    with face_of(server, resume=session, **AUTO) as again:
        assert changes(await diff(again, "turn")) == [("a.py", "agent", "modified", thirty)]


async def test_pages_fit_together_though_files_change_meanwhile(project: Path, face_of: FaceOf) -> None:
    calls = [("write", {"path": f"f{n}.py", "content": f"{n}\n"}) for n in range(7)]
    with ModelServer(Reply(calls=calls), Reply(["ok"])) as server, face_of(server, **AUTO) as face:
        face.run("go")
        pages = [await face.link.ask(ReadDiff(Source("session"), 0, 3))]
        (project / "f0.py").write_text("0\n")
        (project / "f5.py").write_text("mine\n")
        pages += [await face.link.ask(ReadDiff(Source("session"), first, 3)) for first in (3, 6, 9)]
        assert [file.path for page in pages for file in page.files] == [f"f{n}.py" for n in range(7)]
        assert {page.total for page in pages} == {7}
        anew = await face.link.ask(ReadDiff(Source("session"), 0, 100))
        assert [(file.path, file.author) for file in anew.files][5:7] == [
            ("f5.py", "agent"),
            ("f5.py", "you"),
        ]


async def test_what_a_person_changed_is_told_apart(project: Path, face_of: FaceOf) -> None:
    replies = [read(), Reply(calls=[edit(3, "three\n")]), Reply(["ok"]), read()]
    replies += [Reply(calls=[edit(30, "thirty\n")]), Reply(["ok"])]
    with ModelServer(*replies) as server, face_of(server, **AUTO) as face:
        face.run("go")
        text = (project / "a.py").read_text()
        (project / "a.py").write_text(text.replace("line 20\n", "my own\n"))
        agents = ("a.py", "agent", "modified", ["-line 3", "+three"])
        mine = ("a.py", "you", "modified", ["-line 20", "+my own"])
        page = await diff(face, "session")
        assert changes(page) == [agents, mine]
        assert page.files[1].note == "changed since, by you or by a command"
        face.run("go on")
        agents = ("a.py", "agent", "modified", ["-line 3", "+three", "-line 30", "+thirty"])
        assert changes(await diff(face, "session")) == [agents, mine]
        assert changes(await diff(face, "call")) == [("a.py", "agent", "modified", ["-line 30", "+thirty"])]
        (project / "a.py").unlink()
        assert changes(await diff(face, "session"))[1][:3] == ("a.py", "you", "deleted")


async def test_a_hunk_is_taken_back_the_model_is_told_and_undo_puts_it_in_again(
    project: Path, face_of: FaceOf
) -> None:
    both = [edit(3, "three\n"), edit(30, "thirty\n")]
    replies = [read(), Reply(calls=both), Reply(["ok"]), Reply(calls=[edit(31, "later\n")]), Reply(["ok"])]
    with ModelServer(*replies) as server, face_of(server, **AUTO) as face:
        face.run("go")
        with (project / "a.py").open("a") as file:
            file.write("my own\n")
        page = await diff(face, "call")
        face.link.send(TakeBack(page.source, "a.py", hunk_with(page.files[0], "+three")))
        taken = face.wait(ev.HunkTakenBack)
        assert (taken.path, changed(taken.hunk)) == ("a.py", ["-line 3", "+three"])
        text = (project / "a.py").read_text()
        assert "line 3\n" in text
        assert "thirty\n" in text
        assert text.endswith("my own\n")
        thirty = ("a.py", "agent", "modified", ["-line 30", "+thirty"])
        mine = ("a.py", "you", "modified", ["+my own"])
        assert changes(await diff(face, "call")) == [thirty]
        assert changes(await diff(face, "session")) == [thirty, mine]
        face.link.send(Undo())
        face.wait(ev.ChangesUndone)
        assert "three\n" in (project / "a.py").read_text()
        three = ("a.py", "agent", "modified", ["-line 3", "+three", "-line 30", "+thirty"])
        assert changes(await diff(face, "session")) == [three, mine]
        (project / "a.py").write_text((project / "a.py").read_text().replace("my own\n", ""))
        face.link.send(TakeBack(page.source, "a.py", hunk_with(page.files[0], "+three")))
        face.wait(ev.HunkTakenBack)
        face.run("go on")
        said = server.requests[-2]["messages"][-1]["content"]
        assert "took this change to a.py back" in said
        assert "-line 3\n+three\n line 4" in said
        assert "later\n" in (project / "a.py").read_text()


@pytest.mark.parametrize("kind", ["created", "deleted"])
async def test_files_that_were_made_or_removed_are_taken_back_whole(
    project: Path, face_of: FaceOf, kind: str
) -> None:
    before = (project / "a.py").read_bytes()
    (project / "a.py").chmod(0o640)
    patch = "*** Begin Patch\n*** Add File: sub/new.py\n+new\n*** Delete File: a.py\n*** End Patch"
    path = {"created": "sub/new.py", "deleted": "a.py"}[kind]
    with (
        ModelServer(read(), Reply(calls=[("apply_patch", {"patch": patch})]), Reply(["ok"])) as server,
        face_of(server, **AUTO) as face,
    ):
        face.run("go")
        page = await diff(face, "session")
        file = next(file for file in page.files if file.path == path)
        face.link.send(TakeBack(page.source, path, file.hunks[0]))
        face.wait(ev.HunkTakenBack)
        assert [file.path for file in (await diff(face, "session")).files] == [
            {"created": "a.py", "deleted": "sub/new.py"}[kind]
        ]
        if kind == "deleted":
            assert (project / "a.py").read_bytes() == before
            assert (project / "a.py").stat().st_mode & 0o777 == 0o640
        else:
            assert not (project / path).exists()


async def test_a_moved_file_is_shown_as_moved_and_goes_back(project: Path, face_of: FaceOf) -> None:
    before = (project / "a.py").read_bytes()
    (project / "a.py").chmod(0o754)
    patch = """*** Begin Patch
*** Update File: a.py
*** Move to: sub/b.py
@@
-line 3
+three
*** End Patch"""
    replies = [read(), Reply(calls=[("apply_patch", {"patch": patch})]), Reply(["ok"])]
    replies += [Reply(calls=[edit(30, "thirty\n", "sub/b.py")]), Reply(["ok"])]
    with ModelServer(*replies) as server, face_of(server, **AUTO) as face:
        face.run("go")
        face.run("go on")
        page = await diff(face, "session")
        (file,) = page.files
        assert (file.path, file.old_path, file.kind) == ("sub/b.py", "a.py", "renamed")
        assert [changed(hunk) for hunk in file.hunks] == [
            [],
            ["-line 3", "+three"],
            ["-line 30", "+thirty"],
        ]
        for hunk in file.hunks[1:]:
            face.link.send(TakeBack(page.source, "sub/b.py", hunk))
            face.wait(ev.HunkTakenBack)
        assert (project / "sub/b.py").read_bytes() == before
        face.link.send(TakeBack(page.source, "sub/b.py", file.hunks[0]))
        face.wait(ev.HunkTakenBack)
        assert not (project / "sub/b.py").exists()
        assert (project / "a.py").read_bytes() == before
        assert (project / "a.py").stat().st_mode & 0o777 == 0o754
        assert (await diff(face, "session")).files == ()


async def test_what_no_longer_fits_is_not_taken_back(project: Path, face_of: FaceOf) -> None:
    commit_all(project)
    replies = [read(), Reply(calls=[edit(3, "three\n")]), Reply(["ok"])]
    with ModelServer(*replies) as server, face_of(server, **AUTO) as face:
        face.run("go")
        page = await diff(face, "turn")
        (project / "a.py").write_text((project / "a.py").read_text().replace("three\n", "3\n"))
        before = (project / "a.py").read_bytes()
        git_page, persons = await diff(face, "head"), await diff(face, "session")
        tries = [
            (TakeBack(page.source, "a.py", page.files[0].hunks[0]), "same lines were changed"),
            (TakeBack(page.source, "b.py", page.files[0].hunks[0]), "b.py is not changed there"),
            (TakeBack(persons.source, "a.py", persons.files[1].hunks[0]), "no longer there"),
            (TakeBack(git_page.source, "a.py", git_page.files[0].hunks[0]), "only an agent's changes"),
        ]
        for command, why in tries:
            face.link.send(command)
            assert why in face.wait(ev.Noticed).text
        assert (project / "a.py").read_bytes() == before


async def test_git_is_asked_and_why_it_cannot_tell_is_said(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server, **AUTO) as face:
        assert (await diff(face, "head")).problem == "this folder is in no git repository"
        commit_all(project)
        (project / "new.py").write_text("new\n")
        (project / "a.py").write_text("line 1\n")
        git(project, "add", "a.py")
        (project / "a.py").write_text("line one\n")
        head = await diff(face, "head")
        assert [(file.path, file.kind, file.added) for file in head.files] == [
            ("a.py", "modified", 1),
            ("new.py", "created", 1),
        ]
        assert [(file.path, file.added) for file in (await diff(face, "staged")).files] == [("a.py", 0)]


def commit_all(project: Path) -> None:
    git(project, "init", "-q")
    commit(project, {})


async def test_a_hunk_is_taken_back_while_a_turn_runs(project: Path, face_of: FaceOf) -> None:
    go_on = threading.Event()
    slow = Reply(["..."], calls=[edit(4, "four\n")], before_end=lambda: go_on.wait(60))
    replies = [read(), Reply(calls=[edit(3, "three\n")]), slow, Reply(["ok"])]
    with ModelServer(*replies) as server, face_of(server, **AUTO) as face:
        face.link.send(Send("go"))
        face.wait(ev.ChangesetEnded)
        page = await diff(face, "turn")
        face.link.send(TakeBack(page.source, "a.py", page.files[0].hunks[0]))
        face.wait(ev.HunkTakenBack)
        go_on.set()
        face.wait(ev.TurnEnded)
        assert (project / "a.py").read_text().startswith("line 1\nline 2\nline 3\nfour\n")
        said = [str(message["content"]) for message in server.requests[-1]["messages"]]
        assert any("took this change to a.py back" in text for text in said)


async def test_files_changed_outside_are_the_persons_own_as_far_as_git_knows_them(project: Path) -> None:
    workspace, nothing = Workspace(project), Reading(Source("session"))
    (project / "b.py").write_text("b\n")
    assert await with_outside(nothing, workspace, ("a.py", "b.py")) == nothing
    commit_all(project)
    for name in ("a.py", "b.py", "new.py", "other.py"):
        (project / name).write_text("mine\n")
    known = Reading(Source("session"), [Entry("b.py")])
    found = await with_outside(known, workspace, ("a.py", "b.py", "new.py", "gone.py"))
    assert [(entry.path, entry.author) for entry in found.entries] == [
        ("a.py", "you"),
        ("b.py", "agent"),
        ("new.py", "you"),
    ]
    diff, load = found.entries[0].diff, found.entries[2].load
    assert diff is not None
    assert load is not None
    assert (diff.author, diff.note) == ("you", "changed by you or by a command, compared with git HEAD")
    assert load().new == b"mine\n"
