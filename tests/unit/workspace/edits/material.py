"""Samples of real-looking files, and edits of them written without a flaw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SAMPLES = Path(__file__).parent / "samples"
_EDIT = re.compile(r"<<<< (?P<name>[^\n]+)\n(?P<old>.*?)\n====\n(?P<new>.*?)\n>>>>\n", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """An edit of a text with its one right outcome."""

    name: str
    text: str
    old: str
    new: str
    expected: str


def read_cases() -> list[Case]:
    """Every sample's edits; each old text is in its sample exactly once."""
    cases = []
    for path in sorted(_SAMPLES.glob("*.edits")):
        text = path.with_suffix(".txt").read_text("utf-8")
        for edit in _EDIT.finditer(path.read_text("utf-8")):
            old, new = edit["old"], edit["new"]
            assert text.count(old) == 1, (path.stem, edit["name"])
            cases.append(Case(f"{path.stem}: {edit['name']}", text, old, new, text.replace(old, new)))
    return cases
