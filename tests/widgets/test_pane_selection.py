"""Selecting and copying in a pane."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from nanodeck_widgets.pane import Pane
from tests.widgets.items_stage import Stage

SIZE = (40, 12)
LEFT = 2 + 4
"""Frame and padding, then the line number."""

LINES = ["alpha beta", "漢字 wide", "", "delta-x echo", *(f"line {number}" for number in range(4, 60))]


class Numbered(Pane):
    """Lines behind a line number that is no part of the text; line 3 goes on with line 1's text."""

    def count(self, width: int) -> int:
        return len(LINES)

    def text(self, row: int) -> str:
        return LINES[row]

    def indent(self, row: int) -> int:
        return 4

    def glue(self, row: int) -> str:
        return " " if row == 1 else "\n"

    def build(self, row: int, width: int) -> Strip:
        return Strip([Segment(f"{row:>3} "), Segment(LINES[row])])


async def drag(pilot: Pilot[None], start: tuple[int, int], *stops: tuple[int, int]) -> None:
    """Press at `start`, move over `stops`, release at the last; (cell of the text, row)."""
    await pilot.mouse_down(offset=(LEFT + start[0], 1 + start[1]))
    for x, y in stops:
        await pilot.hover(offset=(LEFT + x, 1 + y))
    await pilot.mouse_up(offset=(LEFT + stops[-1][0], 1 + stops[-1][1]))


async def test_a_drag_copies_text_without_gutters_and_joins_wrapped_rows() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await drag(pilot, (6, 0), (1, 3))
        assert stage.pane.copy_selection() == "beta 漢字 wide\n\nde"
        assert stage.clipboard == "beta 漢字 wide\n\nde"


async def test_a_drag_upwards_selects_the_same() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await drag(pilot, (1, 3), (6, 0))
        assert stage.pane.copy_selection() == "beta 漢字 wide\n\nde"


async def test_a_wide_character_is_taken_whole_from_either_of_its_cells() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        for start, end, text in ((0, 3, "漢字"), (1, 2, "漢字"), (2, 3, "字")):
            await drag(pilot, (start, 1), (end, 1))
            assert stage.pane.copy_selection() == text


async def test_ctrl_c_copies_and_escape_forgets_the_selection() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await drag(pilot, (0, 0), (4, 0))
        await pilot.press("ctrl+c")
        assert stage.clipboard == "alpha"
        await pilot.press("escape")
        assert stage.pane.copy_selection() == ""


async def test_a_double_click_takes_the_word_and_not_the_pane() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.double_click(offset=(LEFT + 2, 4))
        assert stage.pane.copy_selection() == "delta-x"


async def test_a_single_click_selects_nothing() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await drag(pilot, (0, 0), (4, 0))
        await pilot.click(offset=(LEFT + 2, 5))
        assert stage.pane.copy_selection() == ""


async def test_the_selection_stays_on_its_text_while_the_pane_scrolls() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await drag(pilot, (0, 3), (6, 3))
        await pilot.press("down", "down")
        assert stage.pane.copy_selection() == "delta-x"
        stage.pane.rows_moved(2, 1)
        assert stage.pane.copy_selection() == LINES[4][:7]


async def test_a_drag_beyond_the_edge_scrolls_and_selects_on() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        pane = stage.pane
        await pilot.mouse_down(offset=(LEFT, 1))
        await pilot.hover(offset=(LEFT, 11))
        while pane.top < 5:
            await pilot.pause(0.01)
        await pilot.mouse_up(offset=(LEFT, 11))
        copied = pane.copy_selection()
        assert copied.startswith("alpha beta 漢字 wide\n\ndelta-x echo\nline 4")
        assert "line 12" in copied


async def test_selected_cells_are_drawn_so_and_others_are_not() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await drag(pilot, (6, 0), (1, 2))
        await pilot.pause()
        picked = stage.pane.palette.selection.bgcolor
        drawn = []
        for strip in stage.pane.render_lines(Region(0, 1, SIZE[0], 4)):
            drawn.append("".join(s.text for s in strip if s.style is not None and s.style.bgcolor == picked))
        assert drawn == ["beta", "漢字 wide", " ", ""]
