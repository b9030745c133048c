"""Whose change is whose: agents and a person take turns in one file."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import given, settings, strategies as st

from nanodeck.core.review import ProposedFile, propose
from nanodeck.engine.diffs.traces import Trace, Traces
from nanodeck.workspace.writing.blobs import Blobs, digest_of
from nanodeck.workspace.writing.written import Written, WrittenFile

PATH = "/project/a.py"
BLOCKS, BLOCK = 10, 8


class Memory(Blobs):
    """Blobs without a disk."""

    def __init__(self) -> None:
        super().__init__(Path())
        self.kept: dict[str, bytes] = {}

    def keep(self, data: bytes) -> str:
        self.kept[digest_of(data)] = data
        return digest_of(data)

    def read(self, digest: str) -> bytes:
        return self.kept[digest]


def edited(chance: random.Random, data: bytes, mine: int, word: str) -> bytes:
    """`data` with a line more or another one in a block that is this one's own: every second is."""
    block = chance.randrange(mine, BLOCKS, 2)
    lines = data.splitlines(keepends=True)
    head = lines.index(b"block %d\n" % block)
    text = f"{word} {chance.randrange(1000)}\n".encode()
    at = head + 3
    if chance.random() < 0.5 and lines[at].startswith((b"line", word.encode())):
        lines[at] = text
    else:
        lines.insert(at, text)
    return b"".join(lines)


def written(memory: Memory, old: bytes, new: bytes, *, back: bool = False) -> Written:
    return Written("c", (WrittenFile(PATH, memory.keep(old), memory.keep(new)),), back=back)


def changes(old: bytes | None, new: bytes | None) -> list[str]:
    """The lines that were added."""
    files = propose("", (), [ProposedFile("a.py", old, new)]).changeset.files
    bodies = [hunk.body for file in files for hunk in file.hunks]
    return [line[1:] for body in bodies for line in body.split("\n") if line.startswith("+")]


@settings(max_examples=80)
@given(st.randoms(use_true_random=False))
def test_the_agents_diff_has_no_line_of_the_person_and_theirs_none_of_an_agent(chance: random.Random) -> None:
    blocks = [b"block %d\n" % n + b"".join(b"line %d\n" % k for k in range(BLOCK)) for n in range(BLOCKS)]
    first = now = b"".join(blocks)
    memory = Memory()
    traces = Traces(memory)
    wrote = False
    for _ in range(chance.randint(1, 8)):
        if chance.random() < 0.5:
            now = edited(chance, now, 1, "person")
        else:
            before, now, wrote = now, edited(chance, now, 0, "agent"), True
            traces.follow(written(memory, before, now))
    if not wrote:
        return
    trace = traces.find(PATH)
    assert trace is not None
    agents, persons = traces.read(trace.last), now
    base = traces.read(trace.first)
    assert {line.split()[0] for line in changes(base, agents)} == {"agent"}
    assert {line.split()[0] for line in changes(agents, persons)} <= {"person"}
    # What the person changed before an agent's first write is where the session's diff begins.
    assert len(changes(first, now)) >= len(changes(base, agents))


def test_what_was_taken_back_counts_only_where_it_is_found() -> None:
    lines = [f"line {n}\n" for n in range(40)]
    old = "".join(lines).encode()
    one = old.replace(b"line 3\n", b"three\n")
    two = one.replace(b"line 30\n", b"thirty\n")
    without_one = old.replace(b"line 30\n", b"thirty\n")
    memory = Memory()
    first, second = Traces(memory), Traces(memory)
    first.follow(written(memory, old, one))
    second.follow(written(memory, one, two))
    back = written(memory, two, without_one, back=True)
    first.follow(back)
    second.follow(back)
    assert first.all == [Trace(PATH, digest_of(old), digest_of(old))]
    assert not first.all[0].changed
    (trace,) = second.all
    assert (second.read(trace.first), second.read(trace.last)) == (one, without_one)
    alone = Traces(memory)
    alone.follow(back)
    assert alone.all == []


def test_a_file_that_went_from_name_to_name_is_one() -> None:
    memory = Memory()
    old, new = memory.keep(b"old\n"), memory.keep(b"new\n")
    traces = Traces(memory)
    traces.follow(moved("/p/a", old, "/p/b", new))
    traces.follow(moved("/p/b", new, "/p/c", new))
    assert traces.all == [Trace("/p/c", old, new, "/p/a")]
    traces.follow(moved("/p/c", new, "/p/a", old))
    assert traces.all == [Trace("/p/a", old, old)]


def moved(source: str, old: str, path: str, new: str) -> Written:
    return Written("c", (WrittenFile(path, None, new, origin=source), WrittenFile(source, old, None)))
