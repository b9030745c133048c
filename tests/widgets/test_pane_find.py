"""Finding text in a pane, through its find line and through its door."""

from __future__ import annotations

from nanodeck_widgets.keymap import Keymap
from nanodeck_widgets.pane import Pane
from tests.widgets.items_stage import Stage

SIZE = (50, 12)


class Fruits(Pane):
    """Sixty rows, every tenth with a word."""

    def count(self, width: int) -> int:
        return 60

    def text(self, row: int) -> str:
        return f"row {row} Apple {row}" if row % 10 == 5 else f"row {row}"


async def test_a_slash_opens_the_find_line_and_letters_typed_after_it_are_kept_in_order() -> None:
    stage = Stage(Fruits())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"apple 1")
        assert stage.edge(top=False).startswith("┗━ /apple 1▌")
        assert stage.pane.top <= 15 < stage.pane.top + 10


async def test_enter_goes_on_up_goes_back_and_the_search_runs_around_the_end() -> None:
    stage = Stage(Fruits())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"apple")
        seen = []
        for key in ("enter", "enter", "up", "up", "up"):
            await pilot.press(key)
            seen.append(stage.pane.finder.row)
        assert seen == [15, 25, 15, 5, 55]


async def test_with_vim_keys_enter_leaves_the_find_line_and_n_goes_on() -> None:
    stage = Stage(Fruits())
    stage.keymap = Keymap(vim=True)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"apple", "enter")
        assert "/" not in stage.edge(top=False)
        assert stage.pane.spans(5)
        seen = []
        for key in ("n", "n", "N", "N", "N"):
            await pilot.press(key)
            seen.append(stage.pane.finder.row)
        assert seen == [15, 25, 15, 5, 55]
        assert stage.pane.close_inner()
        assert not stage.pane.spans(5)


async def test_where_n_is_another_key_enter_goes_from_hit_to_hit_with_vim_keys_too() -> None:
    stage = Stage(Fruits())
    stage.pane.PLACE = "diff"  # type: ignore[misc]  # as a pane of that kind has it
    stage.keymap = Keymap(vim=True)
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"apple", "enter", "enter")
        assert stage.pane.finder.row == 25
        assert "enter next" in stage.edge(top=False)


async def test_escape_closes_the_find_line_and_ends_the_highlights() -> None:
    stage = Stage(Fruits())
    async with stage.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"apple")
        assert stage.pane.spans(5)
        await pilot.press("escape")
        assert not stage.pane.spans(5)
        assert "/" not in stage.edge(top=False)


async def test_what_is_not_there_is_said_and_moves_nothing() -> None:
    stage = Stage(Fruits())
    async with stage.run_test(size=SIZE) as pilot:
        stage.pane.top = 20
        await pilot.press("slash", *"pear")
        assert "not found" in stage.edge(top=False)
        assert stage.pane.top == 20


async def test_capitals_make_the_search_exact() -> None:
    stage = Stage(Fruits())
    async with stage.run_test(size=SIZE):
        assert stage.pane.find("Apple 5")
        assert not stage.pane.find("APPLE")
        assert stage.pane.find("apple 5")


async def test_find_takes_signs_literally() -> None:
    stage = Stage(Fruits())
    async with stage.run_test(size=SIZE):
        assert not stage.pane.find("a.*e")


async def test_every_hit_of_a_row_is_highlighted() -> None:
    stage = Stage(Fruits())
    async with stage.run_test(size=SIZE):
        stage.pane.find("5")
        assert [(span.start, span.end) for span in stage.pane.spans(5)] == [(4, 5), (12, 13)]
