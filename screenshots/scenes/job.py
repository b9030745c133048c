"""The demo's job, from what the person says to the question before leaving."""

from __future__ import annotations

from nanodeck.contracts import events as ev
from screenshots.scenes.scene import Player, Scene

PROMPT = "The tests fail. Find out why and fix it."


async def ask(player: Player) -> None:
    """The person says what to do."""
    await player.until(lambda: player.session.model is not None)
    await player.say(PROMPT)


async def _answer_command(player: Player) -> None:
    """Let the command that waits run once."""
    await player.shows("no key is pre-selected")
    asked = player.session.requests[0]
    await player.press("y")
    await player.until(lambda: asked not in player.session.requests)


async def _to_proposal(player: Player) -> None:
    await ask(player)
    await _answer_command(player)


async def _to_review(player: Player) -> None:
    await _to_proposal(player)
    await player.until(lambda: player.session.requests)
    await player.press("ctrl+x", "d")
    await player.until(lambda: player.deck.place == "diff")


async def _to_tests(player: Player) -> None:
    await _to_review(player)
    await player.press("y", "y", "y", "n", "enter", "enter")
    await player.until(lambda: len(player.session.requests) and not player.deck.diff.asking)
    await player.press("escape")


async def _chat(player: Player) -> None:
    await _to_proposal(player)
    await player.until(lambda: player.pose.reached)


async def _review(player: Player) -> None:
    await _to_review(player)
    await player.press("y", "n", "k")


async def _side_by_side(player: Player) -> None:
    await _review(player)
    await player.press("z", "t", "t")


async def _approval(player: Player) -> None:
    await _to_tests(player)
    await player.shows("no key is pre-selected")


async def _tasks(player: Player) -> None:
    await _to_tests(player)
    await _answer_command(player)
    await player.until(lambda: player.pose.reached)
    await player.press("ctrl+x", "t", "enter")


async def _jobs(player: Player) -> None:
    await _to_tests(player)
    await _answer_command(player)
    await player.until(lambda: player.pose.reached)
    await player.press("ctrl+x", "j")


async def _quit(player: Player) -> None:
    await _approval(player)
    await player.press("ctrl+q")
    await player.until(lambda: player.app.screen is not player.deck)


def _tests_run(event: ev.Event) -> bool:
    return isinstance(event, ev.ToolStarted) and "unittest" in event.title


SCENES = (
    Scene("chat", _chat, marker="one line for each"),
    Scene("review", _review),
    Scene("side-by-side", _side_by_side),
    Scene("approval", _approval),
    Scene("tasks", _tasks, stop=_tests_run),
    Scene("jobs", _jobs, stop=_tests_run),
    Scene("quit", _quit),
)
