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

FAMILY = "👩‍👩‍👧e\u0301!"
"""A family and a letter with its accent: one character each, whatever they are made of."""

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


class Copying(Stage[Pane]):
    """Remembers what the pane said it copied."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self.copied: list[str] = []

    def on_pane_copied(self, message: Pane.Copied) -> None:
        self.copied.append(message.text)


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


class Family(Pane):
    """One row of what is drawn as three characters."""

    def count(self, width: int) -> int:
        return 1

    def text(self, row: int) -> str:
        return FAMILY


async def test_what_is_drawn_as_one_character_is_selected_as_one() -> None:
    stage = Stage(Family())
    async with stage.run_test(size=SIZE) as pilot:
        copied = []
        for keys in (["shift+right"], ["shift+right", "shift+right"], ["shift+left", "shift+left"]):
            await pilot.press(*keys)
            copied.append(stage.pane.copy_selection())
            stage.pane.selector.clear()
        assert copied == [FAMILY[:-3], FAMILY[:-1], FAMILY[-3:]]
        await pilot.mouse_down(offset=(3, 1))
        await pilot.hover(offset=(5, 1))
        await pilot.mouse_up(offset=(5, 1))
        assert stage.pane.copy_selection() == FAMILY


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


async def test_a_drag_and_a_double_click_copy_by_themselves_and_a_scrollbar_does_not() -> None:
    stage = Copying(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await drag(pilot, (0, 0), (4, 0))
        await pilot.double_click(offset=(LEFT + 2, 4))
        await pilot.mouse_down(offset=(SIZE[0] - 1, 1))
        await pilot.hover(offset=(SIZE[0] - 1, 5))
        await pilot.mouse_up(offset=(SIZE[0] - 1, 5))
        assert stage.copied == ["alpha", "delta-x"]
        assert stage.clipboard == "delta-x"


SELECTED = (
    ("shift+down", "alpha beta "),
    ("shift+down shift+down shift+down", "alpha beta 漢字 wide\n\n"),
    ("shift+right shift+right", "al"),
    ("shift+right shift+right shift+left", "a"),
    ("shift+end", "alpha beta"),
    ("shift+end shift+right shift+right", "alpha beta 漢"),
    ("ctrl+shift+right", "alpha"),
    ("ctrl+shift+right ctrl+shift+right", "alpha beta"),
    ("shift+end ctrl+shift+left", "alpha "),
    ("shift+up", LINES[9]),
    ("shift+up shift+up", f"{LINES[8]}\n{LINES[9]}"),
    ("shift+left shift+left", LINES[9][-2:]),
    ("shift+pageup", f"{LINES[0]} " + "\n".join(LINES[1:10])),
    ("end shift+down", LINES[50] + "\n"),
    ("end shift+pagedown shift+pagedown", "\n".join(LINES[50:])),
    ("ctrl+shift+end", f"{LINES[0]} " + "\n".join(LINES[1:])),
    ("shift+down ctrl+shift+home", ""),
    ("/ e c h enter escape shift+end", "alpha beta"),
    ("/ e c h enter shift+end", "echo"),
)


async def test_shift_and_a_key_select_as_in_an_editor() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        for keys, copied in SELECTED:
            await pilot.press(*keys.split())
            assert stage.pane.copy_selection() == copied, keys
            stage.pane.selector.clear()
            stage.pane.close_find()
            stage.pane.top = 0


async def test_the_end_that_the_keyboard_moves_stays_in_view() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press(*["shift+down"] * 15)
        assert stage.pane.top == 15 - stage.pane.view_height
        await pilot.press(*["shift+up"] * 15)
        assert stage.pane.top == 0


async def test_the_keyboard_goes_on_where_a_drag_ended() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await drag(pilot, (6, 0), (1, 3))
        await pilot.press("shift+end")
        assert stage.pane.copy_selection() == "beta 漢字 wide\n\ndelta-x echo"
        await drag(pilot, (4, 3), (2, 3))
        await pilot.press("shift+left")
        assert stage.pane.copy_selection() == "elta"


async def test_in_an_empty_pane_there_is_nothing_to_select() -> None:
    stage = Stage(Pane())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("shift+down", "shift+left", "ctrl+shift+end")
        assert stage.pane.copy_selection() == ""


async def test_other_rows_are_not_selected_because_the_pane_got_narrower() -> None:
    stage = Stage(Numbered())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("shift+down")
        await pilot.resize_terminal(SIZE[0], SIZE[1] + 4)
        assert stage.pane.copy_selection() == "alpha beta "
        await pilot.resize_terminal(SIZE[0] - 8, SIZE[1])
        await pilot.pause()
        assert stage.pane.copy_selection() == ""


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
