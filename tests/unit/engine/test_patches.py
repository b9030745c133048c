"""Patches through the engine: reviewed as one, written as one, taken back as one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Send, Undo
from nanodeck.contracts.modes import Mode
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply

FaceOf = Callable[..., Face]
PATCH = """*** Begin Patch
*** Update File: wide.txt
@@
-one
+eins
*** Update File: tool.sh
*** Move to: bin/tool.sh
@@
-echo é
+echo ü
*** Delete File: gone.txt
*** Add File: docs/new.md
+# New
*** Add Folder: empty
*** End Patch"""
READS = [("read", {"path": "wide.txt"}), ("read", {"path": "tool.sh"})]
CALL = ("apply_patch", {"patch": PATCH})


@pytest.fixture
def files(project: Path) -> Path:
    (project / "wide.txt").write_bytes("one\r\ntwo\r\n".encode("utf-16"))
    (project / "tool.sh").write_bytes(b"echo \xe9\n")
    (project / "tool.sh").chmod(0o755)
    (project / "gone.txt").write_bytes(b"z\n")
    return project


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every file by its path, folders as None."""
    found = sorted(path for path in folder.rglob("*") if path.name != "a.py")
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in found}


def told(server: ModelServer) -> str:
    """The last result of a tool."""
    return str([m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"][-1])


def test_a_patch_is_reviewed_as_one_written_as_one_and_taken_back_as_one(
    files: Path, face_of: FaceOf
) -> None:
    before = contents(files)
    with (
        ModelServer(Reply(calls=READS), Reply(calls=[CALL]), Reply(["ok"])) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("go"))
        proposed = face.wait(ev.ChangesetProposed).changeset.files
        kinds = {file.path: (file.kind, file.encoding) for file in proposed}
        assert kinds == {
            "wide.txt": ("modified", "utf-16-le"),
            "bin/tool.sh": ("renamed", "latin-1"),
            "gone.txt": ("deleted", "utf-8"),
            "docs/new.md": ("created", "utf-8"),
            "empty/": ("created", "utf-8"),
        }
        assert proposed[0].hunks[0].body == "-one\r\n+eins\r\n two\r"
        assert contents(files) == before
        every = [(file.path, hunk.id) for file in proposed for hunk in file.hunks]
        face.review(face.request(), *((*place, "accepted") for place in every))
        face.wait(ev.TurnEnded)
        after = contents(files)
        assert after == {
            "bin": None,
            "bin/tool.sh": b"echo \xfc\n",
            "docs": None,
            "docs/new.md": b"# New\n",
            "empty": None,
            "wide.txt": "eins\r\ntwo\r\n".encode("utf-16"),
        }
        assert (files / "bin/tool.sh").stat().st_mode & 0o777 == 0o755
        assert "tool.sh -> bin/tool.sh: renamed.\nbin/tool.sh: applied 1 of 1 hunk (+1 -1)." in told(server)
        face.link.send(Undo())
        face.wait(ev.ChangesUndone)
        assert contents(files) == before
        assert (files / "tool.sh").stat().st_mode & 0o777 == 0o755


def test_only_what_is_accepted_of_a_patch_is_written(files: Path, face_of: FaceOf) -> None:
    with (
        ModelServer(Reply(calls=READS), Reply(calls=[CALL]), Reply(["ok"])) as server,
        face_of(server) as face,
    ):
        face.link.send(Send("go"))
        face.review(face.request(), ("wide.txt", 1, "accepted"), ("gone.txt", 1, "rejected"))
        face.wait(ev.TurnEnded)
        assert sorted(contents(files)) == ["gone.txt", "tool.sh", "wide.txt"]
        assert "gone.txt: not deleted, rejected by the person." in told(server)
        assert "empty/: not created, not decided on." in told(server)


def test_r13_a_new_name_and_the_lines_are_decided_each(files: Path, face_of: FaceOf) -> None:
    (files / "logo.png").write_bytes(b"\x89PNG\0")
    more = "*** Update File: logo.png\n*** Move to: art/logo.png\n*** End Patch"
    patch = PATCH.replace("*** End Patch", more)
    calls = Reply(calls=READS), Reply(calls=[("apply_patch", {"patch": patch})]), Reply(["ok"])
    with ModelServer(*calls) as server, face_of(server) as face:
        face.link.send(Send("go"))
        picture = face.wait(ev.ChangesetProposed).changeset.files[-1]
        assert (picture.kind, picture.old_path, picture.sizes) == ("renamed", "logo.png", (5, 5))
        face.review(
            face.request(),
            ("bin/tool.sh", 1, "rejected"),
            ("bin/tool.sh", 2, "accepted"),
            ("art/logo.png", 1, "accepted"),
        )
        face.wait(ev.TurnEnded)
        assert (files / "tool.sh").read_bytes() == b"echo \xfc\n"
        assert (files / "art/logo.png").read_bytes() == b"\x89PNG\0"
        assert not (files / "bin").exists()
        assert "tool.sh -> bin/tool.sh: not renamed, rejected by the person." in told(server)
        assert "tool.sh: applied 1 of 1 hunk (+1 -1)." in told(server)
        assert "logo.png -> art/logo.png: renamed." in told(server)


def test_one_bad_hunk_or_a_full_folder_writes_nothing(files: Path, face_of: FaceOf) -> None:
    before = contents(files)
    bad = ("apply_patch", {"patch": PATCH.replace("-echo é", "-echo nine")})
    blocked = ("apply_patch", {"patch": "*** Add File: x\n+1\n*** Add File: x/y\n+2"})
    replies = Reply(calls=READS), Reply(calls=[bad]), Reply(calls=[blocked]), Reply(["ok"])
    with ModelServer(*replies) as server, face_of(server, mode=Mode.AUTO_ACCEPT) as face:
        face.run("go")
        results = [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]
        assert "tool.sh: what the hunk replaces is not in the file" in results[-2]
        assert results[-1].startswith("nothing was written")
        assert contents(files) == before


def test_a_patch_that_leads_out_of_the_workspace_asks_even_when_edits_do_not(
    files: Path, face_of: FaceOf
) -> None:
    (files.parent / "secret").write_text("key\n")
    copy = ("apply_patch", {"patch": "*** Copy File: ../secret\n*** Copy to: mine"})
    with (
        ModelServer(Reply(calls=[copy]), Reply(["ok"])) as server,
        face_of(server, mode=Mode.AUTO_ACCEPT) as face,
    ):
        face.link.send(Send("go"))
        request = face.request()
        assert "outside the workspace" in request.why.reason
        face.answer(request, "deny")
        face.wait(ev.TurnEnded)
    assert "mine" not in contents(files)


@pytest.mark.parametrize("name", ["edit", "apply_patch"])
def test_a_model_is_offered_the_one_tool_to_edit_with_that_is_set(
    project: Path, tmp_path: Path, face_of: FaceOf, name: str
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/settings.toml").write_text(f'edit_tool = "{name}"\n')
    with ModelServer(Reply(["ok"])) as server, face_of(server) as face:
        face.run("hi")
        body = server.bodies[0]
    offered = [tool["function"]["name"] for tool in json.loads(body)["tools"]]
    assert offered == ["read", name, "write", "bash", "grep", "glob", "ls", "task", "plan"]
    assert len(body) <= 6500
