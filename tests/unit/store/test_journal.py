"""The journal: nothing acknowledged is lost, nothing damaged stops the rest."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.errors import SessionError
from nanodeck.contracts.events import (
    Envelope,
    Event,
    MessageSent,
    Noticed,
    TasksChanged,
    TextStreamed,
    TurnStarted,
)
from nanodeck.contracts.messages import UserMessage
from nanodeck.contracts.tasks import Task
from nanodeck.store.journal import EVENTS_FILE, LOCK_FILE, Journal, read_journal
from nanodeck.store.lines import decode_line, encode_line, is_whole


def event(n: int, text: str = "hello") -> Envelope:
    return Envelope(n, 1000.0 + n, "s", "main", Noticed("info", text))


def texts(folder: Path) -> list[str]:
    found = []
    for envelope in read_journal(folder).envelopes:
        assert isinstance(envelope.event, Noticed)
        found.append(envelope.event.text)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "sessions" / "one"


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    journal = Journal.create(folder, [event(1, "begun")])
    yield journal
    journal.close()


def written(folder: Path, count: int = 5) -> bytes:
    Journal.create(folder, [event(n, f"event {n}") for n in range(1, count + 1)]).close()
    return (folder / EVENTS_FILE).read_bytes()


def test_what_was_appended_is_read_back_in_order(folder: Path) -> None:
    said = MessageSent("m1", UserMessage('a "quoted" {"v": 1}\nline'))
    tasks = TasksChanged((Task("1", "do", metadata={"v": {"deep": [1, 2.5, None]}}),))
    events: tuple[Event, ...] = (said, tasks, TurnStarted("t"))
    envelopes = [Envelope(n, 5.0, "s", "main", what) for n, what in enumerate(events, 1)]
    journal = Journal.create(folder, envelopes[:1])
    for envelope in envelopes[1:]:
        journal.append(envelope)
    journal.close()
    reading = read_journal(folder)
    assert reading.envelopes == envelopes
    assert (reading.damaged, reading.unknown) == (0, 0)


def test_folders_are_0700_and_files_0600(journal: Journal, folder: Path) -> None:
    journal.append(event(1))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_an_event_is_in_the_file_as_soon_as_append_returns(journal: Journal, folder: Path) -> None:
    journal.append(event(2, "kept"))
    assert texts(folder) == ["begun", "kept"]


def test_a_passing_event_has_no_place_in_a_journal(journal: Journal) -> None:
    with pytest.raises(TypeError):
        journal.append(Envelope(0, 1.0, "s", "main", TextStreamed("r", "x")))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_written_and_surrogates_are_replaced(text: str) -> None:
    line = encode_line(event(1, text))
    assert line.count(b"\n") == 1
    assert is_whole(line[:-1])
    read = decode_line(line[:-1]).event
    assert isinstance(read, Noticed)
    assert read.text == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_resume_goes_on_after_the_last_line(folder: Path) -> None:
    written(folder, 2)
    journal = Journal.resume(folder)
    journal.append(event(3, "event 3"))
    journal.close()
    assert texts(folder) == ["event 1", "event 2", "event 3"]


def test_resuming_what_is_not_there_is_a_session_error(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="no session"):
        Journal.resume(tmp_path / "nothing")
    with pytest.raises(SessionError):
        read_journal(tmp_path / "nothing")


def test_a_second_writer_is_refused_with_the_first_ones_process(journal: Journal, folder: Path) -> None:
    with pytest.raises(SessionError, match=f"process {os.getpid()}"):
        Journal.resume(folder)


def test_a_closed_session_can_be_resumed(folder: Path) -> None:
    Journal.create(folder, [event(1)]).close()
    Journal.resume(folder).close()


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_torn_tail_costs_only_itself_and_the_next_event_starts_a_line(folder: Path, cut: int) -> None:
    data = written(folder, 3)
    (folder / EVENTS_FILE).write_bytes(data[:-cut])
    journal = Journal.resume(folder)
    journal.append(event(4, "event 4"))
    journal.close()
    kept = ["event 1", "event 2"] + (["event 3"] if cut == 1 else [])
    assert texts(folder) == [*kept, "event 4"]
    assert read_journal(folder).damaged == (0 if cut == 1 else 1)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_flipped_bit_costs_at_most_the_line_it_is_in(data: st.DataObject) -> None:
    lines = [encode_line(event(n, f"event {n}")) for n in range(1, 6)]
    hit = data.draw(st.integers(0, 4))
    offset = data.draw(st.integers(0, len(lines[hit]) - 1))
    bit = data.draw(st.integers(0, 7))
    bad = bytearray(lines[hit])
    bad[offset] ^= 1 << bit
    journal = b"".join([*lines[:hit], bytes(bad), *lines[hit + 1 :]])
    numbers = [envelope.n for envelope in _read_bytes(journal)]
    assert set(numbers) >= {1, 2, 3, 4, 5} - {hit + 1}
    assert set(numbers) <= {1, 2, 3, 4, 5}


def _read_bytes(data: bytes) -> list[Envelope]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, EVENTS_FILE).write_bytes(data)
        return read_journal(Path(folder)).envelopes


@pytest.mark.parametrize(
    ("damage", "expected", "damaged"),
    [
        (lambda a, b, c: a + b"\n\n" + b + c, [1, 2, 3], 0),
        (lambda a, b, c: a + b + b + c, [1, 2, 3], 0),
        (lambda a, b, c: b + c + a, [1, 2, 3], 0),
        (lambda a, b, c: a + c, [1, 3], 0),
        (lambda a, b, c: b"\xef\xbb\xbf" + a + b + c, [1, 2, 3], 1),
        (lambda a, b, c: a + b"\x00" * 4096 + b + c, [1, 2, 3], 1),
        (lambda a, b, c: a + b[:30] + b + c, [1, 2, 3], 1),
        (lambda a, b, c: a[:-1] + b + c, [1, 2, 3], 1),
        (lambda a, b, c: a + b"not json\n" + b + b"{}\n[1]\nnull\n" + c, [1, 2, 3], 4),
        (lambda a, b, c: (a + b + c).replace(b"\n", b"\r\n"), [1, 2, 3], 3),
        (lambda a, b, c: b"", [], 0),
    ],
    ids=[
        "blank",
        "doubled",
        "moved",
        "dropped",
        "bom",
        "zeros",
        "glued",
        "joined",
        "foreign",
        "crlf",
        "empty",
    ],
)
def test_damage_never_stops_the_reading(
    tmp_path: Path, damage: Callable[..., bytes], expected: list[int], damaged: int
) -> None:
    lines = (encode_line(event(n)) for n in (1, 2, 3))
    (tmp_path / EVENTS_FILE).write_bytes(damage(*lines))
    before = (tmp_path / EVENTS_FILE).read_bytes()
    reading = read_journal(tmp_path)
    assert [envelope.n for envelope in reading.envelopes] == expected
    assert reading.damaged == damaged
    assert (tmp_path / EVENTS_FILE).read_bytes() == before


def test_events_of_a_newer_version_are_counted_apart(tmp_path: Path) -> None:
    from zlib import crc32

    bodies = [
        b'{"v":1,"n":2,"t":1.0,"session":"s","agent":"main","event":{"type":"Teleported","to":"x"}',
        b'{"v":2,"n":3,"t":1.0,"session":"s","agent":"main","event":{"type":"TurnStarted","turn":"x"}',
    ]
    foreign = b"".join(b'%b,"crc":"%08x"}\n' % (body, crc32(body)) for body in bodies)
    (tmp_path / EVENTS_FILE).write_bytes(encode_line(event(1)) + foreign + encode_line(event(4)))
    reading = read_journal(tmp_path)
    assert [envelope.n for envelope in reading.envelopes] == [1, 4]
    assert (reading.damaged, reading.unknown) == (0, 2)


class Disk:
    """Stands between the journal and the disk: the next writes take only so many bytes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room: int | None = None
        self.truncates = True
        self._write, self._truncate = os.write, os.ftruncate
        monkeypatch.setattr(os, "write", self.write)
        monkeypatch.setattr(os, "ftruncate", self.truncate)

    def write(self, descriptor: int, data: bytes) -> int:
        if self.room is None:
            return self._write(descriptor, data)
        if self.room == 0:
            raise OSError(28, "No space left on device")
        return self._write(descriptor, data[: self.room])

    def truncate(self, descriptor: int, size: int) -> None:
        if not self.truncates:
            raise OSError(5, "Input/output error")
        self._truncate(descriptor, size)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.mark.parametrize("room", [0, 1, 40])
def test_a_session_that_the_disk_does_not_take_leaves_no_file_and_can_be_begun_again(
    folder: Path, disk: Disk, room: int
) -> None:
    begun = [event(1), event(2)]
    disk.room = room
    with pytest.raises(SessionError, match="No space left"):
        Journal.create(folder, begun)
    assert [path.name for path in folder.iterdir()] == [LOCK_FILE]
    disk.room = None
    Journal.create(folder, begun).close()
    assert read_journal(folder).envelopes == begun


def test_a_session_that_is_there_is_not_begun_again(folder: Path) -> None:
    data = written(folder)
    with pytest.raises(SessionError, match="exists"):
        Journal.create(folder, [event(1)])
    assert (folder / EVENTS_FILE).read_bytes() == data


@pytest.mark.parametrize("room", [0, 1, 40])
def test_a_full_disk_is_told_once_and_no_event_is_lost(
    journal: Journal, folder: Path, disk: Disk, room: int
) -> None:
    disk.room = room
    with pytest.raises(SessionError, match="No space left"):
        journal.append(event(2, "during"))
    journal.append(event(3, "silent"))
    assert (texts(folder), read_journal(folder).damaged) == (["begun"], 0)
    disk.room = None
    journal.append(event(4, "after"))
    assert texts(folder) == ["begun", "during", "silent", "after"]
    disk.room = 0
    with pytest.raises(SessionError):
        journal.append(event(5, "told again"))
    disk.room = None


def test_a_half_line_that_cannot_be_taken_back_is_not_glued_to_the_next(
    journal: Journal, folder: Path, disk: Disk
) -> None:
    disk.room, disk.truncates = 50, False
    with pytest.raises(SessionError):
        journal.append(event(2, "two"))
    disk.room = None
    journal.append(event(3, "three"))
    assert texts(folder) == ["begun", "two", "three"]


def test_where_nothing_was_written_nothing_is_between_two_lines(
    journal: Journal, folder: Path, disk: Disk
) -> None:
    disk.room, disk.truncates = 0, False
    with pytest.raises(SessionError):
        journal.append(event(2))
    disk.room = None
    journal.append(event(3))
    lines = [event(1, "begun"), event(2), event(3)]
    assert (folder / EVENTS_FILE).read_bytes() == b"".join(map(encode_line, lines))


async def test_sync_refuses_while_events_wait_in_memory(journal: Journal, disk: Disk) -> None:
    disk.room = 0
    with pytest.raises(SessionError):
        journal.append(event(1))
    with pytest.raises(SessionError):
        await journal.sync()
    disk.room = None
    await journal.sync()


def test_closing_with_events_in_memory_says_so(folder: Path, disk: Disk) -> None:
    journal = Journal.create(folder, [event(1)])
    disk.room = 0
    with pytest.raises(SessionError):
        journal.append(event(1))
    with pytest.raises(SessionError):
        journal.close()
    disk.room = None
    Journal.resume(folder).close()


async def test_concurrent_syncs_share_the_disks_work(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    monkeypatch.setattr("nanodeck.store.journal._sync_data", calls.append)
    journal.append(event(1))
    await asyncio.gather(*(journal.sync() for _ in range(20)))
    assert len(calls) == 1
    await journal.sync()
    assert len(calls) == 1


async def test_a_sync_covers_what_was_appended_while_another_ran(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    calls: list[int] = []

    def slow_sync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 1:
            asyncio.run_coroutine_threadsafe(append_more(), loop).result(10)

    async def append_more() -> None:
        journal.append(event(2))

    monkeypatch.setattr("nanodeck.store.journal._sync_data", slow_sync)
    journal.append(event(1))
    first = asyncio.create_task(journal.sync())
    await first
    await journal.sync()
    assert len(calls) == 2


async def test_a_failing_sync_is_told_to_everybody_who_waits(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("nanodeck.store.journal._sync_data", broken)
        journal.append(event(1))
        outcomes = await asyncio.gather(journal.sync(), journal.sync(), return_exceptions=True)
    assert all(isinstance(outcome, SessionError) for outcome in outcomes)
