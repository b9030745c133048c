"""Draws scenes: `python -m screenshots.make [scene ...]`; without a name those that the README shows."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from screenshots.looks import DARK, LOOKS, Look
from screenshots.picture import picture
from screenshots.scenes import SCENES
from screenshots.scenes.scene import SIZES, Scene, Size, playing

FOLDER = Path(__file__).parent
IN_README = ("review", "chat", "approval")
SIZE_IN_README = (120, 40)
WRONG_ARGUMENTS = 64


async def draw(scene: Scene, size: Size, look: Look) -> str:
    """The picture of `scene` as SVG."""
    async with playing(scene, size) as player:
        await player.put_on(look)
        return picture(player.rows, player.app.title)


def _size(text: str) -> Size:
    columns, _, rows = text.partition("x")
    return int(columns), int(rows)


def _look(name: str) -> Look:
    return next((look for look in LOOKS if look.name == name), Look(name, name))


def main(arguments: Sequence[str]) -> int:
    """Draw what the arguments say; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m screenshots.make", description=__doc__)
    parser.add_argument("scene", nargs="*", help="the scenes to draw")
    parser.add_argument("--all", action="store_true", help="every scene")
    parser.add_argument("--look", type=_look, default=DARK, help="dark, light, 16 or the name of a theme")
    parser.add_argument("--size", type=_size, action="append", metavar="COLUMNSxROWS")
    parser.add_argument("--to", type=Path, default=FOLDER, metavar="FOLDER")
    wanted = parser.parse_args(arguments)
    known = {scene.name: scene for scene in SCENES}
    if unknown := [name for name in wanted.scene if name not in known]:
        print(f"no scene is called {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return WRONG_ARGUMENTS
    chosen = bool(wanted.scene or wanted.all)
    names = known if wanted.all else wanted.scene or IN_README
    sizes = wanted.size or (SIZES if chosen else (SIZE_IN_README,))
    wanted.to.mkdir(parents=True, exist_ok=True)
    for name in names:
        for columns, rows in sizes:
            path = wanted.to / f"{name}-{columns}x{rows}.svg"
            svg = asyncio.run(draw(known[name], (columns, rows), wanted.look))
            path.write_text(svg, encoding="utf-8")
            print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
