"""What must not get out: terminal codes of others to the terminal, keys to any file, files to anybody."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo terminals are POSIX", allow_module_level=True)

from tests.e2e.deck_in_pty import DECK, ESCAPE, READY, DeckInPty
from tests.support import hostile
from tests.support.model_server import ModelServer, Reply

TYPED, OFFERED, LENT = "canary-typed-8d1f0c", "canary-offered-5b7e2a", "canary-lent-93c4d1"
FOR_EVERYBODY = f"import os; os.umask(0); {DECK}"
"""What nanodeck makes has to be private even where nothing else is."""


def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def test_no_code_of_anybody_else_reaches_the_terminal(tmp_path: Path) -> None:
    folder = project(tmp_path)
    hostile.plant(folder)
    with (
        ModelServer(*hostile.turn()) as server,
        DeckInPty(
            tmp_path, "--mode", "yolo", folder=folder, first=True, OPENAI_BASE_URL=server.url, MODEL="m"
        ) as deck,
    ):
        deck.wait_for("Trust this folder")
        deck.wait_for("ctrl+x ! comes here to answer")
        deck.send("\x18!")
        deck.wait_for("no key is pre-selected")
        deck.send("n")
        deck.wait_for(READY)
        deck.send(f"\x1b[200~{hostile.HOSTILE}\x1b[201~\r")
        deck.wait_for("Done")
        deck.wait_for(READY)
        for keys in (
            "\x0f",
            "\x18c",
            "\x1b[H",
            ESCAPE,
            "\x18d",
            ESCAPE,
            "\x18t",
            "\r",
            ESCAPE,
            "\x18j",
            "\r",
        ):
            deck.send(keys)
            deck.rest()
        deck.wait_for("esc close")
        deck.send(ESCAPE)
        deck.wait_until(lambda: "esc close" not in deck.text, "the deck under the output")
        deck.send(ESCAPE)
        deck.wait_until(lambda: "esc back to prompt" not in deck.text, "the prompt")
        deck.send("/status\r")
        deck.wait_for("esc closes")
        deck.send(ESCAPE)
        deck.wait_until(lambda: "esc closes" not in deck.text, "the deck under the status")
        deck.send("/exit\r")
        assert deck.wait_for_exit() == 0
        assert "[red]odd[/red] $x" in deck.text
        assert [code for code in hostile.RAW if code in deck.raw] == []


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def test_keys_are_in_the_key_file_alone_and_everything_that_is_made_is_private(tmp_path: Path) -> None:
    folder, home = project(tmp_path), tmp_path / "nanodeck"
    (folder / "a.txt").write_text("old\n")
    calls: list[tuple[str, dict[str, Any]]] = [
        ("bash", {"command": "env; seq 20000"}),
        ("bash", {"command": "env", "background": True}),
        ("write", {"path": "b.txt", "content": "new\n"}),
    ]
    refusal = f"the key {TYPED} (Bearer {TYPED}) is not good enough"
    replies = Reply(["at work"], calls=calls), Reply(["written"]), Reply(status=401, error=refusal)
    with (
        ModelServer(*replies) as server,
        DeckInPty(
            tmp_path, "--verbose", folder=folder, script=FOR_EVERYBODY, GROQ_API_KEY=LENT, XAI_API_KEY=OFFERED
        ) as deck,
    ):
        deck.wait_for("Add a provider")
        deck.wait_for("key in XAI_API_KEY")
        deck.send("\x1b[B\x1b[B\r")
        deck.wait_for("Add a provider (OpenAI-compatible)")
        deck.send(f"{server.url}\r{TYPED}\r")
        deck.wait_for("scripted")
        deck.wait_for(READY)
        deck.send("/mode yolo\r")
        deck.wait_for("YOLO")
        deck.ask("work")
        deck.wait_for("written")
        deck.wait_for(READY)
        deck.ask("again")
        deck.wait_for("is not good enough")
        deck.send("/exit\r")
        assert deck.wait_for_exit() == 0
        assert set(server.keys) == {f"Bearer {TYPED}"}
        drawn = bytes(deck.raw)
    assert (home / "keys.toml").read_text().count(TYPED) == 1
    sinks = [path.read_bytes() for path in files_below(tmp_path) if path.name != "keys.toml"]
    for canary in (TYPED, OFFERED, LENT):
        assert not any(canary.encode() in sink for sink in (*sinks, drawn)), canary
    everything = [home, *home.rglob("*")]
    open_to_others = [path for path in everything if stat.S_IMODE(path.lstat().st_mode) & 0o077]
    assert open_to_others == []
    assert any(path.suffix == ".jsonl" for path in everything)
    assert any(path.parent.name == "output" for path in everything)
    assert any("checkpoints" in path.parts for path in everything)
