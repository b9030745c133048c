"""How long the command takes to be there, and what it loads for that."""

from __future__ import annotations

import sys
from time import monotonic

from tests.performance.bench import COMMAND, LETTERS, Bench
from tests.performance.children import cpu_ms, memory_mib, run
from tests.performance.rows import Budget, Floor, Row

OWN_FIRST_FRAME = "ctrl+p"
"""A hint: the skeleton has none."""
HEAVY = (
    "httpx",
    "markdown_it",
    "mcp",
    "pathspec",
    "platformdirs",
    "pygments",
    "sqlite3",
    "tomlkit",
    "tree_sitter",
    "unidiff",
    "yaml",
)
_COUNTED = """
import os, sys
os.environ.setdefault("TEXTUAL_FPS", "120")
from nanodeck import cli
from nanodeck.ui import start
from nanodeck.contracts.options import Options
options = Options(os.getcwd())
from nanodeck.ui.app import DeckApp

def open_link():
    print("\\n".join(sorted(sys.modules)), file=sys.__stdout__, flush=True)
    app.call_from_thread(app.exit)
    raise SystemExit

app = DeckApp(options, open_link)
app.run(headless=True, size=(120, 40))
"""
_COUNTED_BARE = """
import sys
from textual.app import App
from textual.widgets import Static, TextArea

class Bare(App):
    def compose(self):
        yield Static("the mark")
        yield TextArea()

    def on_ready(self):
        print("\\n".join(sorted(sys.modules)), file=sys.__stdout__, flush=True)
        self.exit()

Bare().run(headless=True, size=(120, 40))
"""


def version(bench: Bench) -> list[Row]:
    """`--version`."""
    floors: dict[str, list[float]] = {"python -c pass": [], "python -S -c pass": []}
    values = []
    environment = bench.environment(bench.home())
    for _ in bench.times(20):
        values.append(run([COMMAND, "--version"], environment, bench.project).wall)
        for name, found in floors.items():
            command = [sys.executable, *name.split()[1:]]
            found.append(run(command, environment, bench.project).wall)
    against = tuple(Floor(name, tuple(found)) for name, found in floors.items())
    return [Row("--version", "ms", tuple(values), against, budget=Budget(30, goal=20))]


def first_frame(bench: Bench) -> list[Row]:
    """From exec to the skeleton, to the deck's own picture, to a letter typed meanwhile in the prompt."""
    skeleton, picture, typable, cpu = [], [], [], []
    mark, static, prompt, area_cpu = [], [], [], []
    for _ in bench.times(12):
        started = monotonic()
        with bench.deck() as deck:
            skeleton.append((deck.seen("nanodeck") - started) * 1000)
            deck.send(LETTERS[0])
            picture.append((deck.seen(OWN_FIRST_FRAME) - started) * 1000)
            typable.append((deck.seen(LETTERS[0]) - started) * 1000)
            cpu.append(cpu_ms(deck.pid))
        started = monotonic()
        with bench.floor("mark.py") as program:
            mark.append((program.seen("the mark") - started) * 1000)
        started = monotonic()
        with bench.floor("bare_app.py") as program:
            static.append((program.seen("the mark") - started) * 1000)
        started = monotonic()
        with bench.floor("bare_prompt.py") as program:
            # Before its first frame the terminal itself would show the letter.
            program.seen("the mark")
            program.send(LETTERS[0])
            prompt.append((program.seen(LETTERS[0]) - started) * 1000)
            area_cpu.append(cpu_ms(program.pid))
    python = Floor("a Python script that prints a mark", tuple(mark))
    bare = Floor("a bare Textual app with one Static", tuple(static))
    area = "a bare Textual app with a TextArea"
    typed = Floor(area, tuple(prompt))
    return [
        Row("exec to the skeleton", "ms", tuple(skeleton), (python,), budget=Budget(40, goal=25)),
        Row("exec to the deck's own first frame (U1)", "ms", tuple(picture), (bare,), budget=Budget(800)),
        Row("exec to typable", "ms", tuple(typable), (typed, bare), budget=Budget(300)),
        Row("exec to typable: CPU", "ms", tuple(cpu), (Floor(area, tuple(area_cpu)),)),
    ]


def modules(bench: Bench) -> list[Row]:
    """Modules loaded before the first frame."""
    environment = bench.environment(bench.home())
    loaded = run([sys.executable, "-c", _COUNTED], environment, bench.project).output.decode().split()
    bare = run([sys.executable, "-c", _COUNTED_BARE], environment, bench.project).output.decode().split()
    ours = {name.partition(".")[0] for name in set(loaded) - set(bare)}
    heavy = sorted(ours & set(HEAVY))
    floor = Floor("a bare Textual app with a TextArea", (float(len(bare)),))
    return [
        Row("modules before the first frame", "", (float(len(loaded)),), (floor,)),
        Row(
            "heavy ones that Textual did not load",
            "",
            (float(len(heavy)),),
            note=", ".join(heavy) or "none",
            budget=Budget(0),
        ),
    ]


def memory(bench: Bench) -> list[Row]:
    """Resident memory once everything is there and nothing happens."""
    values, bare = [], []
    for _ in bench.times(4):
        with bench.started() as deck:
            values.append(memory_mib(deck.pid))
        with bench.floor("bare_app.py") as program:
            program.seen("the mark")
            program.rest()
            bare.append(memory_mib(program.pid))
    floor = Floor("a bare Textual app with one Static", tuple(bare))
    return [Row("memory after start", "MiB", tuple(values), (floor,), budget=Budget(50))]
