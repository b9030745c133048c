"""What the deck loads and does before it is seen."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "httpx",
    "markdown_it",
    "nanodeck.engine",
    "nanodeck.providers",
    "nanodeck.store",
    "nanodeck.tools",
    "nanodeck.workspace",
    "pathspec",
    "pygments",
    "sqlite3",
    "textual.widgets._data_table",
    "textual.widgets._markdown",
    "textual.widgets._rich_log",
    "tomlkit",
    "xml",
}
SCRIPT = """
import sys
from textual.css.stylesheet import Stylesheet
from nanodeck.contracts.options import Options
from nanodeck.ui.app import DeckApp

def open_link():
    print("\\n".join(sorted(sys.modules)), file=sys.__stdout__, flush=True)
    app.call_from_thread(app.exit)
    raise SystemExit

Stylesheet.reparse = lambda sheet: print("parsed-anew", file=sys.__stdout__)
app = DeckApp(Options(folder="/p"), open_link)
app.run(headless=True, size=(120, 40))
"""


def test_nothing_heavy_is_loaded_before_the_first_frame() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    loaded = done.stdout.split()
    assert "nanodeck.ui.screens.deck" in loaded, done.stderr
    heavy = [name for name in loaded if any(name == one or name.startswith(f"{one}.") for one in HEAVY)]
    assert heavy == []
    assert "parsed-anew" not in loaded, "the style sheets are parsed again before the first frame"
