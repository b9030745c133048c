"""The base pane: frame, scrolling, caches, follow, themes."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.events import MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.strip import Strip

from nanodeck_widgets.pane import Pane
from tests.widgets.items_stage import Stage

SIZE = (40, 12)
SEEN = 10


class Numbers(Pane):
    """A hundred rows that say their number; counts what is built."""

    rows = 100
    built = 0

    def count(self, width: int) -> int:
        return self.rows

    def text(self, row: int) -> str:
        return f"row {row}"

    def build(self, row: int, width: int) -> Strip:
        self.built += 1
        return Strip([Segment(self.text(row))])


def strips(pane: Pane) -> list[Strip]:
    """The strips of a whole frame."""
    width, height = pane.outer_size
    return pane.render_lines(Region(0, 0, width, height))


async def test_the_frame_shows_title_badge_and_hint_and_is_heavy_with_the_focus() -> None:
    stage = Stage(Numbers("Chat"))
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.badge, stage.pane.hint = "2 new", "enter opens"
        assert stage.edge(top=True) == "┏━ Chat ━━━━━━━━━━━━━━━━━━━━━━━━ 2 new ┓"
        assert stage.edge(top=False) == "┗━ enter opens ━━━━━━━━━━━━━━━━━━━━━━━━┛"
        stage.set_focus(None)
        await pilot.pause()
        assert stage.edge(top=True) == "┌─ Chat ──────────────────────── 2 new ┐"


async def test_keys_scroll_and_stop_at_the_ends() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        for keys, top in ((["down", "j"], 2), (["pagedown"], 11), (["up", "k"], 9), (["home", "up"], 0)):
            await pilot.press(*keys)
            assert stage.pane.top == top
        await pilot.press("end", "down")
        assert stage.pane.top == 90
        assert stage.rows()[-1].startswith("row 99")


async def test_the_wheel_scrolls_the_pane_under_the_pointer() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        for turn, top in ((MouseScrollDown, 3), (MouseScrollDown, 6), (MouseScrollUp, 3)):
            stage.screen._forward_event(turn(None, 5, 5, 0, 0, 0, False, False, False, 5, 5))
            await pilot.pause()
            assert stage.pane.top == top


async def test_the_scrollbars_thumb_is_dragged_to_the_end_and_back() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        edge = SIZE[0] - 1
        await pilot.mouse_down(offset=(edge, 1))
        await pilot.hover(offset=(edge, 10))
        assert stage.pane.top == 90
        await pilot.hover(offset=(edge, 1))
        assert stage.pane.top == 0
        await pilot.mouse_up(offset=(edge, 1))
        await pilot.hover(offset=(5, 5))
        assert stage.pane.top == 0


async def test_a_press_beside_the_thumb_brings_it_there() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.mouse_down(offset=(SIZE[0] - 1, 6))
        await pilot.mouse_up(offset=(SIZE[0] - 1, 6))
        assert 40 <= stage.pane.top <= 60


async def test_strips_keep_their_identity_from_frame_to_frame() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        before = strips(stage.pane)
        stage.pane.refresh()
        await pilot.pause()
        assert all(one is other for one, other in zip(before, strips(stage.pane), strict=True))


async def test_only_changed_rows_are_built_again() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        before, stage.pane.built = strips(stage.pane), 0
        stage.pane.rows_changed(7)
        await pilot.pause()
        after = strips(stage.pane)
        assert stage.pane.built == SEEN - 7
        assert [one is other for one, other in zip(before, after, strict=True)][1:8] == [True] * 7
        stage.pane.built = 0
        stage.pane.rows_changed(2, 3)
        strips(stage.pane)
        assert stage.pane.built == 2


async def test_rows_that_appear_above_do_not_move_what_is_read() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE):
        stage.pane.top = 50
        stage.pane.rows += 5
        stage.pane.rows_moved(20, 5)
        assert stage.pane.top == 55


async def test_follow_stays_at_the_end_pauses_on_scrolling_up_and_resumes_there() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        pane = stage.pane
        pane.follow = True
        assert pane.top == 90
        pane.rows += 3
        pane.rows_changed(100)
        assert pane.top == 93
        await pilot.press("up")
        pane.rows += 4
        pane.rows_changed(103)
        assert (pane.top, pane.follow) == (92, False)
        await pilot.press("end")
        assert (pane.top, pane.follow) == (97, True)


async def test_a_pane_that_does_not_follow_stays_where_it_is_at_the_end() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("end")
        stage.pane.rows += 3
        stage.pane.rows_changed(100)
        assert stage.pane.top == 90


async def test_fewer_rows_than_before_leave_blank_rows_not_old_ones() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.rows = 2
        stage.pane.rows_changed(2)
        await pilot.pause()
        assert stage.rows() == ["row 0", "row 1"]
        assert "▐" not in "".join(strip.text for strip in strips(stage.pane))


async def test_show_row_scrolls_no_further_than_needed() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE):
        for row, top in ((5, 0), (10, 1), (50, 41), (45, 41), (30, 30)):
            stage.pane.show_row(row)
            assert stage.pane.top == top


async def test_every_strip_fills_the_width_and_has_a_background_in_every_theme() -> None:
    stage = Stage(Numbers("Title"))
    async with stage.run_test(size=SIZE) as pilot:
        seen = set()
        for theme in stage.available_themes:
            stage.theme = theme
            await pilot.pause()
            for strip in strips(stage.pane):
                assert strip.cell_length == SIZE[0]
                assert all(segment.style and segment.style.bgcolor for segment in strip)
            seen.add(strips(stage.pane)[1]._segments[0].style)
        assert len(seen) > len(stage.available_themes) // 2


async def test_no_colour_reaches_the_screen_when_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stage = Stage(Numbers("Title"))
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.find("row 1")
        await pilot.pause()
        for strip in strips(stage.pane):
            for segment in strip:
                style = segment.style or Style.null()
                for colour in (style.color, style.bgcolor):
                    assert colour is not None
                    red, green, blue = colour.get_truecolor()
                    assert red == green == blue


async def test_a_new_width_draws_rows_anew_and_a_part_is_what_the_whole_shows() -> None:
    stage = Stage(Numbers())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.resize_terminal(24, 8)
        await pilot.pause()
        whole = strips(stage.pane)
        assert {strip.cell_length for strip in whole} == {24}
        part = stage.pane.render_lines(Region(3, 2, 10, 4))
        assert [strip.text for strip in part] == [strip.text[3:13] for strip in whole[2:6]]


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 3), (9, 2)])
async def test_a_tiny_pane_draws_something(size: tuple[int, int]) -> None:
    stage = Stage(Numbers("Title"))
    async with stage.run_test(size=size):
        assert [strip.cell_length for strip in strips(stage.pane)] == [size[0]] * size[1]
