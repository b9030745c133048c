"""Screens that come over the deck: welcome, lists, whole outputs."""

from __future__ import annotations

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import ResumeSession, Send, SwitchModel
from nanodeck.contracts.model import ModelRef
from nanodeck.contracts.queries import (
    FindServers,
    Lines,
    ListFiles,
    ListModels,
    ListSessions,
    ModelList,
    ReadOutput,
    RecallPrompts,
    SessionInfo,
)
from nanodeck.contracts.views import SessionView
from nanodeck.ui.screens.welcome import WelcomeScreen
from tests.flows.conftest import Stager
from tests.flows.fake_engine import FakeEngine


async def test_without_a_model_the_welcome_screen_comes_and_the_prompt_waits(stage: Stager) -> None:
    engine = FakeEngine(SessionView(session="s", folder="/p", cwd="/p"))
    engine.answers[FindServers] = lambda query: ()
    async with stage(engine, prompt="do it") as deck:
        assert isinstance(deck.app.screen, WelcomeScreen)
        assert engine.commands == []
        while "nothing found" not in deck.text:
            await deck.settle()
        await deck.press("down", "enter")
        assert engine.commands == [SwitchModel("demo"), Send("do it")]
        assert deck.bare


async def test_a_model_is_picked_from_the_list(stage: Stager) -> None:
    engine = FakeEngine()
    engine.answers[ListModels] = lambda query: (ModelList("local", ("small", "large")),)
    async with stage(engine) as deck:
        await deck.type("/model")
        await deck.press("escape", "enter")
        while "large" not in deck.text:
            await deck.settle()
        await deck.type("large")
        await deck.press("enter")
        assert deck.commands(SwitchModel) == [SwitchModel("large", "local")]
        await deck.publish(ev.ModelSwitched(ModelRef("local", "large")))
        assert "local/large" in deck.text


async def test_a_session_is_picked_from_the_list(stage: Stager) -> None:
    engine = FakeEngine()
    engine.answers[ListSessions] = lambda query: (SessionInfo("old-1", "fix the login", "/p", 0.0, 4),)
    async with stage(engine) as deck:
        await deck.type("/resume")
        await deck.press("escape", "enter")
        while "fix the login" not in deck.text:
            await deck.settle()
        await deck.press("enter")
        assert deck.commands(ResumeSession) == [ResumeSession("old-1")]


async def test_what_was_sent_before_is_found_and_put_into_the_prompt(stage: Stager) -> None:
    engine = FakeEngine()
    engine.answers[RecallPrompts] = lambda query: ("first thing", "second thing")
    async with stage(engine) as deck:
        await deck.press("ctrl+r")
        await deck.type("first")
        await deck.press("enter")
        assert deck.deck.area.prompt.text == "first thing"
        assert deck.commands(Send) == []


async def test_files_are_offered_after_an_at_sign(stage: Stager) -> None:
    engine = FakeEngine()
    engine.answers[ListFiles] = lambda query: ("api/handler.py", "api/limits.py")
    async with stage(engine) as deck:
        await deck.type("look at @li")
        while "api/limits.py" not in deck.text:
            await deck.settle()
        await deck.press("tab")
        assert "@api/" in deck.deck.area.prompt.text


async def test_the_whole_output_of_a_job_is_read_in_pages_from_its_end(stage: Stager) -> None:
    numbered = [f"line {number}" for number in range(2000)]

    def page(query: ReadOutput) -> Lines:
        first = query.first if query.first >= 0 else len(numbered) + query.first
        return Lines(first, len(numbered), "\n".join(numbered[first : first + query.limit]))

    engine = FakeEngine()
    engine.answers[ReadOutput] = page
    async with stage(engine) as deck:
        await deck.publish(ev.JobStarted("job-1", "npm run dev", "/p", 0.0))
        await deck.press("ctrl+x", "j", "enter")
        while "line 1999" not in deck.text:
            await deck.settle()
        await deck.press("home")
        while "line 0 " not in deck.text:
            await deck.settle()
        await deck.press("escape")
        assert deck.bare
        assert deck.at("jobs")
