"""From nothing configured to a model, with arrow keys alone."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from nanodeck.contracts.commands import AddProvider, SwitchModel
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.model import ServerFound
from nanodeck.contracts.queries import FindServers, ListModels, ModelList, TryProvider
from nanodeck.ui.dialogs.provider import ProviderScreen
from nanodeck.ui.screens.welcome import WelcomeScreen
from tests.flows.answering import Answering, screen_stage, settled
from tests.flows.keyboard import key_event, press, send

OLLAMA = ServerFound("ollama", "Ollama", "http://localhost:11434/v1", ("llama", "qwen"))
KEY = ServerFound("openai", "OpenAI", "https://api.openai.com/v1", (), "OPENAI_API_KEY", "key")
REFUSED = ModelList("new", (), "connection refused; check that the server runs")


async def test_what_was_found_is_listed_first_and_taken_with_enter() -> None:
    link = Answering({FindServers: (OLLAMA, KEY)})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        assert "Use Ollama" in app.drawn()
        assert "2 models at http://localhost:11434/v1" in app.drawn()
        assert "key in OPENAI_API_KEY" in app.drawn()
        await press(pilot, "enter")
        await press(pilot, "down", "enter")
        await settled(app, pilot)
        assert app.results == [AddProvider("ollama", "http://localhost:11434/v1", "qwen")]


async def test_a_server_with_one_model_needs_one_key() -> None:
    only = ServerFound("llamacpp", "llama.cpp", "http://localhost:8080/v1", ("[b]m",))
    async with screen_stage(WelcomeScreen(Answering({FindServers: (only,)}))) as (app, pilot):
        assert "[b]m at http://localhost:8080" in app.drawn()
        await press(pilot, "enter")
        await settled(app, pilot)
        assert app.results == [AddProvider("llamacpp", "http://localhost:8080/v1", "[b]m")]


async def test_a_key_in_the_environment_lists_the_providers_models_first() -> None:
    link = Answering({FindServers: (KEY,), ListModels: (ModelList("openai", ("a", "b")),)})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        await press(pilot, "enter")
        await settled(app, pilot)
        await press(pilot, "enter")
        await settled(app, pilot)
        assert app.results == [AddProvider("openai", "https://api.openai.com/v1", "a")]


async def test_a_key_that_is_refused_says_why_and_opens_the_form() -> None:
    link = Answering({FindServers: (KEY,), ListModels: (ModelList("openai", (), "the key is wrong"),)})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        await press(pilot, "enter")
        await settled(app, pilot)
        assert "the key is wrong" in app.drawn()
        assert "https://api.openai.com/v1" in app.drawn()
        assert "OPENAI_API_KEY" in app.drawn()


async def test_while_it_looks_everything_else_can_be_chosen() -> None:
    link = Answering({FindServers: (OLLAMA,)})
    link.gate.clear()
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        assert "looking for model servers" in app.drawn()
        await press(pilot, "down", "enter")
        await settled(app, pilot)
        assert app.results == [SwitchModel("demo")]


async def test_nothing_found_says_so_and_r_looks_again() -> None:
    link = Answering({FindServers: ()})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        assert "nothing found" in app.drawn()
        link.answers[FindServers] = (OLLAMA,)
        await press(pilot, "r")
        await settled(app, pilot)
        assert "Use Ollama" in app.drawn()
        assert "nothing found" not in app.drawn()


async def test_a_choice_made_before_the_answer_stays_under_the_cursor() -> None:
    link = Answering({FindServers: (OLLAMA,)})
    link.gate.clear()
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        await press(pilot, "down")
        link.gate.set()
        await settled(app, pilot)
        assert "Use Ollama" in app.drawn()
        await press(pilot, "enter")
        await settled(app, pilot)
        assert app.results == [SwitchModel("demo")]


async def test_a_look_that_fails_says_why() -> None:
    async with screen_stage(WelcomeScreen(Answering({FindServers: NanodeckError("no loop")}))) as (app, _):
        assert "could not look: no loop" in app.drawn()


async def test_quit_is_a_choice() -> None:
    async with screen_stage(WelcomeScreen(Answering({FindServers: ()}))) as (app, pilot):
        await press(pilot, "up", "enter")
        await settled(app, pilot)
        assert app.results == [None]


async def test_a_provider_by_hand_is_tested_and_its_error_loses_nothing() -> None:
    link = Answering({FindServers: (), TryProvider: REFUSED})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        await press(pilot, "enter", *"api.example.com/v1", "enter", *"s3cret", "down", *"big", "enter")
        await settled(app, pilot)
        assert link.asked[-1] == TryProvider("https://api.example.com/v1", "s3cret")
        drawn = app.drawn()
        assert "connection refused" in drawn
        assert "api.example.com/v1" in drawn
        assert "big" in drawn
        assert "s3cret" not in drawn
        link.answers[TryProvider] = ModelList("new", ("big", "small"))
        await press(pilot, "enter")
        await settled(app, pilot)
        assert app.results == [AddProvider("example", "https://api.example.com/v1", "big", "s3cret")]


async def test_keys_pressed_as_soon_as_the_form_is_there_are_all_in_its_fields() -> None:
    async with screen_stage(WelcomeScreen(Answering({FindServers: ()}))) as (app, pilot):
        form = ProviderScreen(Answering({}))
        await app.push_screen(form)
        for key in [*"my.host", "enter", *"s3cret"]:
            send(app, key_event(key))
        await settled(app, pilot)
        assert [field.value for field in form.query(Input)] == ["my.host", "s3cret", ""]


async def test_what_was_typed_is_still_there_after_going_back() -> None:
    link = Answering({FindServers: (), TryProvider: REFUSED})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        await press(pilot, "enter", *"my.host", "escape")
        await settled(app, pilot)
        await press(pilot, "enter")
        await settled(app, pilot)
        assert "my.host" in app.drawn()


async def test_without_a_model_the_servers_list_is_offered() -> None:
    link = Answering({FindServers: (), TryProvider: ModelList("new", ("one", "two"))})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        await press(pilot, "enter", *"localhost:9", "enter", "enter")
        await settled(app, pilot)
        await press(pilot, "down", "enter")
        await settled(app, pilot)
        assert app.results == [AddProvider("localhost-9", "http://localhost:9", "two")]


async def test_a_model_the_server_does_not_list_is_used_on_the_second_enter() -> None:
    link = Answering({FindServers: (), TryProvider: ModelList("new", ("one",))})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        await press(pilot, "enter", *"localhost:9", "up", *"odd", "enter")
        await settled(app, pilot)
        assert "does not list odd" in app.drawn()
        assert app.results == []
        await press(pilot, "enter")
        await settled(app, pilot)
        assert app.results == [AddProvider("localhost-9", "http://localhost:9", "odd")]


async def test_a_url_that_is_none_is_said_before_anything_is_asked() -> None:
    link = Answering({FindServers: ()})
    async with screen_stage(WelcomeScreen(link)) as (app, pilot):
        await press(pilot, "enter", *"ftp://x", "down", "down", *"m", "enter")
        await settled(app, pilot)
        assert "the URL must be like" in app.drawn()
        assert link.asked == [FindServers()]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_all_choices_fit_at_every_size(size: tuple[int, int]) -> None:
    async with screen_stage(WelcomeScreen(Answering({FindServers: (OLLAMA, KEY)})), *size) as (app, _):
        for words in ("nanodeck", "Use Ollama", "Add a provider", "Try the demo", "Quit", "r looks again"):
            assert words in app.drawn()
