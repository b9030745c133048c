"""Files and functions stay small, and no module is a drawer for odds and ends."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LINES = 400
FUNCTION_LINES = 50
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def sources() -> Iterator[Path]:
    for top in ("app", "widgets", "tests", "screenshots"):
        yield from sorted((ROOT / top).rglob("*.py"))


SOURCES = [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in sources()]


@pytest.mark.parametrize("path", SOURCES)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", SOURCES)
def test_a_function_has_at_most_50_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = [
        f"{node.name} ({(node.end_lineno or 0) - node.lineno + 1} lines)"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not long


def test_no_module_is_a_drawer() -> None:
    assert [path for path in sources() if path.stem in DRAWERS] == []
