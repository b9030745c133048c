"""A1 to A4: a request answered by a rule, what it covers later, why a call ran, and the list of rules."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nanodeck.contracts.requests import CommandDetail
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply


def run(command: str) -> Reply:
    return Reply(calls=[("bash", {"command": command})])


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program called npm that says what it was called with."""
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "npm"
    program.write_text('#!/bin/sh\necho "npm ran: $*"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


async def asked(deck: LiveDeck) -> None:
    """A command asks, and its keys are live."""
    await deck.asked(CommandDetail)
    await deck.open_request()


@pytest.mark.usefixtures("npm")
async def test_a1_a3_a4_a_rule_is_kept_covers_what_it_says_and_is_found_again(
    live: LiveStager, project: Path
) -> None:
    """A1: chosen, edited, kept for the project; A3: the call says which line decided; A4: the list."""
    replies = (
        run("npm test -x"),
        run("npm test --watch"),
        run("npm testing"),
        Reply(["done"]),
    )
    with ModelServer(*replies) as server:
        async with live(server) as deck:
            await deck.say("go")
            await asked(deck)
            await deck.sees("always bash(npm test *)")
            await deck.press("A")
            await deck.sees("p    in this project")
            assert not (project / ".nanodeck").exists()
            await deck.press("p")
            await deck.until(lambda: "testing" in str(deck.state.requests), "the third call")
            settings = (project / ".nanodeck/settings.toml").read_text()
            assert "bash(npm test *)" in settings
            await deck.open_request()
            await deck.press("n")
            await deck.sees("done")
            await deck.sees("rule kept: allow bash(npm test *) (the project's, .nanodeck/settings.toml:2)")
            await deck.rests()
            assert "npm ran: test --watch" in str(server.requests[2]["messages"])
            await deck.press("ctrl+x", "c", "[", "[", "w")
            await deck.sees("allowed without asking")
            await deck.sees(".nanodeck/settings.toml:")
            await deck.press("escape", "escape")
            await deck.command("/permissions npm")
            await deck.sees("1 rule")
            await deck.sees("the project's, .nanodeck/settings.toml:2")
            await deck.press("d", "d")
            await deck.sees("No rules yet.")
            assert "npm" not in (project / ".nanodeck/settings.toml").read_text()
            await deck.press("escape", "escape")
            await deck.sees("rule deleted: allow bash(npm test *)")


async def test_a2_a_command_is_allowed_only_if_every_part_is_and_the_other_is_named(
    live: LiveStager, project: Path
) -> None:
    home = project.parent / "home"
    home.mkdir()
    (home / "settings.toml").write_text('[permissions]\nallow = ["bash(mkdir *)"]\n')
    with ModelServer(run("mkdir x"), run("mkdir y && rm -rf x"), Reply(["done"])) as server:
        async with live(server) as deck:
            await deck.say("go")
            await asked(deck)
            assert (project / "x").is_dir()
            await deck.sees("rm -rf x: ")
            await deck.sees("✔ 1  mkdir y &&")
            await deck.sees("? 2  rm -rf x")
            await deck.press("n")
            await deck.sees("done")
            await deck.rests()
        assert (project / "x").is_dir()
        assert not (project / "y").exists()
