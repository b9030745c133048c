"""Mentioned files and folders go with the text; what cannot be read is named with its reason."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Send
from nanodeck.contracts.messages import Attachment
from nanodeck.contracts.views import SaidEntry
from nanodeck.engine.project.attaching import MOST_BYTES, TYPED_LENGTH, attach
from nanodeck.workspace.ledger import ReadLedger
from nanodeck.workspace.paths import Workspace
from tests.support.model_server import ModelServer, Reply
from tests.unit.engine.conftest import FaceOf

READ = ("read", {"path": "a.py"})


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "src").mkdir(parents=True)
    (root / "src" / "b.py").write_text("one\ntwo\nthree\n")
    (root / "empty.txt").write_text("")
    (root / "data.bin").write_bytes(b"\0\1\2")
    (root / "big.txt").write_text(("x" * 99 + "\n") * 450)
    (tmp_path / "secret.txt").write_text("secret")
    return root


def attached(root: Path, text: str) -> list[Attachment]:
    return list(asyncio.run(attach(text, Workspace(root), ReadLedger())))


def test_a_file_comes_with_its_lines_by_number(tree: Path) -> None:
    (file,) = attached(tree, "look at @src/b.py.")
    assert (file.name, file.about) == ("src/b.py", "3 lines")
    assert file.text == '<file path="src/b.py" lines="3 lines">\n1\tone\n2\ttwo\n3\tthree\n</file>'


def test_a_range_is_cut_out_and_ends_with_the_file(tree: Path) -> None:
    (file,) = attached(tree, "@src/b.py:2-90")
    assert (file.about, "2\ttwo\n3\tthree\n" in file.text) == ("lines 2-3 of 3", True)


def test_a_place_nobody_may_look_into_is_said_and_stops_nothing(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Path.exists

    def refused(path: Path) -> bool:
        if path.name == "hidden.py":
            raise PermissionError(13, "Permission denied")
        return looks(path)

    monkeypatch.setattr(Path, "exists", refused)
    hidden, file = attached(tree, "@locked/hidden.py and @src/b.py")
    assert (hidden.problem, file.about) == ("permission denied", "3 lines")


def test_a_folder_comes_as_its_listing(tree: Path) -> None:
    (folder,) = attached(tree, "what is in @src/ ?")
    assert (folder.name, folder.about) == ("src/", "1 item")
    assert "b.py" in folder.text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("@missing.py", "there is no such file or folder"),
        ("@src/b.py:4", "there is no line 4: it has 3 lines"),
        ("@src/b.py:3-1", "lines 3-1 are no lines: count from 1, the last one last"),
        ("@data.bin", "is binary (3 bytes)"),
        ("@../secret.txt", "is outside the workspace"),
    ],
)
def test_what_cannot_be_attached_says_why(tree: Path, text: str, problem: str) -> None:
    (file,) = attached(tree, text)
    assert file.problem.endswith(problem)
    assert not file.text


def test_words_that_may_be_no_files_are_left_alone(tree: Path) -> None:
    assert attached(tree, "@property is a decorator") == []
    assert attached(tree, "@missing.py " + "x" * TYPED_LENGTH) == []


def test_a_message_takes_only_so_much(tree: Path) -> None:
    for number in range(6):
        (tree / f"big{number}.txt").write_bytes((tree / "big.txt").read_bytes())
    files = attached(tree, " ".join(f"@big{number}.txt" for number in range(6)))
    assert sum(len(file.text) for file in files) <= MOST_BYTES
    assert [bool(file.problem) for file in files] == [False] * 4 + [True] * 2


def test_a_prompt_takes_its_mentions_along_and_the_chat_knows(project: Path, face_of: FaceOf) -> None:
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.run("explain @a.py:2-3 and @nowhere.py")
        said = str(server.requests[0]["messages"][-1]["content"])
        assert '<file path="a.py" lines="lines 2-3 of 40">\n2\tline 2\n3\tline 3\n</file>' in said
        assert "(@nowhere.py: there is no such file or folder)" in said
        assert said.endswith("explain @a.py:2-3 and @nowhere.py")
        (entry,) = [one for one in face.state.agent("main").transcript if isinstance(one, SaidEntry)]
        assert [(one.name, one.about, one.text) for one in entry.attachments] == [
            ("a.py", "lines 2-3 of 40", ""),
            ("nowhere.py", "", ""),
        ]


def test_steering_texts_take_theirs_too(project: Path, face_of: FaceOf) -> None:
    go = threading.Event()
    first = Reply(["at work"], calls=[READ], before_end=lambda: go.wait(30))
    try:
        with ModelServer(first, Reply(["done"])) as server, face_of(server) as face:
            face.link.send(Send("begin"))
            face.wait(ev.TextStreamed)
            for text in ("mind @a.py:5", "and @a.py:6"):
                face.link.send(Send(text))
                face.wait(ev.QueueChanged)
            go.set()
            face.wait(ev.TurnEnded)
            said = [str(message["content"]) for message in server.requests[-1]["messages"][-2:]]
            assert ["5\tline 5\n" in said[0], "6\tline 6\n" in said[1]] == [True, True]
    finally:
        go.set()
