"""Replies far longer than the view: what is not looked at costs nothing, and nothing gets lost."""

from __future__ import annotations

import pytest

from nanodeck.contracts.views import ReplyEntry
from nanodeck_widgets.chat.blocks import BlockDrawer
from nanodeck_widgets.chat.splitter import Block
from nanodeck_widgets.chat.wrap import Row
from tests.widgets.chat_stage import SIZE, ChatStage


async def test_of_a_huge_reply_only_what_is_in_view_is_drawn_and_nothing_of_it_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[Block] = []

    def counting(drawer: BlockDrawer, block: Block) -> list[Row]:
        drawn.append(block)
        return draw(drawer, block)

    draw = BlockDrawer.draw
    monkeypatch.setattr(BlockDrawer, "draw", counting)
    paragraphs = [f"- number {n} {'with words ' * (n % 12)}" for n in range(400)]
    stage = ChatStage()
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.put(0, ReplyEntry("r1", "", open=True))
        stage.pane.stream("r1", "\n".join(paragraphs[:200]))
        await pilot.pause()
        stage.pane.stream("r1", "\n" + "\n".join(paragraphs[200:]))
        stage.pane.put(0, ReplyEntry("r1", "\n".join(paragraphs)))
        await pilot.pause()
        assert "with words" in stage.rows()[-1]
        assert len(drawn) <= 80
        await pilot.press("home")
        await pilot.pause()
        seen: list[str] = []
        while stage.pane.top < stage.pane.max_top:
            seen += stage.rows()[: stage.pane.view_height - 1]
            await pilot.press("pagedown")
        numbers = [int(row.split()[2]) for row in seen if row.startswith("•")]
        assert numbers == list(range(numbers[-1] + 1))
        assert numbers[-1] >= 390
        assert stage.pane.find("number 123")
        await pilot.pause()
        assert any("number 123" in row for row in stage.rows())
