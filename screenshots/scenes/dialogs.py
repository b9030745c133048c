"""Everything that stands before the deck or over it."""

from __future__ import annotations

from screenshots.scenes.scene import Player, Scene


async def _welcome(player: Player) -> None:
    await player.shows("Use Ollama")


async def _help(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.press("f1")


async def _provider(player: Player) -> None:
    await _welcome(player)
    await player.press("end", "up", "up", "up", "enter")
    await player.shows("URL")


async def _settings(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.press("f2")
    await player.shows("Settings")


async def _models(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say("/model")
    await player.shows("gpt-oss")


async def _sessions(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say("/resume")
    await player.shows("rate limiting")


async def _history(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.press("ctrl+r")
    await player.shows("rate limiting")


async def _status(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say("/status")
    await player.until(lambda: player.app.screen is not player.deck)


async def _tour(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say("/tour")
    await player.until(lambda: player.app.screen is not player.deck)
    await player.press("pagedown", "ctrl+x", "d", "f6")


async def _palette(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.press("ctrl+p")
    await player.shows("Go to the chat")


async def _themes(player: Player) -> None:
    await player.until(lambda: player.session.model is not None)
    await player.say("/theme")
    await player.shows("catppuccin")


SCENES = (
    Scene("welcome", _welcome, model=None),
    Scene("provider", _provider, model=None),
    Scene("help", _help),
    Scene("settings", _settings),
    Scene("models", _models),
    Scene("sessions", _sessions),
    Scene("history", _history),
    Scene("status", _status),
    Scene("tour", _tour),
    Scene("palette", _palette),
    Scene("themes", _themes),
)
