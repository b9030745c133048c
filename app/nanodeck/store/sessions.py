"""The sessions on disk: their ids, the list of them, what the person said in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import SessionError
from nanodeck.contracts.events import CommentWritten, Envelope, MessageSent, SessionStarted, TypedStarted
from nanodeck.contracts.queries import SessionInfo
from nanodeck.contracts.text import one_line
from nanodeck.store.journal import EVENTS_FILE, open_journal
from nanodeck.store.lines import UnknownEvent, decode_line, is_whole
from nanodeck.store.places import Places

LAST = "last"
TITLE_LIMIT = 80
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
_ID_START = re.compile(r"\d[0-9a-f-]{0,23}")
_HEAD_BYTES = 1 << 20
_COUNTED_BYTES = 8 << 20
_SENT = b'"event":{"type":"MessageSent"'
_TYPED = b'"event":{"type":"TypedStarted"'
_REMARK = b'"event":{"type":"CommentWritten"'
_SAID = (_SENT, _TYPED, _REMARK)
_CONTEXT = b'"kind":"context"'
_SENT_WITHIN = 400
_RECALLED_SESSIONS = 50


def new_session_id() -> str:
    """An id that sorts by time, is safe as a folder's name and hard to guess."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.urandom(4).hex()}"


def session_folder(places: Places, session: str) -> Path:
    """The folder of `session`. Raises SessionError for anything that is not an id."""
    if not _ID.fullmatch(session):
        raise SessionError(f"{one_line(session, 40)!r} is not a session id", "nanodeck -r lists the sessions")
    return places.sessions / session


def find_session(places: Places, name: str, folder: str) -> str:
    """The id of the session that starts with `name`, or of `folder`'s newest one for 'last'.

    Raises SessionError when there is none, or more than one.
    """
    advice = "nanodeck -r lists the sessions"
    if name == LAST:
        if newest := list_sessions(places, folder, 1):
            return newest[0].id
        raise SessionError(f"there is no session in {folder} yet", "nanodeck starts one")
    found = [path.name for path in _newest_first(places) if path.name.startswith(name)]
    if not _ID_START.fullmatch(name) or not found:
        raise SessionError(f"there is no session {one_line(name, 40)!r}", advice)
    if len(found) > 1:
        raise SessionError(f"{name} is the start of {len(found)} sessions: {', '.join(found[:5])}", advice)
    return found[0]


def folder_of(places: Places, session: str) -> str:
    """The folder `session` was started in. Raises SessionError when its journal does not say."""
    path = session_folder(places, session)
    try:
        with open_journal(path) as file:
            for envelope in events_in(file, _SAID, _HEAD_BYTES):
                if isinstance(envelope.event, SessionStarted):
                    return envelope.event.folder
    except OSError as error:
        raise SessionError(f"cannot read session {session}: {error.strerror}") from None
    raise SessionError(f"session {session} does not say which folder it belongs to")


def list_sessions(places: Places, folder: str | None, limit: int = 50) -> list[SessionInfo]:
    """Sessions with a prompt or a comment, newest first; `folder` None means those of every folder."""
    listed: list[SessionInfo] = []
    for path in _newest_first(places):
        if len(listed) >= limit:
            break
        if (info := _describe(path)) and folder in (None, info.folder):
            listed.append(info)
    return listed


def recall_prompts(places: Places, folder: str, limit: int = 500) -> list[str]:
    """What the person sent in `folder`, oldest first, repeats in a row once."""
    recalled: list[str] = []
    for info in list_sessions(places, folder, _RECALLED_SESSIONS):
        texts = [text for text in _prompts_in(places.sessions / info.id) if text.strip()]
        recalled = texts + recalled
        if len(recalled) >= limit:
            break
    distinct = [text for i, text in enumerate(recalled) if i == 0 or text != recalled[i - 1]]
    return distinct[-limit:]


def _newest_first(places: Places) -> list[Path]:
    """Folders of sessions that have a journal, by the time it was last written."""
    dated: list[tuple[float, str]] = []
    try:
        names = os.listdir(places.sessions)
    except OSError:
        return []
    for name in names:
        if _ID.fullmatch(name):
            try:
                dated.append(((places.sessions / name / EVENTS_FILE).stat().st_mtime, name))
            except OSError:
                continue
    return [places.sessions / name for _, name in sorted(dated, reverse=True)]


def _describe(path: Path) -> SessionInfo | None:
    """The list's line for one session, from the head of its journal; None when nothing was said."""
    folder = title = remark = ""
    try:
        with open_journal(path) as file:
            for envelope in events_in(file, _SAID, _HEAD_BYTES):
                if isinstance(envelope.event, SessionStarted):
                    folder = envelope.event.folder
                elif text := _prompt(envelope):
                    title = one_line(text, TITLE_LIMIT)
                    break
                elif isinstance(envelope.event, CommentWritten):
                    remark = remark or one_line(f"comment: {envelope.event.comment.text}", TITLE_LIMIT)
            title = title or remark
            if not title:
                return None
            file.seek(0)
            data = file.read(_COUNTED_BYTES)
            updated = os.fstat(file.fileno()).st_mtime
    except OSError:
        return None
    return SessionInfo(path.name, title, folder, updated, data.count(_SENT) - data.count(_CONTEXT))


def _prompts_in(path: Path) -> list[str]:
    try:
        with open_journal(path) as file:
            return [_prompt(envelope) or _typed(envelope) for envelope in events_in(file, _SAID)]
    except OSError:
        return []


def _prompt(envelope: Envelope) -> str:
    """What the person said in this event, empty for any other event."""
    event = envelope.event
    if not isinstance(event, MessageSent) or envelope.agent != MAIN_AGENT:
        return ""
    return "" if event.message.kind == "context" else event.message.text


def _typed(envelope: Envelope) -> str:
    """The shell command that the person typed, with its sign."""
    event = envelope.event
    return f"{'!' if event.joins else '!!'}{event.command}" if isinstance(event, TypedStarted) else ""


def events_in(file: BinaryIO, kinds: Sequence[bytes], limit: int = -1) -> Iterator[Envelope]:
    """The first event of a journal and those whose line begins with one of `kinds`; no other is decoded."""
    read = 0
    for line in file:
        read += len(line)
        if read > limit >= 0:
            return
        line = line.rstrip(b"\n")
        head = line[:_SENT_WITHIN]
        told = any(kind in head for kind in kinds)
        if (told or read == len(line) + 1) and is_whole(line):
            try:
                yield decode_line(line)
            except UnknownEvent:
                continue
