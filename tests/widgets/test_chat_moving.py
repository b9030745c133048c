"""Moving in the chat pane: scrolling, follow, find, resizes, links; and what a change costs."""

from __future__ import annotations

from nanodeck.contracts.views import NoticeEntry, ReplyEntry, SaidEntry, ToolEntry
from tests.widgets.chat_stage import SIZE, ChatStage, said, settled, style_of, talk


async def test_scrolling_up_pauses_follow_counts_new_lines_and_end_resumes_it() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset([*talk(20), ReplyEntry("r", "", open=True)])
        await settled(pilot, stage)
        await pilot.press("pageup")
        before = await settled(pilot, stage)
        stage.pane.stream("r", "a\n\nb\n\nc")
        assert await settled(pilot, stage) == before
        assert "▼ 4 new lines · end to follow" in stage.edge(top=False)
        await pilot.press("end")
        assert (await settled(pilot, stage))[-1] == "c▌"
        assert "new line" not in stage.edge(top=False)


async def test_scrolling_up_over_entries_never_drawn_moves_by_exactly_as_many_rows() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset(talk(200))
        above = await settled(pilot, stage)
        for _ in range(40):
            await pilot.press("up")
            rows = await settled(pilot, stage)
            assert rows[1:4] == above[:3]
            above = rows


async def test_a_resize_keeps_the_entry_that_is_read_in_view() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset(talk(100))
        await settled(pilot, stage)
        stage.pane.find("prompt 40")
        await settled(pilot, stage)
        for size in ((40, 12), (90, 30)):
            await pilot.resize_terminal(*size)
            rows = await settled(pilot, stage)
            assert any("prompt 40" in row or "Answer 39" in row or "Answer 41" in row for row in rows)
            assert {len(strip.text) for strip in stage.pane.render_lines(stage.pane.region)} == {size[0]}


async def test_find_reaches_entries_that_were_never_drawn() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset(talk(400))
        await settled(pilot, stage)
        assert stage.pane.find("answer 7")
        assert any(row.startswith("Answer 7") for row in await settled(pilot, stage))
        assert not stage.pane.find("nowhere at all")


async def test_a_new_theme_draws_everything_anew() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset(talk(6))
        rows = await settled(pilot, stage)
        before = stage.pane.render_lines(stage.pane.region)[2]
        stage.theme = "solarized-light"
        assert await settled(pilot, stage) == rows
        assert stage.pane.render_lines(stage.pane.region)[2] != before


async def test_more_text_builds_no_more_than_the_rows_at_the_end_however_long_the_chat() -> None:
    costs = []
    for length in (4, 2_000):
        stage = ChatStage()
        async with stage.run_test(size=SIZE) as pilot:
            stage.pane.reset([*talk(length), ReplyEntry("r", "", open=True)])
            stage.pane.stream("r", "word ")
            await settled(pilot, stage)
            stage.pane.built = 0
            for _ in range(20):
                stage.pane.stream("r", "x")
                await settled(pilot, stage)
            costs.append(stage.pane.built)
    assert costs[0] == costs[1] <= 40


async def test_a_link_is_told_about_and_never_written_as_an_escape() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset([ReplyEntry("r", "see [this](http://a.b/c)")])
        await settled(pilot, stage)
        await pilot.click(offset=(7, 1))
        await pilot.pause()
        assert stage.heard == ["http://a.b/c"]
        assert not any(
            style_of(s).link for strip in stage.pane.render_lines(stage.pane.region) for s in strip
        )


async def test_copied_text_has_no_frame_and_no_signs_of_the_prompt() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.reset([said(0), ReplyEntry("r", "- " + "some words " * 8)])
        await settled(pilot, stage)
        await pilot.mouse_down(offset=(2, 1))
        await pilot.mouse_up(offset=(58, 5))
        assert stage.pane.copy_selection() == "prompt 0\n\n- " + ("some words " * 8).strip()


async def test_a_megabyte_on_one_line_nul_and_markup_are_only_text() -> None:
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        nasty = "[red]x[/red] $y \x00 \x1b[2J"
        huge = "x" * 1_000_000
        stage.pane.reset(
            [
                SaidEntry("s", nasty + huge, "prompt"),
                ToolEntry("t", "bash", nasty, "ended", summary=nasty, output=nasty + huge),
                NoticeEntry("n", "error", nasty, nasty),
                ReplyEntry("r", nasty + huge, nasty + huge),
            ]
        )
        stage.pane.unfold_all()
        await settled(pilot, stage)
        for top in range(0, stage.pane.row_count, 10):
            stage.pane.top = top
            for strip in stage.pane.render_lines(stage.pane.region):
                assert strip.text.isprintable()
                assert strip.cell_length == SIZE[0]
