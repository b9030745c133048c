"""F18: what tools, files, models and servers say is text on the screen, and nothing but text in its bytes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from random import Random
from unittest.mock import patch

from textual.pilot import Pilot

from nanodeck.contracts import events as ev
from nanodeck.contracts.messages import ToolMessage
from nanodeck.contracts.model import ModelRef
from nanodeck.contracts.options import Options
from nanodeck.contracts.preferences import Kept
from nanodeck.contracts.requests import CommandDetail, Request, SteeringFile, ToolDetail, TrustDetail
from nanodeck.contracts.tasks import Task
from nanodeck.contracts.text import show_controls
from nanodeck.contracts.views import SessionView
from nanodeck.core.review import ProposedFile, propose
from nanodeck.ui.app import DeckApp
from nanodeck.ui.gate import Gate
from tests.flows import keyboard
from tests.flows.fake_engine import MODEL, FakeEngine, reply, said
from tests.flows.keyboard import Clock, obey
from tests.reliability.figure import Figure, Score
from tests.support.hostile import PAYLOADS

TRICKS = (
    *PAYLOADS,
    "\x1b[31m",
    "\x1b[2J\x1b[H",
    "\x1bc",
    "\x1b[?1000h",
    "\x1b]1337;File=:Q0FOQVJZ\x07",
    "\x1b]8;;file:///etc/passwd\x07safe.txt\x1b]8;;\x07",
    "\x1b[3\x1b[1m1m",
    "\x1b\x1b[31m",
    "\x1b",
    "\x9b",
    "\x08\x08\x08",
    "\r",
    "\x0e",
    "\x7f",
    "\u2066canary\u2069",
    "ca\u200bna\u200dry",
    "\ufeff\u2028\u2029",
    "\U000e0041\U000e0042",
    "[red]canary[/red]",
    "[link=http://canary.example]canary[/link]",
    "[@click=app.quit]canary[/]",
)
ROUND = 60
"""Trials of a round: five tricks at twelve places."""
_OURS = re.compile(r"\x1b\[[0-9;]*m")


def _run(dice: Random, trials: int) -> Score:
    return asyncio.run(_rounds(dice, max(1, trials // ROUND)))


async def _rounds(dice: Random, rounds: int) -> Score:
    score, engine, clock = Score(), FakeEngine(), Clock()
    # Only the terminal is asked what it is.
    with patch.dict("os.environ", {"TERM": "xterm-256color", "COLORTERM": "truecolor"}):
        app = DeckApp(Options(folder="/p"), lambda: engine, kept=Kept(), gate=Gate(clock))
        obey(app, clock)
        async with app.run_test(size=(160, 60)) as pilot:
            await app.linked.wait()
            for number in range(rounds):
                tricks = dice.sample(TRICKS, 5)
                engine.snapshot(SessionView(session=f"s{number}", folder="/p", cwd="/p", model=MODEL))
                engine.publish(*_everywhere(tricks))
                found = await _looked_at(app, pilot, clock)
                for trial in range(ROUND):
                    score.add(f"{found[trial]} of {tricks!r}" if trial < len(found) else "")
    return score


def _everywhere(tricks: Sequence[str]) -> list[ev.Event]:
    """Twelve places in which something from outside is shown."""
    bad = " ".join(tricks)
    change = propose("c1", ["call-1"], [ProposedFile(f"{bad}.py", b"one\n", f"{bad}\n".encode())]).changeset
    message = ToolMessage("call-1", bad, f"{bad}\n{bad}", ok=False)
    return [
        *said(f"prompt and title {bad}"),
        ev.ReasoningStreamed("r1", f"thinking {bad}"),
        *reply(f"reply {bad}\n\n- [text {bad}](http://a/{bad})\n\n```py\n{bad}\n```", ends=False),
        ev.ToolPrepared("call-1", f"tool {bad}", f"tool {bad}"),
        ev.ToolStarted("call-1", f"tool {bad}", f"title {bad}"),
        ev.OutputStreamed("call-1", f"output {bad}\n"),
        ev.ToolEnded("call-1", f"tool {bad}", f"title {bad}", message, "error", f"summary {bad}", 0.1),
        ev.TasksChanged((Task("T1", f"task {bad}"),)),
        ev.JobStarted("job-1", f"job {bad}", "/p", 0.0),
        ev.OutputStreamed("job-1", f"job says {bad}\n"),
        ev.ChangesetProposed(change),
        ev.Noticed("error", f"server says {bad}", f"advice {bad}"),
        ev.RetryScheduled(1, 2.0, f"reason {bad}"),
        ev.ModelSwitched(ModelRef(f"provider {bad}", f"model {bad}")),
        ev.RequestOpened(Request("q1", "main", "", CommandDetail(f"command {bad}", f"/p/{bad}"))),
        ev.RequestOpened(Request("q2", "main", "", ToolDetail(f"tool {bad}", f"arguments {bad}"))),
        ev.RequestOpened(
            Request("q3", "main", "", TrustDetail(f"/p {bad}", (SteeringFile(f"file {bad}", "it", bad),)))
        ),
    ]


async def _looked_at(app: DeckApp, pilot: Pilot[None], clock: Clock) -> list[str]:
    """What reaches the terminal that is no text, from every pane and every request."""
    app.bridge.flush()
    await keyboard.settle(pilot)
    found = _drawn(app, "deck")
    await keyboard.press(pilot, "ctrl+o")
    found += _drawn(app, "unfolded")
    clock.advance(2.0)
    app.deck.attention.consider()
    await keyboard.settle(pilot)
    for number in range(3):
        found += _drawn(app, f"request {number + 1}")
        clock.advance(2.0)
        await keyboard.press(pilot, "right")
    await keyboard.press(pilot, "escape")
    return found


def _drawn(app: DeckApp, place: str) -> list[str]:
    found = []
    for strip in app.screen._compositor.render_strips():
        raw = _OURS.sub("", strip.render(app.console))
        if raw != show_controls(raw):
            found.append(f"{place}: {raw.strip()[:120]!r}")
    return found


FIGURE = Figure(
    "F18", "nothing from outside reaches the terminal as more than text", _run, short=60, long=300
)
