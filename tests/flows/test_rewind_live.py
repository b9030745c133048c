"""C1 to C4 by keys, with the real engine: a folder without a git repository, edits, `sed -i` and `rm`."""

from __future__ import annotations

from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.views import TurnEntry
from nanodeck.ui.dialogs.rewind import RewindScreen
from nanodeck.ui.dialogs.turns import TurnsScreen
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

TEXT = "".join(f"line {n}\n" for n in range(1, 41))
EDIT = ("edit", {"path": "a.py", "old_string": "line 3\n", "new_string": "LINE 3\n"})
SED = ("bash", {"command": "sed -i 's/^line 20$/twenty/' a.py; rm gone.txt"})


def ended(deck: LiveDeck) -> int:
    """How many turns are over."""
    return sum(isinstance(entry, TurnEntry) for entry in deck.state.agent("main").transcript)


async def three_turns(deck: LiveDeck) -> None:
    for number, prompt in enumerate(("greet me", "edit it", "run it"), 1):
        await deck.say(prompt)
        await deck.until(lambda wanted=number: ended(deck) == wanted, "the turn's end")  # type: ignore[misc] # bound now


async def back_to(deck: LiveDeck, prompt: str, *keys: str) -> None:
    """Pick the turn in the list by its words."""
    await deck.press(*keys)
    await deck.until(lambda: isinstance(deck.app.screen, TurnsScreen) and prompt in deck.text, "the turns")
    await deck.type(prompt)
    await deck.press("enter")
    await deck.until(lambda: isinstance(deck.app.screen, RewindScreen), "the question")
    await deck.sees("would go back")


def changed_by_hand(project: Path) -> None:
    a = project / "a.py"
    a.write_text(a.read_text().replace("line 40\n", "mine\n"))
    (project / "gone.txt").write_text("mine\n")


def held(project: Path) -> tuple[str, str]:
    return (project / "a.py").read_text(), (project / "gone.txt").read_text()


async def the_persons_own(deck: LiveDeck, project: Path) -> None:
    """C3: the person's own line stays, and so does the file that both changed in one place."""
    changed_by_hand(project)
    await deck.command("/rewind")
    await back_to(deck, "greet me")
    assert "what you changed since stays" in deck.text
    assert "left alone" in deck.text
    await deck.press("f")
    await deck.until(lambda: len(deck.recorded(ev.Rewound)) == 2, "the second rewind")
    assert held(project) == (TEXT.replace("line 40\n", "mine\n"), "mine\n")
    assert deck.recorded(ev.Rewound)[-1].skipped == ("gone.txt",)


async def test_c1_to_c4_everything_goes_back_and_comes_again(live: LiveStager, project: Path) -> None:
    """C1, C2, C3, C4: list, diff first, both back, undone, redone; what the person changed stays."""
    a, gone = project / "a.py", project / "gone.txt"
    a.write_text(TEXT)
    gone.write_text("still here\n")
    calls = Reply(calls=[("read", {"path": "a.py"})]), Reply(calls=[EDIT]), Reply(["edited"])
    replies = Reply(["hello"]), *calls, Reply(calls=[SED]), Reply(["ran it"])
    with ModelServer(*replies) as server:
        async with live(server, mode=Mode.YOLO, size=(120, 40)) as deck:
            await three_turns(deck)
            after = a.read_text()
            assert not gone.exists()
            # What the command changed is a source of the diff.
            await deck.press("ctrl+x", "d", "o")
            await deck.sees("rm gone.txt")
            await deck.type("sed")
            await deck.press("enter")
            await deck.sees("+ twenty")
            assert "LINE 3" not in "".join(row for row in deck.rows if "Diff" in row)
            await deck.press("escape")
            # C2: the files, then the diff, then both.
            await back_to(deck, "edit it", "escape", "escape")
            assert "gone.txt" in deck.text
            await deck.press("d")
            await deck.sees("Diff · going back")
            await deck.press("enter")
            await deck.sees("would go back")
            await deck.press("b")
            await deck.until(lambda: bool(deck.recorded(ev.Rewound)), "the rewind")
            await deck.until(lambda: deck.deck.area.prompt.text == "edit it", "the prompt's text")
            assert (a.read_text(), gone.read_text()) == (TEXT, "still here\n")
            assert "ran it" not in deck.text
            await deck.press("ctrl+u")
            await deck.command("/undo")
            await deck.until(lambda: bool(deck.recorded(ev.ChangesUndone)), "the undo")
            assert (a.read_text(), gone.exists()) == (after, False)
            await deck.sees("ran it")
            await deck.command("/redo")
            await deck.until(lambda: bool(deck.recorded(ev.ChangesRedone)), "the redo")
            assert (a.read_text(), gone.exists()) == (TEXT, True)
            await deck.command("/undo")
            await deck.until(lambda: len(deck.recorded(ev.ChangesUndone)) == 2, "the second undo")
            await the_persons_own(deck, project)
