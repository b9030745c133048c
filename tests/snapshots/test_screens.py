"""Every screen at three sizes and in three looks, as it was when somebody last found it right.

`pytest tests/snapshots --snapshot-update` keeps what is on the screens now: look at the difference first.
"""

from __future__ import annotations

import re
from difflib import unified_diff
from pathlib import Path
from xml.etree import ElementTree

import pytest

from screenshots.scenes import SCENES
from screenshots.scenes.scene import Scene
from tests.snapshots.record import record

TEXTS = Path(__file__).with_name("texts")
ROOT = Path(__file__).parents[2]
IN_README = re.findall(r"\((screenshots/[^)]+\.svg)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
MOST_LINES = 60
"""Of a difference that is shown."""


@pytest.mark.parametrize("scene", [pytest.param(scene, id=scene.name) for scene in SCENES])
async def test_the_screen_is_as_it_was(scene: Scene, updating: bool) -> None:
    path = TEXTS / f"{scene.name}.txt"
    now = await record(scene)
    if updating:
        path.write_text(now, encoding="utf-8")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    difference = list(unified_diff(before.split("\n"), now.split("\n"), "before", "now", n=2, lineterm=""))
    assert not difference, "\n".join(difference[:MOST_LINES])


def test_every_text_belongs_to_a_scene(updating: bool) -> None:
    left_over = {path.stem for path in TEXTS.iterdir()} - {scene.name for scene in SCENES}
    for name in left_over if updating else ():
        (TEXTS / f"{name}.txt").unlink()
    assert updating or not left_over


@pytest.mark.parametrize("picture", IN_README)
def test_a_picture_in_the_readme_is_there_and_fetches_nothing(picture: str) -> None:
    svg = (ROOT / picture).read_text(encoding="utf-8")
    root = ElementTree.fromstring(svg)
    assert "url(http" not in svg
    assert "@import" not in svg
    assert "@font-face" not in svg
    assert not [name for element in root.iter() for name in element.attrib if name.endswith("href")]


def test_no_picture_is_kept_that_the_readme_does_not_show() -> None:
    kept = {path.relative_to(ROOT).as_posix() for path in (ROOT / "screenshots").glob("*.svg")}
    assert kept == set(IN_README)
