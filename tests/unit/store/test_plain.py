"""Pipes, devices, folders and files without end where nanodeck keeps things: said or passed over."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.engine.permissions.trust import Trust
from nanodeck.engine.records.partial import left_of
from nanodeck.extend.instructions import find_instructions
from nanodeck.shell.sandbox import probe
from nanodeck.store.asked import asked_commands
from nanodeck.store.dotenv import project_secrets
from nanodeck.store.fsck import check_journal
from nanodeck.store.ground import last_ground
from nanodeck.store.journal import EVENTS_FILE, LOCK_FILE, Journal, read_journal
from nanodeck.store.keys import read_keys, store_key
from nanodeck.store.log import start_log, stop_log
from nanodeck.store.places import Places
from nanodeck.store.plain import read_plain
from nanodeck.store.preferences import load_kept, remember, save_preference
from nanodeck.store.private import write_private
from nanodeck.store.sessions import find_session, folder_of, list_sessions, recall_prompts
from nanodeck.store.settings import load_settings
from nanodeck.store.settings_file import add_provider
from nanodeck.store.trusted import TrustedFolders
from nanodeck.workspace.writing.kept import check_kept

SESSION = "20260101-000000-00000000"


def endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 33)


KINDS: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "folder": Path.mkdir,
    "endless": endless,
    "loop": lambda path: path.symlink_to(path.name),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("NANODECK_HOME", str(home))
    return home


@pytest.fixture(params=KINDS)
def put(request: pytest.FixtureRequest) -> Callable[[Path], Path]:
    def put(path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        KINDS[request.param](path)
        return path

    return put


Put = Callable[[Path], Path]


def test_what_is_no_plain_file_is_not_read_and_not_replaced(tmp_path: Path, put: Put) -> None:
    path = put(tmp_path / "file")
    with pytest.raises(OSError):
        read_plain(path)
    if not path.is_file():
        with pytest.raises(OSError):
            write_private(path, b"mine")
    assert not (tmp_path / ".nanodeck").exists()


def test_settings_and_keys_are_problems_then(home: Path, tmp_path: Path, put: Put) -> None:
    places = Places.under(home)
    put(places.settings)
    put(places.keys)
    assert str(places.settings) in load_settings(places, tmp_path, {}).problems[0]
    assert load_kept(places).problems == ()
    assert str(places.keys) in read_keys(places).problems[0]
    writes: tuple[Callable[[], None], ...] = (
        lambda: add_provider(places, "local", "http://localhost", "m"),
        lambda: save_preference(places, "theme", "nord"),
        lambda: store_key(places, "local", "key"),
    )
    for write in writes:
        with pytest.raises(NanodeckError):
            write()


def test_what_nanodeck_remembers_by_itself_is_nothing_then(home: Path, tmp_path: Path, put: Put) -> None:
    places = Places.under(home)
    put(places.remembered)
    put(places.cache / "sandbox.json")
    put(home / "main.partial")
    assert load_kept(places).remembered == {}
    assert last_ground() == ()
    assert left_of(home / "main.partial") == ("", "")
    assert probe._read(places.cache / "sandbox.json") == b""
    if not places.remembered.is_file():
        with pytest.raises(OSError):
            remember(places, "tour", value=True)


def test_a_log_that_is_none_holds_nothing_up(home: Path, put: Put) -> None:
    places = Places.under(home)
    path = put(places.log)
    if path.is_file():
        return  # it is written at its end, like any
    log = start_log(places, str)
    logging.getLogger("nanodeck").error("a line")
    stop_log(log)


def test_a_session_whose_journal_is_none_is_passed_over(home: Path, tmp_path: Path, put: Put) -> None:
    places = Places.under(home)
    folder = put(places.sessions / SESSION / EVENTS_FILE).parent
    (damage,) = check_journal(folder)
    assert "cannot be read" in damage.what
    assert list_sessions(places, None) == []
    assert recall_prompts(places, str(tmp_path)) == []
    assert asked_commands(places, str(tmp_path)) == []
    reads: tuple[Callable[[], object], ...] = (
        lambda: folder_of(places, SESSION),
        lambda: find_session(places, "last", str(tmp_path)),
        lambda: read_journal(folder),
    )
    for read in reads:
        with pytest.raises(NanodeckError):
            read()


def test_a_lock_that_is_none_holds_nothing_up(home: Path, put: Put) -> None:
    folder = put(Places.under(home).sessions / SESSION / LOCK_FILE).parent
    with suppress(NanodeckError):
        Journal.create(folder, ()).close()


def test_what_is_trusted_is_nothing_then(home: Path, tmp_path: Path, put: Put) -> None:
    store = TrustedFolders(home)
    put(store._path(tmp_path))
    assert store.files(tmp_path) is None


def test_what_a_project_brings_is_passed_over(home: Path, tmp_path: Path, put: Put) -> None:
    project = tmp_path / "project"
    for name in (".nanodeck/settings.toml", "CLAUDE.md", ".env"):
        put(project / name)
    assert project_secrets(project) == ()
    assert find_instructions(project, home, home) == []
    trust = Trust(Places.under(home), project)
    assert all(not file.data.strip(b"\0") for file in trust.found())
    assert not trust.allows_file(project / "CLAUDE.md")


def test_kept_bytes_that_are_none_are_damage(tmp_path: Path, put: Put) -> None:
    put(tmp_path / "blobs" / "ab" / "abcd")
    put(tmp_path / "changesets" / "00000001.written.json")
    assert len(check_kept(tmp_path)) == 2
