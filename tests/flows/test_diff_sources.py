"""The diff pane as a person uses it after the review: sources, files, what was reviewed, hunks taken back."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.commands import MarkFile, TakeBack
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck.contracts.sources import DiffPage, Source
from nanodeck.core.review import ProposedFile, propose
from tests.flows.conftest import Stage, Stager
from tests.flows.fake_engine import FakeEngine, said

SESSION = Source("session")


def files_named(*names: str) -> tuple[FileDiff, ...]:
    """Every file with two hunks."""
    old = "".join(f"line {n}\n" for n in range(1, 41))
    new = old.replace("line 5\n", "LINE 5\n").replace("line 30\n", "LINE 30\n")
    proposed = [ProposedFile(name, old.encode(), new.encode()) for name in names]
    return propose("x", ["call"], proposed).changeset.files


class Diffs:
    """Answers `ReadDiff` in pages."""

    def __init__(self, engine: FakeEngine, files: tuple[FileDiff, ...], *, page: int = 2) -> None:
        self.files = files
        self.page = page
        engine.answers[ReadDiff] = self.answer

    def answer(self, query: ReadDiff) -> DiffPage:
        if query.source.kind == "staged":
            raise NanodeckError("git is not installed")
        if query.source.kind == "head":
            return DiffPage(query.source, (), 0, "this is no git repository")
        return DiffPage(query.source, self.files[query.first : query.first + self.page], len(self.files))


async def pick(deck: Stage, words: str) -> None:
    """Take the source that has these words."""
    await deck.press("o")
    await deck.until(lambda: not deck.bare, "the list of sources")
    await deck.type(words)
    await deck.press("enter")
    await deck.until(lambda: deck.bare, "the deck")


async def test_r11_r14_sources_are_switched_files_reviewed_and_found(stage: Stager) -> None:
    """R11, R14: sources that cannot be read say why; a reviewed file is folded, others are found."""
    engine = FakeEngine()
    diffs = Diffs(engine, files_named("src/app.py", "src/late.py", "docs/guide.md"))
    async with stage(engine) as deck:
        await deck.fill()
        await deck.press("ctrl+x", "d")
        await pick(deck, "session")
        await deck.until(lambda: "0/3 files, 0/6 hunks" in deck.text, "the whole diff")
        assert "this session" in deck.text
        assert [query.first for query in engine.queries if isinstance(query, ReadDiff)] == [0, 2]
        await deck.press("m")
        (marked,) = deck.commands(MarkFile)
        assert isinstance(marked, MarkFile)
        assert (marked.file.source, marked.file.path, marked.reviewed) == (SESSION, "src/app.py", True)
        await deck.publish(ev.FileMarked(marked.file))
        assert "1/3 files, 2/6 hunks" in deck.text
        assert "src/late.py  +2 -2" in deck.text  # the cursor went on to the next file
        assert "+2 -2  reviewed" in deck.text
        await deck.press("f")
        await deck.until(lambda: not deck.bare, "the list of files")
        await deck.type("guide")
        await deck.press("enter")
        await deck.until(lambda: deck.bare and "docs/guide.md  +2 -2" in deck.text, "the file")
        await pick(deck, "staged")
        await deck.until(lambda: "git is not installed" in deck.text, "why there is none")
        await pick(deck, "head")
        await deck.until(lambda: "this is no git repository" in deck.text, "why there is none")
        await deck.press("o")
        await deck.until(lambda: "git HEAD  in view" in deck.text, "the list of sources")
        assert "enter takes it" in deck.text
        await deck.type("nowhere")
        await deck.until(lambda: "nothing fits “nowhere”" in deck.text, "that nothing fits")
        await deck.press("escape")
        await deck.until(lambda: deck.bare, "the deck")
        await pick(deck, "review")
        assert "a.py" in deck.text
        assert "this session" not in deck.text
        diffs.files = ()


async def test_r15_an_applied_hunk_is_taken_back_by_one_deliberate_key(stage: Stager) -> None:
    """R15: held keys take nothing back, and what the person changed is not the agent's to lose."""
    engine = FakeEngine()
    diffs = Diffs(engine, files_named("a.py"))
    mine = replace(files_named("a.py")[0], author="you")
    diffs.files += (mine,)
    async with stage(engine) as deck:
        await deck.fill()
        await deck.press("ctrl+x", "d")
        await pick(deck, "session")
        await deck.until(lambda: "0/2 files, 0/4 hunks" in deck.text, "the diff")
        deck.clock.advance(5.0)
        await deck.press("n", "n")  # held: none of these is the last one
        deck.clock.advance(0.05)
        await deck.settle()
        assert deck.commands(TakeBack) == []
        deck.clock.advance(1.0)
        await deck.settle()
        (taken,) = deck.commands(TakeBack)
        assert isinstance(taken, TakeBack)
        assert (taken.source, taken.path, taken.hunk.body) == (SESSION, "a.py", mine.hunks[0].body)
        diffs.files = (replace(diffs.files[0], hunks=diffs.files[0].hunks[1:]), mine)
        await deck.publish(ev.HunkTakenBack(SESSION, "a.py", taken.hunk, "changeset-9"))
        await deck.until(lambda: "0/2 files, 0/3 hunks" in deck.text, "the diff read again")
        await deck.press("n")
        assert "too soon" in deck.text  # another hunk is under the cursor now
        deck.clock.advance(2.0)
        await deck.press("]", "n")
        deck.clock.advance(2.0)
        await deck.settle()
        assert "you changed this yourself" in deck.text
        assert len(deck.commands(TakeBack)) == 1


async def test_a_review_that_asks_waits_behind_what_is_looked_at(stage: Stager) -> None:
    engine = FakeEngine()
    Diffs(engine, files_named("a.py", "b.py"))
    change = propose("c2", ["call-2"], [ProposedFile("z.py", None, b"new\n")]).changeset
    asks: list[ev.Event] = [
        ev.ChangesetProposed(change),
        ev.RequestOpened(Request("q1", "main", "call-2", ReviewDetail("c2", 1, 1))),
    ]
    async with stage(engine) as deck:
        await deck.fill()
        await deck.press("ctrl+x", "d")
        await pick(deck, "session")
        await deck.until(lambda: "0/2 files" in deck.text, "the diff")
        await deck.publish(*asks)
        assert "a review waits: o goes to it" in deck.text
        assert "a.py  +2 -2" in deck.text
        await deck.press("ctrl+x", "!")
        assert "z.py" in deck.text
        assert "0/1 hunk  0✔ 0✘ 1?" in deck.text
        await pick(deck, "turn")
        await deck.press("escape")
        await deck.publish(ev.RequestClosed("q1"), *asks[:1])
        again = Request("q2", "main", "call-2", ReviewDetail("c2", 1, 1))
        await deck.publish(ev.RequestOpened(again))
        assert "0/1 hunk  0✔ 0✘ 1?" in deck.text  # nobody looks at the pane: the review has it


async def test_without_any_change_a_source_that_has_none_says_so_and_closes(stage: Stager) -> None:
    engine = FakeEngine()
    Diffs(engine, ())
    async with stage(engine, (80, 24)) as deck:
        heard = deck.hear()
        await deck.publish(*said("hello"))
        await deck.type("/diff HEAD")
        await deck.press("enter")
        await deck.until(lambda: "this is no git repository" in heard, "why")
        assert deck.at("prompt")
        await deck.type("/diff")
        await deck.press("enter")
        await deck.until(lambda: "nothing is changed: this session" in heard, "that")
        await deck.type("/diff everything")
        await deck.press("enter")
        assert "/diff takes call, turn, session, head, staged" in heard
        assert "Diff" not in deck.rows[0]
