"""Whatever happens, the terminal is given back as it was found."""

from __future__ import annotations

import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo terminals are POSIX", allow_module_level=True)

from tests.e2e.deck_in_pty import DECK, READY, SKELETON_DRAWN, DeckInPty

STOPS_WHILE_STARTING = f"""
import sys, types
class Stopper:
    def find_spec(self, name, path=None, target=None):
        if name == "nanodeck.ui.app":
            {{}}
sys.meta_path.insert(0, Stopper())
{DECK}
"""
WAITS = STOPS_WHILE_STARTING.format("import time; time.sleep(600)")
BREAKS = STOPS_WHILE_STARTING.format("raise RuntimeError('broken on purpose')")
BREAKS_LATER = f"""
import nanodeck.ui.screens.deck as module
module.DeckScreen.action_help = lambda self: 1 / 0
{DECK}
"""


def came(deck: DeckInPty, words: bytes, since: int) -> bool:
    return words in deck.raw[since:]


@pytest.mark.parametrize("leaving", ["/exit\r", "\x04", "\x03\x03"])
def test_leaving_gives_the_terminal_back_with_the_last_exchange(tmp_path: Path, leaving: str) -> None:
    with DeckInPty(tmp_path, "-m", "demo", "--mode", "plan") as deck:
        deck.have_planned("what are you")
        deck.send(leaving)
        assert deck.wait_for_exit() == 0
        assert deck.restored
        assert "❯ what are you" in deck.left_behind
        assert "Plan mode is on" in deck.left_behind


def test_every_key_typed_while_the_deck_starts_is_in_its_prompt(tmp_path: Path) -> None:
    # Enough for a start without arguments; nothing is asked of the server.
    with DeckInPty(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:9/v1", OPENAI_API_KEY="-", MODEL="m") as deck:
        # The program may not even have begun: the terminal keeps these.
        deck.send("one ")
        deck.wait_for_bytes(SKELETON_DRAWN)
        for letter in "two three ":
            deck.send(letter)
        deck.wait_for("❯ one two three")
        deck.send("four")
        deck.wait_for("❯ one two three four")
        deck.send("\x03\x03")
        assert deck.wait_for_exit() == 0
        assert deck.restored


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_deck_runs(tmp_path: Path, number: signal.Signals) -> None:
    with DeckInPty(tmp_path, "-m", "demo") as deck:
        deck.wait_for(READY)
        deck.kill(number)
        assert deck.wait_for_exit() == 128 + number
        assert deck.restored


def test_a_closed_window_ends_the_deck_and_its_jobs(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", "--accept-all") as deck:
        deck.wait_for(READY)
        deck.ask("go")
        deck.wait_for("jobs 1")
        deck.hang_up()
        assert deck.wait_for_exit() == 128 + signal.SIGHUP
    (journal,) = tmp_path.rglob("events.jsonl")
    assert '"JobEnded"' in journal.read_text()


def test_a_stop_from_outside_is_followed_by_one_new_start(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo") as deck:
        deck.wait_for(READY)
        deck.kill(signal.SIGCONT)
        deck.wait_until(lambda: deck.raw.count(b"\x1b[?1049h") == 2, "the screen taken again")
        again = deck.raw.rfind(b"\x1b[?1049h")
        deck.wait_until(lambda: came(deck, b"1 Chat", again), "the whole screen drawn again")
        assert deck.raw.count(b"\x1b[?1049l") == 1
        deck.send("goes on")
        deck.wait_for("❯ goes on")
        deck.send("\x03\x03")
        assert deck.wait_for_exit() == 0
        assert deck.attributes_now() == deck.attributes


def test_an_interrupt_from_another_program(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo") as deck:
        deck.wait_for(READY)
        deck.kill(signal.SIGINT)
        assert deck.wait_for_exit() == 130
        assert deck.restored
        assert "Traceback" not in deck.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_deck_starts(tmp_path: Path, number: signal.Signals) -> None:
    with DeckInPty(tmp_path, "-m", "demo", script=WAITS) as deck:
        deck.wait_for_bytes(SKELETON_DRAWN)
        deck.kill(number)
        assert deck.wait_for_exit() == 128 + number
        assert deck.restored


def test_ctrl_c_while_the_deck_starts(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", script=WAITS) as deck:
        deck.wait_for_bytes(SKELETON_DRAWN)
        deck.send("\x03")
        assert deck.wait_for_exit() == 130
        assert deck.restored


def test_an_exception_while_the_deck_starts_is_one_message_and_a_log(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", script=BREAKS) as deck:
        assert deck.wait_for_exit() == 1
        assert deck.restored
        assert "broken on purpose" in deck.text
        assert "Traceback" not in deck.text
        logs = [path.read_text() for path in tmp_path.rglob("*.log")]
        assert any("broken on purpose" in log and "Traceback" in log for log in logs)


def test_an_exception_while_the_deck_runs_is_one_message_and_a_log(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo", script=BREAKS_LATER) as deck:
        deck.wait_for(READY)
        deck.send("\x1bOP")
        assert deck.wait_for_exit() == 1
        assert deck.restored
        assert "ZeroDivisionError" in deck.text
        assert "Traceback" not in deck.text


def test_without_a_terminal_there_is_no_deck_and_no_escape_code(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DECK], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode != 0
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"-p" in done.stderr


def test_suspending_gives_the_terminal_back_and_resuming_redraws(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo") as deck:
        deck.wait_for(READY)
        deck.send("draft\x1a")
        deck.wait_for_stop()
        assert deck.attributes_now() == deck.attributes
        seen = len(deck.raw)
        deck.kill(signal.SIGCONT)
        for words in (b"1 Chat", b"draft", b"SCRIPTED", b"\x1b]2;"):
            deck.wait_until(partial(came, deck, words, seen), "the whole screen and the title again")
        deck.send("\x03\x03")
        assert deck.wait_for_exit() == 0
        assert deck.attributes_now() == deck.attributes


def test_a_mouse_that_was_left_to_the_terminal_stays_there_when_the_deck_comes_back(tmp_path: Path) -> None:
    with DeckInPty(tmp_path, "-m", "demo") as deck:
        deck.wait_for(READY)
        assert deck.mouse_is_taken
        deck.send("\x1b[18~")
        deck.wait_for("f7 take the mouse back")
        deck.wait_until(lambda: not deck.mouse_is_taken, "the mouse given away")
        deck.send("\x1a")
        deck.wait_for_stop()
        seen = len(deck.raw)
        deck.kill(signal.SIGCONT)
        deck.wait_until(partial(came, deck, b"f7", seen), "the hint again")
        deck.send("goes on")
        deck.wait_for("❯ goes on")
        assert not deck.mouse_is_taken
        deck.send("\x1b[18~")
        deck.wait_until(lambda: deck.mouse_is_taken, "the mouse taken back")
        deck.send("\x03\x03")
        assert deck.wait_for_exit() == 0
        assert not deck.mouse_is_taken
        assert deck.attributes_now() == deck.attributes
