"""R1 to R4: hunks rejected, taken line by line, split, edited: that is written, and told."""

from __future__ import annotations

import ast
from pathlib import Path

from textual.widgets import TextArea

from nanodeck.ui.dialogs.hunk import HunkScreen
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply

READ = Reply(calls=[("read", {"path": "a.py"})])
DONE = Reply(["done"])
LINES = "".join(f"line {n}\n" for n in range(1, 41))


def edit(*changes: tuple[str, str]) -> Reply:
    """An edit of the file at several places."""
    edits = [{"old_string": f"{old}\n", "new_string": f"{new}\n"} for old, new in changes]
    return Reply(calls=[("edit", {"path": "a.py", "edits": edits})])


def capitals(*numbers: int) -> Reply:
    return edit(*((f"line {n}", f"LINE {n}") for n in numbers))


def with_capitals(*numbers: int) -> str:
    return "".join(f"{'LINE' if n in numbers else 'line'} {n}\n" for n in range(1, 41))


async def reviewing(deck: LiveDeck) -> None:
    await deck.say("edit it")
    await deck.review()


async def send(deck: LiveDeck) -> None:
    await deck.send_review()
    await deck.sees("done")
    await deck.rests()


async def says_its_keys(deck: LiveDeck) -> None:
    """However long the hunk and small the terminal."""
    area = deck.app.screen.query_one(TextArea)
    proposed = area.text
    area.load_text("line\n" * 60)
    for size in ((80, 24), (60, 20), (120, 40)):
        await deck.resize(size)
        await deck.sees("esc leaves")
    area.load_text(proposed)


def told(server: ModelServer) -> str:
    """What the model was told of its edit."""
    return str(server.requests[-1]["messages"][-1]["content"])


async def test_r1_of_three_hunks_the_middle_one_is_rejected(live: LiveStager, project: Path) -> None:
    """R1: the file holds exactly the first and the third hunk, and the model reads which one is not there."""
    (project / "a.py").write_text(LINES)
    with ModelServer(READ, capitals(3, 15, 30), DONE) as server:
        async with live(server) as deck:
            await reviewing(deck)
            await deck.press("y", "n", "y")
            assert "2✔ 1✘ 0?" in deck.text
            await send(deck)
    assert (project / "a.py").read_text() == with_capitals(3, 30)
    assert told(server).startswith("a.py: applied 2 of 3 hunks (+2 -2).\nRejected by the person;")
    assert "@@ -12,7 +12,7 @@\n line 12\n line 13\n line 14\n-line 15\n+LINE 15\n" in told(server)
    assert "LINE 3\n" not in told(server)
    assert "LINE 30" not in told(server)


async def test_r2_four_of_nine_lines_of_a_hunk_are_taken(live: LiveStager, project: Path) -> None:
    """R2: only the picked lines are applied, and the file still parses."""
    before = 'NAMES = [\n    "zero",\n]\n'
    names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    (project / "a.py").write_text(before)
    more = edit(('    "zero",', "\n".join(f'    "{name}",' for name in ["zero", *names])))
    with ModelServer(READ, more, DONE) as server:
        async with live(server) as deck:
            await reviewing(deck)
            await deck.press("v", "j", "space", "j", "space", "space", "j", "j", "j", "space", "y")
            await deck.sees("✔ 4 lines")
            await send(deck)
    text = (project / "a.py").read_text()
    assert text == before.replace("]", '    "two",\n    "four",\n    "five",\n    "nine",\n]')
    ast.parse(text)
    assert "The person took only a part of this" in told(server)
    assert '-    "one",' in told(server)
    assert '-    "two",' not in told(server)


async def test_r3_a_hunk_is_split_and_that_is_undone_and_done_again(live: LiveStager, project: Path) -> None:
    """R3: `s` makes two hunks of one, `u` one of the two, `U` two again; each is decided on alone."""
    (project / "a.py").write_text(LINES)
    with ModelServer(READ, capitals(3, 6), DONE) as server:
        async with live(server) as deck:
            await reviewing(deck)
            for key, count in (("s", "0/2 hunks"), ("u", "0/1 hunk"), ("U", "0/2 hunks")):
                await deck.press(key)
                await deck.sees(f"{count} ")
            await deck.press("n", "y")
            await deck.sees("1✔ 1✘ 0?")
            await deck.press("u", "u")
            await deck.sees("0✔ 0✘ 2?")
            await deck.press("U", "U")
            await deck.sees("1✔ 1✘ 0?")
            await send(deck)
    assert (project / "a.py").read_text() == with_capitals(6)


async def test_r4_a_word_of_a_hunk_is_changed_before_it_is_written(live: LiveStager, project: Path) -> None:
    """R4: leaving the editor of `e` changes nothing; what is kept there is written, and told to the model."""
    (project / "a.py").write_text(LINES)
    with ModelServer(READ, capitals(3), DONE) as server:
        async with live(server) as deck:
            await reviewing(deck)
            await deck.press("e")
            await deck.until(lambda: isinstance(deck.app.screen, HunkScreen), "the editor")
            await says_its_keys(deck)
            await deck.press("x", "escape")
            assert "esc again loses what you wrote" in deck.text
            await deck.press("y", "escape")
            assert "esc again loses what you wrote" in deck.text
            await deck.press("escape")
            await deck.until(lambda: deck.app.screen is deck.deck, "the review")
            assert deck.state.reviews[-1].marks == ()
            await deck.press("e")
            await deck.until(lambda: isinstance(deck.app.screen, HunkScreen), "the editor")
            await deck.press("ctrl+home", "down", "down", "end", "ctrl+w")
            await deck.type("three")
            await deck.press("ctrl+s")
            await deck.sees("✎ edited")
            await deck.sees("+ LINE three")
            await send(deck)
    assert (project / "a.py").read_text() == LINES.replace("line 3\n", "LINE three\n")
    assert "The person changed this before it was written; from your lines to theirs:" in told(server)
    assert "-LINE 3\n+LINE three\n" in told(server)
