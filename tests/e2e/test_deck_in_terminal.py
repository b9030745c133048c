"""What a terminal sends and gets: long pastes, keys before the first frame, sizes, odd surroundings."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from base64 import b64encode
from functools import partial
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo terminals are POSIX", allow_module_level=True)

from tests.e2e.deck_in_pty import READY, SKELETON_DRAWN, DeckInPty
from tests.support.model_server import ModelServer, Reply
from tests.support.terminal import PATIENCE

PASTED = "".join(f"line {number} of what was copied\n" for number in range(1, 5001))
BRACKETED = f"\x1b[200~{PASTED}\x1b[201~"
COLOURS = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def served(tmp_path: Path, server: ModelServer, *arguments: str, encoding: str = "utf-8") -> DeckInPty:
    """A deck in the project that talks to `server`."""
    return DeckInPty(
        tmp_path,
        *arguments,
        folder=tmp_path / "project",
        OPENAI_BASE_URL=server.url,
        MODEL="scripted",
        PYTHONIOENCODING=encoding,
    )


def test_5000_pasted_lines_are_folded_and_sent_whole(tmp_path: Path, project: Path) -> None:
    with ModelServer(Reply(["read it"])) as server, served(tmp_path, server) as deck:
        deck.wait_for(READY)
        deck.send("look: ")
        deck.send(BRACKETED)
        deck.wait_for("[Paste #1:")
        assert "line 2 of" not in deck.text
        deck.send(" and say\r")
        deck.wait_for("read it")
        (said,) = [m["content"] for m in server.requests[0]["messages"] if m["role"] == "user"]
        assert f"look: {PASTED} and say" in said or f"look: {PASTED.rstrip()} and say" in said


def test_keys_typed_before_anything_is_drawn_all_arrive_in_their_order(tmp_path: Path, project: Path) -> None:
    with ModelServer(Reply(["early indeed"])) as server, served(tmp_path, server) as deck:
        deck.wait_for_bytes(SKELETON_DRAWN)
        deck.send("the early")
        deck.send(" bird\r")
        deck.wait_for("early indeed")
        assert server.requests[0]["messages"][-1]["content"].endswith("the early bird")


def whole(deck: DeckInPty) -> bool:
    """Whether the deck fills the screen from the first line to the last but one."""
    ends = deck.lines[0].startswith(" nanodeck") and READY in deck.lines[-2]
    return ends and deck.lines[1].startswith("┌─ 1 Chat") and "f1 help" in deck.lines[-1]


def test_a_terminal_that_shrinks_below_the_smallest_size_and_grows_again(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", "--mode", "plan", size=(200, 60)) as deck:
        deck.have_planned("go")
        for columns, rows in ((120, 40), (80, 24), (61, 21), (50, 15), (80, 24), (200, 60)):
            deck.resize(columns, rows)
            if columns == 50:
                deck.wait_for("nanodeck needs 60x20 at least")
                continue
            deck.wait_until(lambda: whole(deck), "every line at its place")
        deck.wait_for("Bills that add up")
        deck.send("/exit\r")
        assert deck.wait_for_exit() == 0
        assert deck.restored


def test_a_terminal_that_cannot_place_text_is_told_so(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", TERM="dumb") as deck:
        assert deck.wait_for_exit() == 1
        assert "'dumb'" in deck.text
        assert "-p" in deck.text
        assert b"\x1b" not in deck.raw


@pytest.mark.parametrize("term", ["never-heard-of-it", "vt100", "screen"])
def test_a_terminal_nobody_knows_gets_a_deck_all_the_same(tmp_path: Path, term: str) -> None:
    with DeckInPty(tmp_path, "-m", "demo", TERM=term) as deck:
        deck.wait_for(READY)
        deck.send("\x04")
        assert deck.wait_for_exit() == 0
        assert deck.restored


def test_without_colour_no_colour_is_asked_for(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", "--mode", "plan", NO_COLOR="1") as deck:
        deck.have_planned("go")
        deck.kill(signal.SIGTERM)
        assert deck.wait_for_exit() == 128 + signal.SIGTERM
        assert COLOURS.findall(bytes(deck.raw)) == []


def test_where_there_is_ascii_alone_signs_and_farewell_are_ascii(tmp_path: Path, project: Path) -> None:
    with ModelServer(Reply(["naïve ✔ 漢"])) as server, served(tmp_path, server, encoding="ascii") as deck:
        deck.wait_for(READY)
        deck.ask("go")
        deck.wait_for("ctx 110")
        deck.wait_for(READY)
        deck.send("\x04")
        assert deck.wait_for_exit() == 0
        assert deck.restored
        assert "> go" in deck.left_behind
        assert "na?ve ? ?" in deck.left_behind


def test_a_killed_deck_comes_back_with_what_was_said_and_answers_what_was_open(
    tmp_path: Path, project: Path
) -> None:
    # The command ends when the deck that started it is gone, so that nothing is left behind.
    waits = "echo be''gun; while kill -0 $PPID 2>/dev/null; do sleep 0.1; done"
    replies = Reply(["I run it."], calls=[("bash", {"command": waits})]), Reply(["taken up again"])
    with ModelServer(*replies) as server:
        with served(tmp_path, server, "--mode", "yolo") as deck:
            deck.wait_for(READY)
            deck.ask("start the long thing")
            deck.wait_for("begun")
            deck.kill(signal.SIGKILL)
            assert deck.wait_for_exit() == 128 + signal.SIGKILL
        with served(tmp_path, server, "-c") as deck:
            deck.wait_for("start the long thing")
            deck.wait_for("I run it.")
            deck.wait_for("outcome unknown")
            deck.wait_for("bash echo be''gun")
            deck.ask("go on")
            deck.wait_for("taken up again")
            told = [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]
            assert len(told) == 1
            assert "unknown" in told[0]


def test_u7_a_drag_reaches_the_terminals_clipboard_over_whatever_is_between(
    tmp_path: Path, project: Path
) -> None:
    with ModelServer(Reply(["first line\n\nlast line"])) as server, served(tmp_path, server) as deck:
        deck.wait_for(READY)
        deck.ask("go")
        deck.wait_for("last line")
        deck.wait_for(READY)
        y = next(number for number, line in enumerate(deck.lines, 1) if "first line" in line)
        x = deck.lines[y - 1].index("first line") + 1
        deck.send(f"\x1b[<0;{x + 6};{y}M\x1b[<32;{x + 2};{y + 2}M\x1b[<32;{x + 3};{y + 2}M")
        deck.send(f"\x1b[<0;{x + 3};{y + 2}m")
        deck.wait_for_bytes(b"\x1b]52;c;" + b64encode(b"line\n\nlast") + b"\a")
        deck.send("\x11")
        assert deck.wait_for_exit() == 0
        assert deck.restored


def test_what_is_copied_gets_past_tmux(tmp_path: Path) -> None:
    kept, program = tmp_path / "kept", tmp_path / "tmux"
    program.write_text(f"#!/bin/sh\ncat > {kept}.new && mv {kept}.new {kept}\n")
    program.chmod(0o755)
    search = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    with DeckInPty(tmp_path, "-m", "demo", "--mode", "plan", TMUX="here", PATH=search) as deck:
        deck.have_planned("what are you")
        deck.send("\x19")
        deck.wait_until(kept.exists, "the text in tmux")
    assert "Plan mode is on" in kept.read_text()


def test_a_terminal_out_of_focus_rings_and_notifies_when_the_turn_ends(tmp_path: Path, project: Path) -> None:
    nobody_looks = threading.Event()
    slow = Reply(["on it"], before_end=partial(nobody_looks.wait, PATIENCE))
    with ModelServer(slow) as server, served(tmp_path, server) as deck:
        deck.wait_for(READY)
        deck.ask("mend it")
        deck.wait_for("on it")
        deck.send("\x1b[O")
        deck.wait_until(lambda: "┏" not in deck.text, "the prompt without the focus")
        nobody_looks.set()
        deck.wait_for_bytes(b"\a\x1b]9;nanodeck: done: mend it\a")
        deck.send("\x1b[I\x04")
        assert deck.wait_for_exit() == 0
        assert deck.restored


def test_a_mouse_that_is_not_wanted_is_never_asked_for(tmp_path: Path) -> None:
    settings = tmp_path / "nanodeck" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text("[deck]\nmouse = false\n")
    with DeckInPty(tmp_path, "-m", "demo") as deck:
        deck.wait_for(READY)
        deck.send("x\x1b[18~")
        deck.wait_until(lambda: deck.mouse_is_taken, "the mouse, taken by hand")
        assert deck.raw.count(b"\x1b[?1003h") == 1
        deck.send("\x03\x03")
        assert deck.wait_for_exit() == 0


def test_a_terminal_of_another_encoding_gets_one_character_for_each(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", PYTHONIOENCODING="iso-8859-1") as deck:
        deck.wait_for(READY)
        deck.send("café ≠ x")
        deck.wait_until(lambda: b"caf\xe9 ? x" in deck.raw, "the text in the terminal's encoding")
        deck.send("\x03\x03")
        assert deck.wait_for_exit() == 0
