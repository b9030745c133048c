"""The list of sessions: ids that are safe, newest first, titles from the first prompt."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nanodeck.contracts.errors import SessionError
from nanodeck.contracts.events import Envelope, Event, MessageSent, ReplyEnded, SessionStarted
from nanodeck.contracts.messages import AssistantMessage, TextPart, UserKind, UserMessage
from nanodeck.contracts.model import Usage
from nanodeck.contracts.modes import Mode
from nanodeck.store.journal import EVENTS_FILE, Journal
from nanodeck.store.places import Places
from nanodeck.store.sessions import (
    find_session,
    list_sessions,
    new_session_id,
    recall_prompts,
    session_folder,
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path)


def said(text: str, kind: UserKind = "prompt") -> MessageSent:
    return MessageSent("m", UserMessage(text, kind))


def record(
    places: Places, session: str, folder: str, *events: Event, when: int = 1000, agent: str = "main"
) -> None:
    started = SessionStarted("0.1.0", folder, None, Mode.NORMAL)
    said = [
        Envelope(n, 1.0, session, agent if n > 1 else "main", event)
        for n, event in enumerate((started, *events), 1)
    ]
    Journal.create(places.sessions / session, said).close()
    os.utime(places.sessions / session / EVENTS_FILE, (when, when))


def test_ids_differ_and_are_accepted_as_folders(places: Places) -> None:
    ids = {new_session_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(session_folder(places, session).parent == places.sessions for session in ids)


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "/etc", "20260101-000000-0000000", "20260101-000000-ABCDEF00", "a\0"]
)
def test_anything_else_is_no_session_id(places: Places, name: str) -> None:
    with pytest.raises(SessionError):
        session_folder(places, name)
    with pytest.raises(SessionError):
        find_session(places, name, "/p")


def test_sessions_are_listed_newest_first_with_the_first_prompt_as_title(places: Places) -> None:
    reply = ReplyEnded("r", AssistantMessage((TextPart("hi"),)), Usage(), 0.1)
    record(
        places,
        "20260101-000000-00000001",
        "/p",
        said("folder: /p", "context"),
        said("fix\nthe bug"),
        reply,
        said("and"),
    )
    record(places, "20260102-000000-00000002", "/p", said("newer \x1b[31mred"), when=2000)
    record(places, "20260103-000000-00000003", "/other", said("elsewhere"), when=3000)
    first, second = list_sessions(places, "/p")
    assert (first.id, first.title, first.updated, first.messages) == (
        "20260102-000000-00000002",
        "newer red",
        2000.0,
        1,
    )
    assert (second.title, second.folder, second.messages) == ("fix the bug", "/p", 2)
    assert len(list_sessions(places, None)) == 3
    assert len(list_sessions(places, None, 1)) == 1


def test_sessions_in_which_nothing_was_said_are_not_listed(places: Places) -> None:
    record(places, "20260101-000000-00000001", "/p")
    assert list_sessions(places, "/p") == []


def test_damaged_and_foreign_folders_do_not_stop_the_list(places: Places) -> None:
    record(places, "20260101-000000-00000001", "/p", said("good"))
    broken = places.sessions / "20260102-000000-00000002"
    broken.mkdir()
    (broken / EVENTS_FILE).write_bytes(b"\0" * 5000)
    (places.sessions / "20260103-000000-00000003").mkdir()
    (places.sessions / "notes").mkdir()
    assert [info.title for info in list_sessions(places, "/p")] == ["good"]


def test_no_sessions_folder_is_an_empty_list(places: Places) -> None:
    assert list_sessions(places, "/p") == []
    assert recall_prompts(places, "/p") == []
    with pytest.raises(SessionError, match="no session in /p"):
        find_session(places, "last", "/p")


def test_a_session_is_found_by_the_start_of_its_id_or_as_the_last(places: Places) -> None:
    record(places, "20260101-000000-00000001", "/p", said("one"), when=2000)
    record(places, "20260102-000000-00000002", "/p", said("two"), when=1000)
    assert find_session(places, "20260102", "/p") == "20260102-000000-00000002"
    assert find_session(places, "last", "/p") == "20260101-000000-00000001"
    with pytest.raises(SessionError, match="2 sessions"):
        find_session(places, "2026", "/p")
    with pytest.raises(SessionError, match="no session"):
        find_session(places, "2027", "/p")


def test_prompts_are_recalled_oldest_first_without_context_and_repeats(places: Places) -> None:
    record(
        places, "20260101-000000-00000001", "/p", said("map", "context"), said("one"), said("two", "steer")
    )
    record(places, "20260102-000000-00000002", "/p", said("two"), said("three", "queued"), when=2000)
    record(places, "20260103-000000-00000003", "/other", said("not mine"), when=3000)
    assert recall_prompts(places, "/p") == ["one", "two", "three"]
    assert recall_prompts(places, "/p", 2) == ["two", "three"]


def test_what_sub_agents_are_told_is_not_recalled(places: Places) -> None:
    record(places, "20260101-000000-00000001", "/p", said("for the helper"), agent="helper")
    assert recall_prompts(places, "/p") == []
