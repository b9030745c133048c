"""The lists of models and sessions."""

from __future__ import annotations

import pytest

from nanodeck.contracts.commands import ResumeSession, SwitchModel
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.model import ModelRef
from nanodeck.contracts.queries import ListModels, ListSessions, ModelList, SessionInfo
from nanodeck.ui.dialogs.models import ModelScreen
from nanodeck.ui.dialogs.sessions import SessionScreen, age
from tests.flows.answering import Answering, screen_stage, settled
from tests.flows.keyboard import press

MODELS = (
    ModelList("ollama", ("llama:8b", "qwen[red]"), "", "http://localhost:11434/v1"),
    ModelList("openai", (), "the key is wrong", "https://api.openai.com/v1"),
    ModelList("demo", ("demo",), "", "scripted, needs nothing"),
)
NOW = 1_000_000.0
SESSIONS = (
    SessionInfo("s2", "fix the \x1b[31mlogin", "/x", NOW - 7200, 12),
    SessionInfo("s1", "", "/x", NOW - 86400 * 3, 1),
)


async def test_models_stand_under_their_providers_and_the_current_one_is_marked() -> None:
    screen = ModelScreen(Answering({ListModels: MODELS}), ModelRef("ollama", "qwen[red]"))
    async with screen_stage(screen) as (app, pilot):
        drawn = app.drawn()
        assert "✔ qwen[red]  in use" in drawn
        assert "✘ the key is wrong" in drawn
        assert drawn.index("ollama") < drawn.index("llama:8b") < drawn.index("openai")
        await press(pilot, "down", "enter")
        await settled(app, pilot)
        assert app.results == [SwitchModel("qwen[red]", "ollama")]


async def test_typing_filters_by_provider_and_name() -> None:
    async with screen_stage(ModelScreen(Answering({ListModels: MODELS}))) as (app, pilot):
        await press(pilot, *"oll qw")
        await settled(app, pilot)
        assert "llama:8b" not in app.drawn()
        await press(pilot, "enter")
        await settled(app, pilot)
        assert app.results == [SwitchModel("qwen[red]", "ollama")]


async def test_a_name_that_no_list_has_can_be_typed() -> None:
    async with screen_stage(ModelScreen(Answering({ListModels: MODELS}))) as (app, pilot):
        await press(pilot, *"other/m", "enter")
        await settled(app, pilot)
        assert app.results == [SwitchModel("other/m")]


async def test_a_name_can_be_typed_even_while_or_although_nothing_could_be_fetched() -> None:
    link = Answering({ListModels: NanodeckError("no network", "plug it in")})
    async with screen_stage(ModelScreen(link)) as (app, pilot):
        assert "the list could not be fetched: no network (plug it in)" in app.drawn()
        await press(pilot, *"m", "enter")
        await settled(app, pilot)
        assert app.results == [SwitchModel("m")]


async def test_while_the_providers_are_asked_it_says_so() -> None:
    link = Answering({ListModels: MODELS})
    link.gate.clear()
    async with screen_stage(ModelScreen(link)) as (app, pilot):
        assert "asking the providers" in app.drawn()
        link.gate.set()
        await settled(app, pilot)
        assert "asking the providers" not in app.drawn()


async def test_escape_picks_nothing() -> None:
    async with screen_stage(ModelScreen(Answering({ListModels: MODELS}))) as (app, pilot):
        await press(pilot, "escape")
        await settled(app, pilot)
        assert app.results == [None]


async def test_sessions_show_age_size_and_title() -> None:
    screen = SessionScreen(Answering({ListSessions: SESSIONS}), clock=lambda: NOW)
    async with screen_stage(screen) as (app, pilot):
        assert "2 hours ago" in app.drawn()
        assert "12 messages" in app.drawn()
        assert "fix the login" in app.drawn()
        assert "(nothing said)" in app.drawn()
        await press(pilot, "down", "enter")
        await settled(app, pilot)
        assert app.results == [ResumeSession("s1")]


async def test_the_session_in_use_is_not_offered() -> None:
    screen = SessionScreen(Answering({ListSessions: SESSIONS}), "s2", clock=lambda: NOW)
    async with screen_stage(screen) as (app, _):
        assert "fix the login" not in app.drawn()


async def test_no_sessions_says_so_and_enter_does_nothing() -> None:
    async with screen_stage(SessionScreen(Answering({ListSessions: ()}))) as (app, pilot):
        assert "there are no earlier sessions in this folder" in app.drawn()
        await press(pilot, "enter")
        assert app.results == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (60, "1 minute ago"),
        (7199, "1 hour ago"),
        (86400 * 2, "2 days ago"),
        (86400 * 30, "4 weeks ago"),
    ],
)
def test_ages_are_told_in_the_largest_full_unit(seconds: float, words: str) -> None:
    assert age(seconds) == words
