"""What each surface looks like while it is empty, busy, waiting, broken or done."""

from __future__ import annotations

from screenshots.scenes.job import ask
from screenshots.scenes.scene import Player, Scene


async def _error(player: Player) -> None:
    await ask(player)
    await player.shows("cannot connect")


SCENES = (Scene("error", _error, model="qwen3-coder", absent_server=True),)
