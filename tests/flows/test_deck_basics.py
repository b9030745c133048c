"""The deck with a scripted engine: words in, words out, keys where they belong."""

from __future__ import annotations

import pytest

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Cancel, Queue, Send, StartSession, SwitchMode, SwitchModel, Undo
from nanodeck.contracts.model import ModelRef
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.tasks import Task
from nanodeck.contracts.views import SessionView
from nanodeck.ui.dialogs.help import HelpScreen
from nanodeck.ui.dialogs.quit import QuitScreen
from tests.flows.conftest import SIZES, Stager
from tests.flows.fake_engine import FakeEngine, reply, said

TASKS = (Task("T1", "read the code", status="completed"), Task("T2", "wire it", blocked_by=("T1",)))


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_typed_is_sent_and_the_reply_is_shown(stage: Stager, size: tuple[int, int]) -> None:
    async with stage(size=size) as deck:
        await deck.type("hello")
        await deck.press("enter")
        assert deck.commands(Send) == [Send("hello")]
        await deck.publish(*said("hello"), *reply("a reply from the model"))
        assert "hello" in deck.text
        assert "a reply from the model" in deck.text
        assert len(deck.rows) == size[1]


async def test_a_prompt_from_the_command_line_is_sent_when_the_engine_is_there(stage: Stager) -> None:
    async with stage(prompt="do it") as deck:
        assert deck.commands(Send) == [Send("do it")]


async def test_while_a_turn_runs_tab_queues_and_escape_stops(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"))
        await deck.type("next")
        await deck.press("tab")
        assert deck.commands(Queue) == [Queue("next")]
        await deck.press("escape")
        assert deck.commands(Cancel) == [Cancel()]


async def test_text_that_was_waiting_comes_back_into_the_prompt(stage: Stager) -> None:
    async with stage() as deck:
        await deck.type("draft")
        await deck.publish(*said("work"), ev.QueueReturned(("waiting",)))
        assert deck.deck.area.prompt.text == "waiting\ndraft"


async def test_shift_tab_cycles_the_mode_also_from_a_full_prompt(stage: Stager) -> None:
    async with stage() as deck:
        await deck.type("draft")
        await deck.press("shift+tab")
        assert deck.commands(SwitchMode) == [SwitchMode(Mode.AUTO_ACCEPT)]
        await deck.publish(ev.ModeSwitched(Mode.YOLO))
        assert "YOLO" in deck.text


async def test_two_quick_shift_tabs_go_two_modes_on(stage: Stager) -> None:
    async with stage() as deck:
        await deck.press("shift+tab", "shift+tab")
        assert deck.commands(SwitchMode) == [SwitchMode(Mode.AUTO_ACCEPT), SwitchMode(Mode.PLAN)]


async def test_panes_appear_with_content_and_take_the_focus_when_asked(stage: Stager) -> None:
    async with stage() as deck:
        assert "Tasks" not in deck.text
        await deck.publish(ev.TasksChanged(TASKS))
        assert "Tasks" in deck.text
        await deck.press("ctrl+x", "t")
        assert deck.at("tasks")
        await deck.press("1")
        assert deck.at("chat")
        await deck.press("f6")
        assert deck.at("tasks")
        await deck.press("escape")
        assert deck.at("prompt")


async def test_a_pane_without_content_says_so_and_keeps_the_focus_where_it_is(stage: Stager) -> None:
    async with stage() as deck:
        await deck.press("ctrl+x", "d")
        assert deck.at("prompt")
        assert "no changes yet" in deck.text


async def test_digits_and_letters_are_text_in_the_prompt(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(ev.TasksChanged(TASKS))
        await deck.type("123z?")
        assert deck.deck.area.prompt.text == "123z?"
        assert deck.at("prompt")


async def test_after_the_leader_key_no_letter_reaches_the_prompt(stage: Stager) -> None:
    async with stage() as deck:
        await deck.type("draft")
        await deck.press("ctrl+x")
        (top,) = (number for number, row in enumerate(deck.rows) if "─ ctrl+x ─" in row)
        assert "c chat" in deck.rows[top + 1]
        await deck.press("q")
        assert "─ ctrl+x ─" not in deck.text
        assert deck.deck.area.prompt.text == "draft"
        await deck.type("s")
        assert deck.deck.area.prompt.text == "drafts"


async def test_zoom_gives_a_pane_all_the_room_and_takes_it_back(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(ev.TasksChanged(TASKS))
        await deck.press("ctrl+x", "t", "z")
        assert deck.deck.tasks.size.width == 120
        await deck.press("z")
        assert deck.deck.tasks.size.width < 120


async def test_a_narrow_deck_has_tabs_and_a_wide_one_three_columns(stage: Stager) -> None:
    async with stage(size=(80, 24)) as deck:
        await deck.publish(ev.TasksChanged(TASKS))
        assert "[Chat]" in deck.rows[0]
        assert "Tasks 1/2" in deck.rows[0]
        assert not deck.deck.tasks.region.width
        await deck.press("ctrl+x", "t")
        assert "[Tasks 1/2]" in deck.rows[0]
        assert deck.deck.tasks.size.width == 80
        await deck.press("escape")
        assert "[Chat]" in deck.rows[0]
        await deck.pilot.resize_terminal(200, 60)
        await deck.settle()
        assert "[Chat]" not in deck.rows[0]
        assert deck.deck.tasks.size.width > 30


async def test_a_deck_that_became_narrow_while_somebody_writes_shows_the_chat(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"), ev.TasksChanged(TASKS))
        await deck.press("ctrl+x", "t", "escape")
        await deck.pilot.resize_terminal(80, 24)
        await deck.settle()
        assert "[Chat]" in deck.rows[0]
        assert "work" in deck.text


async def test_a_terminal_that_became_too_small_says_so_in_one_line(stage: Stager) -> None:
    async with stage() as deck:
        await deck.pilot.resize_terminal(50, 30)
        await deck.settle()
        assert "60x20" in deck.text
        assert "Chat" not in deck.text
        await deck.pilot.resize_terminal(80, 24)
        await deck.settle()
        await deck.type("typed")
        assert "❯ typed" in deck.text


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("/new", StartSession()),
        ("/undo", Undo()),
        ("/mode plan", SwitchMode(Mode.PLAN)),
        ("/model local/other", SwitchModel("local/other")),
    ],
)
async def test_slash_commands_become_commands(stage: Stager, typed: str, command: object) -> None:
    async with stage() as deck:
        await deck.type(typed)
        await deck.press("escape", "enter")
        assert command in deck.engine.commands


async def test_an_unknown_slash_command_is_answered_and_not_sent(stage: Stager) -> None:
    async with stage() as deck:
        await deck.type("/moedl")
        await deck.press("escape", "enter")
        assert deck.engine.commands == []
        assert "did you mean /model" in deck.text


async def test_help_opens_is_searched_and_closed(stage: Stager) -> None:
    async with stage() as deck:
        await deck.press("f1")
        assert isinstance(deck.app.screen, HelpScreen)
        await deck.type("undo")
        assert "/undo" in deck.text
        await deck.press("escape")
        assert deck.bare
        assert deck.at("prompt")


async def test_status_names_folder_model_and_session(stage: Stager) -> None:
    async with stage() as deck:
        await deck.type("/status")
        await deck.press("escape", "enter")
        for fact in ("/p", "local/scripted", "s1", "normal"):
            assert fact in deck.text


async def test_the_palette_runs_actions_by_name(stage: Stager) -> None:
    async with stage() as deck:
        await deck.press("ctrl+p")
        await deck.type("next mode")
        await deck.until(lambda: "Go to the chat" not in deck.text, "the actions that match")
        await deck.press("enter")
        await deck.until(lambda: bool(deck.engine.commands), "the action")
        assert deck.commands(SwitchMode) == [SwitchMode(Mode.AUTO_ACCEPT)]


async def test_the_palette_goes_to_panes_runs_slash_commands_and_does_nothing_where_nothing_fits(
    stage: Stager,
) -> None:
    async with stage() as deck:
        await deck.press("ctrl+p")
        await deck.until(lambda: "Everywhere" in deck.text, "the groups")
        await deck.type("xyzzy")
        await deck.until(lambda: "nothing has these words" in deck.text, "that nothing fits")
        await deck.press("enter", "escape")
        await deck.until(lambda: deck.bare, "the deck")
        assert deck.at("prompt")
        await deck.press("ctrl+p")
        await deck.type("next tool call")
        await deck.press("enter")
        await deck.until(lambda: deck.at("chat"), "the chat")
        await deck.press("escape", "ctrl+p")
        await deck.type("/undo")
        await deck.press("enter")
        await deck.until(lambda: bool(deck.commands(Undo)), "the command")


async def test_the_demo_model_is_called_scripted_all_the_time(stage: Stager) -> None:
    engine = FakeEngine(SessionView(session="s", folder="/p", cwd="/p", model=ModelRef("demo", "demo")))
    async with stage(engine, size=(80, 24)) as deck:
        assert "SCRIPTED" in deck.text
        await deck.publish(*said("x"), *reply("y"))
        assert "SCRIPTED" in deck.text


async def test_ctrl_d_leaves_from_an_empty_prompt_only(stage: Stager) -> None:
    async with stage() as deck:
        await deck.type("draft")
        await deck.press("ctrl+d")
        assert deck.app.is_running
        await deck.press("ctrl+c", "ctrl+c")
        assert deck.app.return_code == 0


async def test_ctrl_q_asks_while_something_runs_also_from_a_dialog(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("work"))
        await deck.press("ctrl+q")
        assert isinstance(deck.app.screen, QuitScreen)
        await deck.press("n", "f1")
        assert isinstance(deck.app.screen, HelpScreen)
        await deck.press("ctrl+q")
        assert isinstance(deck.app.screen, QuitScreen)
        await deck.press("y")
        assert deck.app.return_code == 0


async def test_leaving_with_a_job_running_lists_it_and_asks(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(ev.JobStarted("job-1", "npm run dev", "/p", 0.0))
        await deck.press("ctrl+d")
        assert isinstance(deck.app.screen, QuitScreen)
        assert "npm run dev" in deck.text
        await deck.press("n")
        assert deck.bare
        await deck.press("ctrl+d", "y")
        assert deck.app.return_code == 0


async def test_a_new_session_empties_the_panes(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("old words"), ev.TasksChanged(TASKS))
        await deck.press("ctrl+x", "t")
        deck.engine.snapshot(SessionView(session="s2", folder="/p", cwd="/p", model=ModelRef("local", "m")))
        await deck.publish()
        assert "old words" not in deck.text
        assert "Tasks" not in deck.text
        assert deck.at("prompt")


async def test_the_last_exchange_is_what_the_shell_keeps(stage: Stager) -> None:
    async with stage() as deck:
        await deck.publish(*said("one\x1b[31m"), *reply("the answer\nin two lines"))
        assert deck.app.farewell() == "❯ one\n\nthe answer\nin two lines"
