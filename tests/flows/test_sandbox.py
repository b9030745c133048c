"""F1: the sandbox holds what it says; what it denies is named and asked about; without one that is said."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import CommandDetail, NetworkDetail
from tests.flows.conftest import LiveStager
from tests.flows.live_deck import LiveDeck
from tests.support.model_server import ModelServer, Reply
from tests.unit.workspace.repositories import git


def run(command: str) -> Reply:
    return Reply(calls=[("bash", {"command": command})])


def is_denied(deck: LiveDeck, what: str) -> bool:
    """Whether the command that asks was denied this."""
    details = [request.detail for request in deck.state.requests[:1]]
    return any(isinstance(detail, CommandDetail) and detail.denied == what for detail in details)


@pytest.mark.usefixtures("sandbox")
async def test_f1_outside_git_s_folder_and_the_network_are_refused_and_asked_about(
    live: LiveStager, project: Path, outside: Path
) -> None:
    git(project, "init", "-q")
    hook = project / ".git" / "hooks" / "post-commit"
    replies = (
        run("env echo well > inside"),
        run(f"env echo x > {outside}"),
        run(f"env echo x > {hook}"),
        run("git ls-remote http://203.0.113.1/x"),
        Reply(["understood"]),
    )
    with ModelServer(*replies) as server:
        async with live(server, mode=Mode.AUTO_ACCEPT) as deck:
            await deck.sees("sandbox 2 workspace-write")
            await deck.say("go")
            for denied in (str(outside), str(hook)):
                await deck.until(partial(is_denied, deck, denied), denied)
                await deck.open_request()
                await deck.sees("Run again outside the sandbox")
                assert "none this time" in deck.text
                await deck.press("n")
            await deck.asked(NetworkDetail)
            await deck.open_request()
            await deck.sees("commands have no network, and one wants to reach 203.0.113.1")
            await deck.press("n")
            await deck.sees("understood")
            await deck.command("/sandbox")
            await deck.sees("sandbox: level 2, workspace-write, no network")
            await deck.command("/sandbox full")
            await deck.sees("no sandbox")
    assert (project / "inside").read_text() == "well\n"
    for path in (outside, hook):
        assert path.name not in os.listdir(path.parent)
    told = [m["content"] for m in server.requests[-1]["messages"] if m["role"] == "tool"]
    assert f"(the sandbox denied {outside})" in told[1]
    assert told[3].endswith("(the user did not let it reach 203.0.113.1)")
    assert told[1].endswith("(the user did not let it run outside the sandbox)")


async def test_f1_without_a_sandbox_that_is_said_and_auto_accept_asks(live: LiveStager) -> None:
    with ModelServer(run("env touch new"), Reply(["understood"])) as server:
        async with live(server, mode=Mode.AUTO_ACCEPT) as deck:
            await deck.sees("no sandbox")
            await deck.say("go")
            detail = (await deck.asked(CommandDetail)).detail
            assert isinstance(detail, CommandDetail)
            assert detail.sandbox.startswith("none: it can do all that you can, network too")
            await deck.open_request()
            await deck.sees("sandbox none")
            await deck.press("n")
            await deck.sees("understood")
