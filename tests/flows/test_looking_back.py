"""R11 and R14: what was changed, by every source of it, and what of it was reviewed."""

from __future__ import annotations

from pathlib import Path

from nanodeck.contracts.modes import Mode
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply
from tests.unit.workspace.repositories import commit, git

LINES = "".join(f"line {n}\n" for n in range(1, 61))
DONE = Reply(["done"])


def names(count: int) -> list[str]:
    return [f"m{n}.py" for n in range(count)]


def read(paths: list[str]) -> Reply:
    return Reply(calls=[("read", {"path": path}) for path in paths])


def edit(**hunks: int) -> Reply:
    """An edit of some files, by the number of hunks in each."""
    return Reply(
        calls=[("edit", {"path": f"{name}.py", "edits": edits(count)}) for name, count in hunks.items()]
    )


def edits(count: int) -> list[dict[str, str]]:
    return [{"old_string": f"line {n}\n", "new_string": f"LINE {n}\n"} for n in range(5, 5 + 10 * count, 10)]


async def pick(deck: LiveDeck, words: str) -> None:
    """Take the source that has these words."""
    await deck.press("o")
    await deck.until(lambda: deck.app.screen is not deck.deck, "the sources")
    await deck.type(words)
    await deck.press("enter")
    await deck.until(lambda: deck.app.screen is deck.deck, "the deck")


async def turn(deck: LiveDeck, prompt: str, server: ModelServer, calls: int) -> None:
    """A turn from its prompt to its end."""
    before = len(server.bodies)
    await deck.say(prompt)
    await deck.until(lambda: len(server.bodies) == before + calls, "the calls")
    await deck.rests()


async def test_r11_the_source_of_a_diff_is_switched(live: LiveStager, project: Path) -> None:
    """R11: this call, this turn, this session, since before the call, git HEAD and what is staged."""
    git(project, "init", "-q")
    commit(project, {name: LINES.encode() for name in names(5)})
    (project / "m4.py").write_text("mine\n")
    git(project, "add", "m4.py")
    (project / "m3.py").write_text("mine\n" + LINES)
    replies = read(names(3)), edit(m0=1), DONE, edit(m1=2), edit(m2=4), DONE
    with ModelServer(*replies) as server:
        async with live(server, mode=Mode.AUTO_ACCEPT) as deck:
            await turn(deck, "first", server, 3)
            await turn(deck, "second", server, 3)
            await deck.press("ctrl+x", "d")
            for words, title, progress in (
                ("session", "this session  m0.py", "0/3 files, 0/7 hunks"),
                ("turn", "this turn  m1.py", "0/2 files, 0/6 hunks"),
                ("this call", "this call  m2.py", "0/4 hunks"),
                ("everything since", "since the checkpoint  m2.py", "0/4 hunks"),
                ("HEAD", "git HEAD  m0.py", "0/5 files, 0/9 hunks"),
                ("staged", "git staged  m4.py", "0/1 hunk"),
                ("last review", "2 Diff  m2.py  +4 -4", "written: /undo puts it back"),
            ):
                await pick(deck, words)
                await deck.sees(title)
                await deck.sees(progress)


async def test_r14_files_are_marked_as_reviewed_and_progress_is_in_sight(
    live: LiveStager, project: Path
) -> None:
    """R14: `m` marks a file as reviewed and goes on to the next; the title counts files and hunks."""
    for name in names(7):
        (project / name).write_text(LINES)
    with ModelServer(read(names(7)), edit(m0=4, m1=4, m2=4, m3=2, m4=2, m5=2, m6=1), DONE) as server:
        async with live(server, mode=Mode.AUTO_ACCEPT) as deck:
            await turn(deck, "go", server, 3)
            await deck.command("/diff session")
            for progress in ("0/7 files, 0/19 hunks", "1/7 files, 4/19", "2/7 files, 8/19"):
                await deck.sees(progress)
                await deck.press("m")
            await deck.sees("3/7 files, 12/19 hunks")
            await deck.sees("m3.py  +2 -2")
            await deck.press("[", "m")
            await deck.sees("2/7 files, 8/19 hunks")
            (project / "m1.py").write_text("mine\n")
            await deck.sees("2/8 files, 8/20 hunks")
            await deck.sees("m1.py (you)")
