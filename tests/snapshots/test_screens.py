"""Every screen at three sizes, as it was when somebody last looked at it and found it right.

`pytest tests/snapshots --snapshot-update` takes new pictures: look at each one before keeping it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from screenshots.scenes import SCENES, SIZES, Scene, staged

PICTURES = Path(__file__).parents[2] / "screenshots"
EVERY_SCENE = [pytest.param(scene, id=scene.name) for scene in SCENES]
EVERY_SIZE = [pytest.param(size, id=f"{size[0]}x{size[1]}") for size in SIZES]


@pytest.mark.parametrize("size", EVERY_SIZE)
@pytest.mark.parametrize("scene", EVERY_SCENE)
def test_the_screen_is_as_it_was(
    snap_compare: Callable[..., bool], scene: Scene, size: tuple[int, int]
) -> None:
    with staged(scene) as stage:
        assert snap_compare(stage.app, terminal_size=size, run_before=stage.lead)


@pytest.mark.parametrize("size", EVERY_SIZE)
@pytest.mark.parametrize("scene", EVERY_SCENE)
def test_the_picture_of_a_scene_is_there_and_fetches_nothing(scene: Scene, size: tuple[int, int]) -> None:
    svg = (PICTURES / f"{scene.name}-{size[0]}x{size[1]}.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(svg)
    assert "url(http" not in svg
    assert "@import" not in svg
    assert "@font-face" not in svg
    assert not [name for element in root.iter() for name in element.attrib if name.endswith("href")]
