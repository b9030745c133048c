"""Who may import whom, and what is never loaded where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = (
    "httpx",
    "pygments",
    "markdown_it",
    "tomlkit",
    "pathspec",
    "platformdirs",
    "yaml",
    "mcp",
    "tree_sitter",
    "unidiff",
)


def modules_after(code: str, tmp_path: Path) -> set[str]:
    """The modules loaded once `code` has run in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    environment = {**os.environ, "NANODECK_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    return set(done.stderr.split("\n"))


def loaded(modules: set[str], *packages: str) -> list[str]:
    return sorted(name for name in modules if name.split(".")[0] in packages)


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_version_loads_next_to_nothing(tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['nanodeck', '--version']\nfrom nanodeck.cli import main; main()"
    modules = modules_after(code, tmp_path)
    assert loaded(modules, "textual", "rich", "msgspec", "argparse", "asyncio", *HEAVY) == []


FIRST_PICTURE = """
import os, sys
from nanodeck.cli import main
sys.argv, os.isatty, os.write = ["nanodeck"], lambda descriptor: True, lambda descriptor, data: len(data)
class AtTextual:
    def find_spec(self, name, path=None, target=None):
        if name == "nanodeck.ui.app":
            print("\\n".join(sys.modules), file=sys.stderr)
            os._exit(0)
sys.meta_path.insert(0, AtTextual())
main()
"""


def test_the_first_picture_waits_for_next_to_nothing(tmp_path: Path) -> None:
    """Each of `re`, `typing`, `enum`, `contextlib` takes longer to load than the picture to draw."""
    ours = modules_after(FIRST_PICTURE, tmp_path) - modules_after("", tmp_path)
    assert "nanodeck.ui.skeleton" in ours
    allowed = {"__future__", "_signal", "gc", "termios"}
    assert {name for name in ours if name.split(".")[0] not in ("nanodeck", "nanodeck_widgets")} <= allowed


def test_arguments_are_parsed_without_anything_heavy(tmp_path: Path) -> None:
    modules = modules_after("from nanodeck.arguments import parse; parse(['hi'])", tmp_path)
    assert loaded(modules, "textual", "rich", "asyncio", *HEAVY) == []


@pytest.mark.parametrize(
    "module", ["nanodeck.core.fold", "nanodeck.core.review", "nanodeck.core.turn", "nanodeck.contracts.link"]
)
def test_decisions_and_vocabulary_load_nothing_but_msgspec(module: str, tmp_path: Path) -> None:
    modules = modules_after(f"import {module}", tmp_path)
    assert loaded(modules, "textual", "rich", *HEAVY) == []


def test_a_run_without_a_screen_never_loads_textual(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['nanodeck', '-p', 'hi', '-m', 'demo', '--quiet']\n"
        "from nanodeck.cli import main; main()"
    )
    modules = modules_after(code, tmp_path)
    assert loaded(modules, "textual", "rich", "nanodeck_widgets") == []
