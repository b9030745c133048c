"""Looking over journals: what a session that went well looks like, and one that did not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.events import Envelope, Event
from nanodeck.contracts.messages import AssistantMessage, CallPart, ToolMessage
from nanodeck.contracts.model import Usage
from nanodeck.store.fsck import check_journal, check_privacy
from nanodeck.store.journal import EVENTS_FILE
from nanodeck.store.lines import encode_line

CALL = AssistantMessage((CallPart("c1", "read", "{}"),), finish="calls")
BEGUN: list[Event] = [ev.TurnStarted("turn-1"), ev.ReplyEnded("reply-1", CALL, Usage(), 1.0)]
RESULT = ev.ToolEnded("c1", "read", "read a", ToolMessage("c1", "read", "text", True), "ok", "", 0.1)
END = ev.TurnEnded("turn-1", "done", Usage(), 1.0)


def written(folder: Path, events: list[Event]) -> list[bytes]:
    lines = [encode_line(Envelope(n, 1.0, "s", "main", event)) for n, event in enumerate(events, 1)]
    (folder / EVENTS_FILE).write_bytes(b"".join(lines))
    return lines


def found(folder: Path) -> list[str]:
    return [f"{damage.line}: {damage.what}" for damage in check_journal(folder)]


def test_a_turn_with_a_call_and_its_result_is_sound(tmp_path: Path) -> None:
    written(tmp_path, [*BEGUN, RESULT, END])
    assert found(tmp_path) == []


def test_a_call_without_a_result_is_damage_unless_its_process_was_killed(tmp_path: Path) -> None:
    written(tmp_path, [*BEGUN, END])
    assert found(tmp_path) == ["2: the call c1 has no result"]
    written(tmp_path, [*BEGUN, ev.TurnStarted("turn-2"), END])
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("order", "what"),
    [
        ([0, 2, 3], ["2: missing before event 3: 1 event"]),
        ([0, 1, 1, 2, 3], ["3: event 2 is there twice"]),
        ([0, 2, 1, 3], ["2: missing before event 3: 1 event", "3: event 2 comes after event 3"]),
    ],
)
def test_lines_that_are_missing_doubled_or_swapped_are_named(
    tmp_path: Path, order: list[int], what: list[str]
) -> None:
    lines = written(tmp_path, [*BEGUN, RESULT, END])
    (tmp_path / EVENTS_FILE).write_bytes(b"".join(lines[number] for number in order))
    assert [each for each in found(tmp_path) if "no result" not in each] == what


def test_a_journal_that_is_not_there_is_a_finding_and_no_error(tmp_path: Path) -> None:
    assert found(tmp_path) == ["0: cannot be read: No such file or directory"]


def test_what_others_can_read_is_named_with_its_cure(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir(mode=0o700)
    path = folder / "events.jsonl"
    path.touch(mode=0o600)
    assert check_privacy(folder) == ()
    os.chmod(path, 0o644)
    (damage,) = check_privacy(folder)
    assert (damage.path, damage.cure) == (path, f"chmod 0600 {path}")
