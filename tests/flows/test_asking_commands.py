"""A5 and A9: commands that ask: what will really run is told, a denial with words is heard."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.contracts.requests import CommandDetail
from tests.flows.conftest import LiveStager
from tests.support.model_server import ModelServer, Reply


def run(command: str) -> Reply:
    return Reply(calls=[("bash", {"command": command})])


async def test_a9_a_command_shows_what_will_really_run(
    live: LiveStager, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A9: the whole command, its parts, folder, environment, sandbox and what it may write."""
    monkeypatch.setenv("XAI_API_KEY", "canary")
    replies = (
        run(f"t''ouch 'a b' && make \x07 > {project.parent}/out.log"),
        run("rm -rf build"),
        Reply(["understood"]),
    )
    with ModelServer(*replies) as server:
        async with live(server) as deck:
            await deck.say("go")
            await deck.asked(CommandDetail)
            await deck.open_request()
            for seen in (
                "$ t''ouch 'a b' && make ␇ > ",
                "why     t''ouch 'a b': holds characters that do not show  (rule: command.unclear)",
                "writes  ⚠ a b, /",
                "and anything else it can: not known before it runs (make)",
                "runs    ? 1  touch 'a b' &&",
                "? 2  make ",
                f"folder  {project}",
                "sandbox none: it can do all that you can, network too",
                "without XAI_API_KEY",
                "PAGER=cat",
            ):
                assert seen in deck.text
            assert "canary" not in deck.text
            await deck.press("tab")
            await deck.type("no bells please")
            await deck.press("enter")
            await deck.sees("rm -rf build")
            told = server.requests[1]["messages"][-1]
            assert (told["role"], told["content"]) == ("tool", "denied by the user: no bells please")
            assert not (project / "a b").exists()

            await deck.open_request()
            assert "deletes build" in deck.text
            await deck.press("e", "ctrl+u")
            await deck.type("touch instead")
            await deck.press("enter")
            await deck.sees("writes  instead")
            assert "deletes" not in deck.text
            assert "why     touch" in deck.text
            assert "was     $ rm -rf build" in deck.text
            await deck.press("y")
            await deck.sees("understood")
            assert (project / "instead").exists()
            assert "changed the command to: touch instead" in server.requests[-1]["messages"][-1]["content"]


@pytest.mark.parametrize("stops", [False, True])
async def test_a5_a_denial_with_words_reaches_the_model(live: LiveStager, project: Path, stops: bool) -> None:
    """A5: the model reads why, and the turn goes on; by setting it ends, and the next one says why."""
    home = project.parent / "home"
    home.mkdir()
    (home / "settings.toml").write_text(f"stop_on_denial = {str(stops).lower()}\n")
    with ModelServer(run("rm -rf build"), Reply(["understood"])) as server:
        async with live(server) as deck:
            await deck.say("go")
            await deck.asked(CommandDetail)
            await deck.open_request()
            await deck.press("tab")
            await deck.type("never delete")
            await deck.press("enter")
            await deck.until(lambda: not deck.state.requests, "the denial")
            if stops:
                await deck.rests()
                assert len(server.requests) == 1
                await deck.say("and now?")
            await deck.sees("understood")
            await deck.rests()
    said = [(message["role"], message["content"]) for message in server.requests[1]["messages"]]
    assert ("tool", "denied by the user: never delete") in said
    assert (said[-1] == ("user", "and now?")) is stops
