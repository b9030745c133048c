"""`/diff` and `/comments` in lines: what was changed is read, commented on and taken back."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import FileDiff, Hunk
from nanodeck.contracts.commands import (
    DropComment,
    MarkFile,
    SendComments,
    TakeBack,
    WriteComment,
)
from nanodeck.contracts.comments import Comment
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.sources import DiffPage, Source
from tests.flows.fake_engine import FakeEngine
from tests.unit.faces.talking import Talking, talking

SESSION = Source("session")
HUNKS = (
    Hunk(1, 1, 1, 1, 1, "", "-import os\n+import sys"),
    Hunk(2, 9, 2, 9, 3, "def run()", " go()\n+check()\n stop()"),
)
MAIN = FileDiff("src/main.py", "modified", HUNKS, 2, 1)
MINE = FileDiff("notes.md", "created", (Hunk(1, 0, 0, 1, 1, "", "+mine"),), 1, 0, author="you")


def engine_with(*files: FileDiff, total: int = 0, problem: str = "") -> FakeEngine:
    """An engine whose diffs have `files`, two a page."""
    engine = FakeEngine()
    engine.answers[ReadDiff] = lambda query: DiffPage(
        query.source, files[query.first : query.first + 2], total or len(files), problem
    )
    return engine


async def open_session(talk: Talking) -> None:
    talk.type("/diff session")
    await talk.until("An empty line ends it.")


async def test_a_source_is_picked_and_its_files_are_said() -> None:
    async with talking(engine_with(MAIN, MINE)) as talk:
        talk.type("/diff")
        await talk.until("  3: this session (/diff session)")
        talk.type("3")
        await talk.until("2 files, 3 hunks, 0 reviewed:")
        await talk.until("  1: src/main.py, modified, +2 -1, 2 hunks")
        await talk.until("  2: notes.md, created, +1 -0, changed by you, 1 hunk")
        await talk.until("An empty line ends it.")
        talk.type("1")
        await talk.until("  Hunk 2, from line 9, def run()")
        await talk.until("  +check()")
        talk.type("notes", "nothing like it")
        await talk.until("  2: notes.md")
        await talk.until("That is none of the choices.")


async def test_what_cannot_be_read_is_said() -> None:
    async with talking(engine_with(problem="this folder is in no git repository")) as talk:
        talk.type("/diff head", "/diff yesterday")
        await talk.until("this folder is in no git repository")
        await talk.until("/diff takes one of call, turn, session, head, staged.")
    async with talking(engine_with()) as talk:
        talk.type("/diff session")
        await talk.until("Nothing was changed: this session.")


async def test_a_thousand_files_are_listed_in_part_and_found_by_name() -> None:
    files = [FileDiff(f"file{number}.py", "modified", HUNKS[:1], 1, 1) for number in range(1000)]
    async with talking(engine_with(*files)) as talk:
        await open_session(talk)
        assert sum(line.startswith("  40: ") for line in talk.said) == 1
        assert "  and 960 more; a part of a name lists those that have it" in talk.said
        talk.type("file777")
        await talk.until("  778: file777.py, modified, +1 -1, 1 hunk")


async def test_a_hunk_is_taken_back_and_the_file_said_as_it_is_then() -> None:
    async with talking(engine_with(MAIN)) as talk:
        await open_session(talk)
        talk.type("n 2", "1", "n 7", "n", "n 2")
        await talk.until("Say a file first, by its number.")
        await talk.until("n takes the number of a hunk, from 1 to 2.")
        await talk.until("n takes the number of a hunk, from 1 to 2.")
        talk.type("l")
        await talk.until("1 file, ")
        assert talk.engine.commands == [TakeBack(SESSION, "src/main.py", HUNKS[1])]
        left = FileDiff("src/main.py", "modified", HUNKS[:1], 1, 1)
        talk.engine.answers[ReadDiff] = lambda query: DiffPage(query.source, (left,), 1)
        talk.engine.publish(ev.HunkTakenBack(SESSION, "src/main.py", HUNKS[1], "c9"))
        await talk.until("Taken back: src/main.py, from line 9, def run(); /undo makes it again")
        talk.type("n 2")
        await talk.until("That file has changed meanwhile.")
        await talk.until("src/main.py, modified, +1 -1:")
        assert len(talk.engine.commands) == 1


async def test_a_file_is_marked_reviewed_and_that_is_taken_back() -> None:
    async with talking(engine_with(MAIN)) as talk:
        await open_session(talk)
        talk.type("1", "m")
        await talk.until("src/main.py is reviewed.")
        mark = talk.engine.commands[0]
        assert isinstance(mark, MarkFile)
        talk.engine.publish(ev.FileMarked(mark.file, mark.reviewed))
        talk.type("l")
        await talk.until("1 file, 2 hunks, 1 reviewed:")
        await talk.until("2 hunks, reviewed")
        talk.type("m")
        await talk.until("src/main.py is not reviewed.")
        assert talk.engine.commands[1] == MarkFile(mark.file, False)


async def test_a_comment_is_written_on_lines_of_a_hunk_and_said_below_them() -> None:
    async with talking(engine_with(MAIN)) as talk:
        await open_session(talk)
        talk.type("1", "v 2", "c 2 2 is it called twice?", "c 1", "c 2 9 none")
        await talk.until("  2: +check()")
        await talk.until("A comment needs a sentence, and lines that the hunk has.")
        await talk.until("A comment needs a sentence, and lines that the hunk has.")
        (write,) = talk.engine.commands
        assert isinstance(write, WriteComment)
        assert (write.comment.new, write.comment.excerpt) == ((10, 10), "+check()")
        first = Comment("k1", SESSION, "src/main.py", None, (10, 10), "+check()", write.comment.text)
        second = Comment("k2", SESSION, "src/main.py", (1, 1), (1, 1), "-import os", "why?", stale=True)
        talk.engine.publish(ev.CommentWritten(first), ev.CommentWritten(second))
        await talk.until("Your comment on src/main.py on line 10: is it called twice?")
        talk.type("1")
        await talk.until("  Your comment on line 1, which changed since: why?")
        await talk.until("  Your comment on line 10: is it called twice?")
        talk.type("s look at these", "l")
        await talk.until("1 file, ")
        assert talk.engine.commands[1:] == [SendComments("look at these")]
        talk.type(
            "", "/comments", "/comments edit 1 is it called at all?", "/comments drop 2", "/comments drop 3"
        )
        await talk.until("  2: src/main.py on line 1, which changed since: why?")
        await talk.until("/comments edit NUMBER")
        await talk.until("/comments edit NUMBER")
        rewritten = WriteComment(replace(first, text="is it called at all?"))
        assert talk.engine.commands[2:] == [rewritten, DropComment("k2")]
        talk.engine.publish(ev.CommentDropped("k2"), ev.CommentsSent(("k1",)))
        await talk.until("The comment is thrown away.")
        await talk.until("Sent: 1 comment")
        talk.type("/comments")
        await talk.until("There are no open comments")
