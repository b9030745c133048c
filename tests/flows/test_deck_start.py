"""The deck before its engine is there, and when it does not come."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from nanodeck.contracts.changes import FileDiff, Hunk
from nanodeck.contracts.commands import Remember, SavePreference, Send
from nanodeck.contracts.errors import NanodeckError, SettingsError, UsageError
from nanodeck.contracts.link import EngineLink
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.sources import DiffPage, Source
from nanodeck.ui.app import DeckApp
from nanodeck.ui.skeleton import GROUND, draw
from tests.flows.fake_engine import FakeEngine
from tests.support.terminal import PATIENCE

HUNK = Hunk(1, 1, 1, 1, 1, "", "-a\n+b")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NANODECK_HOME", str(tmp_path))


async def test_what_is_sent_before_the_engine_is_there_is_sent_when_it_comes() -> None:
    engine, gate = FakeEngine(), threading.Event()

    def open_slowly() -> EngineLink:
        gate.wait(30)
        return engine

    app = DeckApp(Options(folder="/p"), open_slowly)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(*"early", "enter", *"draft")
        assert app.deck.area.prompt.text == "draft"
        assert engine.commands == []
        gate.set()
        await app.linked.wait()
        await pilot.pause()
        assert engine.commands == [Send("early")]
        assert app.deck.area.prompt.text == "draft"


async def test_leaving_does_not_wait_for_an_engine_that_hangs() -> None:
    gate = threading.Event()

    def hang() -> EngineLink:
        gate.wait(30)
        return FakeEngine()

    app = DeckApp(Options(folder="/p"), hang)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+d")
    assert app.return_code == 0
    gate.set()


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SettingsError("settings.toml line 3 is wrong", "mend it"), 1, "line 3 is wrong (mend it)"),
        (UsageError("there is no such session"), 64, "there is no such session"),
        (NanodeckError("no"), 1, "no"),
    ],
)
async def test_an_engine_that_cannot_open_ends_the_deck_with_its_reason(
    error: NanodeckError, code: int, said: str
) -> None:
    def refuse() -> EngineLink:
        raise error

    app = DeckApp(Options(folder="/p"), refuse)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.return_code is None:
            await pilot.pause()
    assert app.return_code == code
    assert said in app.problem
    assert app.crash == ""


async def test_a_fault_of_ours_is_a_crash_with_its_traceback() -> None:
    def break_down() -> EngineLink:
        raise RuntimeError("broken on purpose")

    app = DeckApp(Options(folder="/p"), break_down)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.return_code is None:
            await pilot.pause()
    assert app.return_code == 1
    assert "Traceback" in app.crash
    assert "broken on purpose" in app.crash


async def test_the_first_picture_of_the_next_start_has_the_colours_of_the_theme() -> None:
    engine = FakeEngine()
    app = DeckApp(Options(folder="/p"), lambda: engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.linked.wait()
        # Those of the first theme are known without being remembered.
        assert engine.commands == []
        app.prefer("theme", "textual-light")
        async with asyncio.timeout(PATIENCE):
            while "ground" not in app.remembered:
                await pilot.pause()
        ground = app.remembered["ground"]
        assert engine.commands == [SavePreference("theme", "textual-light"), Remember("ground", ground)]
        assert len(ground.split()) == len(GROUND)
        assert ground.endswith(" ".join(map(str, app.deck.background_colors[0].rgb)))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_first_picture_is_where_the_deck_draws_its_frames(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLORTERM", raising=False)
    app = DeckApp(Options(folder="/p"), FakeEngine)
    picture = draw(*size, "/p").split("\r\n")
    async with app.run_test(size=size):
        rows = [strip.text for strip in app.screen._compositor.render_strips()]
        framed = [number for number, row in enumerate(picture) if row[0] in "┌└┏┗"]
        assert len(framed) == 4
        assert [rows[number] for number in framed] == [picture[number] for number in framed]


async def test_a_diff_asked_for_before_there_is_a_pane_for_it_is_shown_in_it() -> None:
    engine = FakeEngine()
    page = DiffPage(Source("head"), (FileDiff("a.py", "modified", (HUNK,), 1, 1),), 1)
    engine.answers[ReadDiff] = lambda query: page
    app = DeckApp(Options(folder="/p"), lambda: engine)
    # As what was typed ahead is: before the first frame.
    app.deck.call_later(app.deck.run_command, "diff", "head")
    async with app.run_test(size=(120, 40)) as pilot:
        await app.linked.wait()
        await pilot.pause()
        assert app.deck.diff.source == Source("head")
    assert app.crash == ""
