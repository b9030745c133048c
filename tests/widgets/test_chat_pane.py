"""The chat pane: entries, streaming in place, folding."""

from __future__ import annotations

import pytest

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.events import ToolOutcome
from nanodeck.contracts.messages import Attachment
from nanodeck.contracts.model import Usage
from nanodeck.contracts.views import (
    Entry,
    NoticeEntry,
    ReplyEntry,
    ReviewView,
    SaidEntry,
    ToolEntry,
    TurnEntry,
)
from tests.widgets.chat_stage import SIZE, ChatStage, reply, said, settled

TOOL = ToolEntry("t1", "read", "read api/handler.py", "ended", output="one\ntwo\nthree", seconds=0.1)
EDIT = ToolEntry("e1", "edit", "edit a.py", "waiting", changeset="c1")


async def test_an_empty_chat_says_what_can_be_typed() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        rows = await settled(pilot, stage)
        assert [row.split()[0] for row in rows if row] == ["Say", "/", "@", "f1", "/tour"]


async def test_entries_stand_apart_and_calls_together() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset(
            [
                SaidEntry("s", "first line\nsecond", "prompt"),
                ReplyEntry("r", "Let me look."),
                TOOL,
                ReplyEntry("silent", ""),
                ToolEntry("t2", "bash", "bash ls", "ended", summary="exit code 0"),
                NoticeEntry("n", "warning", "The server is busy", "try again"),
                TurnEntry("x", "done", Usage(3100, 940, 1200), 12.4),
            ]
        )
        assert await settled(pilot, stage) == [
            "❯ first line",
            "  second",
            "",
            "Let me look.",
            "",
            f"▸ read api/handler.py{'✔ ok        0.1s':>35}",
            f"▸ bash ls{'✔ exit code 0':>44}",
            "",
            "⚠ The server is busy",
            "  → try again",
            "3.1k in (1.2k cached) · 940 out · 12s",
        ]


async def test_what_a_message_took_along_stands_below_it_and_typed_commands_stand_open() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        attached = (Attachment("a.py", "40 lines"), Attachment("[b].py", problem="there is no such file"))
        ended = ToolEntry("!1", "!", "! ls", "ended", summary="ok", output="a.py\n(exit code 0)", typed=True)
        stage.pane.reset([SaidEntry("s", "look", "prompt", attached), TOOL, ended])
        assert await settled(pilot, stage) == [
            "❯ look",
            "  @ a.py  40 lines",
            "  ⚠ [b].py: there is no such file",
            "",
            f"▸ read api/handler.py{'✔ ok        0.1s':>35}",
            "",
            f"▾ ! ls{'✔ ok':>38}",
            "  │ a.py",
            "  │ (exit code 0)",
        ]


async def test_steers_and_queued_texts_are_marked_and_a_turn_says_why_it_ended() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset(
            [
                SaidEntry("s", "faster", "steer"),
                SaidEntry("q", "then this", "queued"),
                TurnEntry("x", "error", Usage(), 1.0, "no route to host"),
                TurnEntry("y", "interrupted", Usage(), 0.0, "nanodeck stopped during this turn"),
            ]
        )
        rows = await settled(pilot, stage)
        assert rows[0].split() == ["❯", "faster", "steered"]
        assert rows[2].endswith("from the queue")
        assert rows[3] == "✘ ended by an error · 1.0s"
        assert "‖ interrupted: nanodeck stopped during this turn" in rows


async def test_a_reply_streams_in_place_and_its_end_changes_nothing_that_was_drawn() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        text = "Some **words**\n\n- one\n- two\n"
        stage.pane.reset([said(0)])
        stage.pane.put(1, ReplyEntry("r", "", open=True))
        assert (await settled(pilot, stage))[2:] == ["▌"]
        for character in text:
            stage.pane.stream("r", character)
        streamed = await settled(pilot, stage)
        assert streamed[2:] == ["Some words", "", "• one", "• two▌"]
        stage.pane.put(1, ReplyEntry("r", text))
        assert await settled(pilot, stage) == [row.rstrip("▌") for row in streamed]
        assert sum(row == "• one" for row in stage.rows()) == 1


async def test_a_reply_that_ended_otherwise_than_it_streamed_shows_its_end() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset([ReplyEntry("r", "", open=True)])
        stage.pane.stream("r", "half a sen")
        stage.pane.put(0, ReplyEntry("r", "the whole", cut=True))
        assert await settled(pilot, stage) == ["the whole", "⚠ cut off: this reply did not end properly"]


async def test_a_reply_whose_last_words_come_with_its_end_is_not_drawn_from_the_beginning() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset([ReplyEntry("r", "", open=True)])
        stage.pane.stream("r", "first\n\nsecond\n\nthi")
        await settled(pilot, stage)
        stage.pane.built = 0
        stage.pane.put(0, ReplyEntry("r", "first\n\nsecond\n\nthird"))
        assert (await settled(pilot, stage))[-1] == "third"
        assert stage.pane.built == 1


async def test_text_streamed_before_the_pane_is_mounted_is_there_afterwards() -> None:
    stage = ChatStage()
    stage.pane.reset([ReplyEntry("r", "begun ", open=True)])
    stage.pane.stream("r", "before")
    async with stage.run_test(size=SIZE) as pilot:
        assert await settled(pilot, stage) == ["begun before▌"]


async def test_thinking_shows_its_last_rows_then_folds_and_ctrl_o_unfolds_it() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        thoughts = "\n".join(f"thought {number}" for number in range(9))
        stage.pane.reset([ReplyEntry("r", "", open=True)])
        stage.pane.stream("r", "", thoughts)
        assert await settled(pilot, stage) == ["│ thinking", "│ thought 7", "│ thought 8▌"]
        stage.pane.stream("r", "Done.")
        stage.pane.put(0, ReplyEntry("r", "Done.", thoughts, thought=3.21))
        folded = ["│ thought for 3.2s (ctrl+o)", "", "Done."]
        assert await settled(pilot, stage) == folded
        stage.pane.unfold_all()
        assert (await settled(pilot, stage))[:2] == ["│ thought 0", "│ thought 1"]
        stage.pane.unfold_all()
        assert await settled(pilot, stage) == folded


async def test_a_call_is_unfolded_by_enter_and_by_a_click_and_its_whole_output_by_a_key() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset([said(0), TOOL])
        await settled(pilot, stage)
        await pilot.press("enter")
        rows = await settled(pilot, stage)
        assert rows[2].startswith("▾ read")
        assert rows[3:] == ["  │ one", "  │ two", "  │ three"]
        await pilot.press("o")
        assert stage.heard == ["t1"]
        await pilot.click(offset=(10, 3))
        assert (await settled(pilot, stage))[-1].startswith("▸ read")


async def test_the_cursor_walks_over_what_can_be_folded() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset([TOOL, reply(0), ToolEntry("t2", "bash", "bash ls", "ended", output="x")])
        await settled(pilot, stage)
        await pilot.press("left_square_bracket", "left_square_bracket", "enter")
        rows = await settled(pilot, stage)
        assert rows[0].startswith("▾ read")
        assert rows[-1].startswith("▸ bash")


async def test_a_failed_call_shows_a_line_of_why_and_long_output_is_capped_when_unfolded() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        output = "\n".join(f"line {number}" for number in range(500))
        failed = ToolEntry(
            "t", "bash", "bash make", "ended", outcome="error", summary="exit 2", output=output
        )
        stage.pane.reset([failed])
        rows = await settled(pilot, stage)
        assert rows[0].endswith("✘ exit 2")
        assert rows[1].startswith("  └ line 0 line 1")
        await pilot.press("enter", "end")
        assert (await settled(pilot, stage))[-1] == "  │ … 460 more lines (o shows all)"


async def test_what_a_command_changed_stands_under_its_row() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        changed = "a\x1b[31m.py, b.py +2 -1"
        stage.pane.reset([ToolEntry("t", "bash", "bash make", "ended", summary="ok", changed=changed)])
        rows = await settled(pilot, stage)
        assert rows[0].endswith("✔ ok")
        assert rows[1].startswith("  └ changed a")
        assert rows[1].endswith(".py, b.py +2 -1")


async def test_a_running_call_shows_the_end_of_its_output_until_it_has_its_result() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset([ToolEntry("t", "bash", "bash make", "running")])
        for number in range(9):
            stage.pane.output("t", f"step {number}\n")
        rows = await settled(pilot, stage)
        assert rows[0].endswith("▶")
        assert rows[1:] == ["  │ step 6", "  │ step 7", "  │ step 8"]
        stage.pane.put(0, ToolEntry("t", "bash", "bash make", "ended", summary="exit 0", output="step 0"))
        assert len(await settled(pilot, stage)) == 1


async def test_an_edit_shows_its_counts_and_opens_the_review_while_it_waits() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        hunk = Hunk(1, 1, 2, 1, 4, "", "-a\n+b\n+c\n d")
        changes = Changeset("c1", ("e1",), (FileDiff("a.py", "modified", (hunk,), 2, 1),))
        stage.pane.reset([EDIT])
        stage.pane.review(ReviewView(changes, "asking", "main"))
        assert (await settled(pilot, stage))[0].split("  ")[:3] == ["▸ edit a.py", "+2 -1", "1 hunk"]
        assert stage.rows()[0].endswith("⚠ waiting for review")
        await pilot.press("enter")
        await pilot.pause()
        assert stage.heard == ["c1"]
        stage.pane.put(0, ToolEntry("e1", "edit", "edit a.py", "ended", changeset="c1"))
        stage.pane.review(ReviewView(changes, "applied", "main"))
        assert [row.rstrip() for row in await settled(pilot, stage)][:4] == [
            f"▸ edit a.py{'✔ applied       ':>45}".rstrip(),
            "     1 - a",
            "     1 + b",
            "     2 + c",
        ]
        stage.pane.review(ReviewView(changes, "applied", "main", marks=(HunkMark("a.py", 1, "rejected"),)))
        assert len([row for row in await settled(pilot, stage) if row.strip()]) == 1
        for mark, rows in (
            (HunkMark("a.py", 1, "accepted", (0, 2)), ["     1 - a", "     2 + c"]),
            (HunkMark("a.py", 1, "edited", text="mine\nd\n"), ["     1 - a", "     1 + mine"]),
        ):
            stage.pane.review(ReviewView(changes, "applied", "main", marks=(mark,)))
            assert [row.rstrip() for row in await settled(pilot, stage) if row.strip()][1:] == rows


async def test_calls_that_only_looked_share_a_row_until_it_is_opened() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        silent = [ReplyEntry(f"r{number}", "") for number in range(3)]
        looks = [
            ToolEntry("1", "read", "read a.py", "ended", summary="9 lines", seconds=0.1, output="one"),
            ToolEntry("2", "read", "read b.py", "ended", summary="3 lines", seconds=0.2),
            ToolEntry("3", "grep", 'grep "x"', "running"),
        ]
        entries: list[Entry] = [silent[0], looks[0], silent[1], looks[1], silent[2], looks[2]]
        for position, entry in enumerate(entries):
            stage.pane.put(position, entry)
        together = [f"▸ read a.py, b.py{'✔ 2 calls   0.3s':>39}", f'▸ grep "x"{"▶":>31}']
        assert await settled(pilot, stage) == together
        stage.pane.put(5, ToolEntry("3", "grep", 'grep "x"', "ended", summary="1 hit"))
        stage.pane.put(6, ReplyEntry("r9", "Found."))
        joined = [f'▸ read a.py, b.py  grep "x"{"✔ 3 calls   0.3s":>29}', "", "Found."]
        assert await settled(pilot, stage) == joined
        await pilot.press("[", "enter")
        apart = await settled(pilot, stage)
        assert [row.split("  ")[0] for row in apart] == [
            "▸ read a.py",
            "▸ read b.py",
            '▸ grep "x"',
            "",
            "Found.",
        ]
        await pilot.press("enter")
        assert (await settled(pilot, stage))[1] == "  │ one"
        stage.pane.unfold_all()
        assert len(await settled(pilot, stage)) > 5
        stage.pane.unfold_all()
        assert await settled(pilot, stage) == joined


@pytest.mark.parametrize("outcome", ["error", "denied", "interrupted"])
async def test_a_call_that_did_not_find_what_it_looked_for_keeps_its_row(outcome: ToolOutcome) -> None:
    looked = ["▸ read a.py", "▸ read b.py", "▸ bash ls"]
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset(
            [
                ToolEntry("1", "read", "read a.py", "ended"),
                ToolEntry("2", "read", "read b.py", "ended", outcome=outcome),
                ToolEntry("3", "bash", "bash ls", "ended"),
            ]
        )
        assert [row.split("  ")[0] for row in await settled(pilot, stage)] == looked
