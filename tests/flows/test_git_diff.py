"""What git tells, on the screen: every kind of change, in the sizes people have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.conftest import LiveStager
from tests.support.model_server import ModelServer
from tests.unit.workspace.repositories import commit, git

KINDS = {
    "a.py": "-     return 1",
    "bare.txt": "No newline at end of file",
    "blank.txt": "an empty file",
    "crlf.txt": "CRLF",
    "gone.txt": "deleted",
    "latin.txt": "Latin-1",
    "link": "was a file, is a link",
    "moved/b.py": "renamed from b.py",
    "new [b]ü.md": "new",
    "picture.png": "4 becomes 7 bytes",
    "run.sh": "644 becomes 755",
}
"""Files by what their diff must say, in the order git has them."""


@pytest.fixture
def changed(project: Path) -> Path:
    """A repository in which something of every kind was changed."""
    before = {
        "a.py": b"def a():\n    return 1\n",
        "b.py": b"".join(b"moved %d\n" % n for n in range(20)),
        "bare.txt": b"one\ntwo",
        "crlf.txt": b"one\r\ntwo\r\n",
        "gone.txt": b"gone\n",
        "latin.txt": b"caf\xe9\n",
        "link": b"a file\n",
        "picture.png": b"\x89\0PN",
        "run.sh": b"#!/bin/sh\n",
    }
    git(project, "init", "-q")
    commit(project, before)
    (project / "a.py").write_bytes(b"def a():\n    return [red]2[/red]\n")
    (project / "moved").mkdir()
    (project / "b.py").rename(project / "moved/b.py")
    (project / "bare.txt").write_bytes(b"one\nTWO")
    (project / "crlf.txt").write_bytes(b"one\r\nTWO\r\n")
    (project / "gone.txt").unlink()
    (project / "latin.txt").write_bytes(b"caf\xe8\n")
    (project / "link").unlink()
    (project / "link").symlink_to("a.py")
    (project / "picture.png").write_bytes(b"\x89\0PNGGG")
    (project / "run.sh").chmod(0o755)
    git(project, "add", "-A")
    (project / "blank.txt").write_bytes(b"")
    (project / "new [b]ü.md").write_bytes("# Ü\n".encode())
    return project


async def test_r11_r13_every_kind_of_change_is_shown_as_what_it_is(changed: Path, live: LiveStager) -> None:
    """R13: new, deleted, renamed, binary, rights, links, no end of line, CRLF; R11: HEAD and staged."""
    with ModelServer() as server:
        async with live(server, (80, 24)) as deck:
            await deck.command("/diff head")
            await deck.sees("0/11 files")
            for number, (name, said) in enumerate(KINDS.items()):
                if number:
                    await deck.press("]")
                assert f"git HEAD  {name}" in deck.text
                assert said in deck.text
            await deck.press("home")
            assert "return [red]2[/red]" in deck.text
            await deck.press("escape")
            await deck.command("/diff staged")
            await deck.sees("0/9 files")
            await deck.press("escape")
            (changed / "a.py").write_bytes(b"def a():\n    return 3\n")
            await deck.command("!git -c user.name=n -c user.email=n@example.org commit -qm second")
            await deck.until(lambda: "Diff" not in deck.rows[0], "nothing staged any more")
            await deck.command("/diff head")
            await deck.sees("0/3 files")
            assert "return 3" in deck.text
