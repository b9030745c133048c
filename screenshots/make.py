"""Draws every scene at every size: `python -m screenshots.make [NAME ...]`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from screenshots.scenes import SCENES, SIZES, Scene, staged

FOLDER = Path(__file__).parent


async def draw(scene: Scene, size: tuple[int, int]) -> str:
    """The picture of `scene` as SVG."""
    with staged(scene) as stage:
        async with stage.app.run_test(size=size, notifications=True) as pilot:
            await stage.lead(pilot)
            return stage.app.export_screenshot(simplify=True)


def main(names: Sequence[str]) -> int:
    """Draw the scenes called `names`, all for none; returns the exit code."""
    known = {scene.name: scene for scene in SCENES}
    if unknown := [name for name in names if name not in known]:
        print(f"no scene is called {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 64
    for name in names or known:
        for columns, rows in SIZES:
            path = FOLDER / f"{name}-{columns}x{rows}.svg"
            path.write_text(asyncio.run(draw(known[name], (columns, rows))), encoding="utf-8")
            print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
