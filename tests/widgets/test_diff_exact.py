"""Colours of code: a line's own at first, those it has in its whole file when these were read."""

from __future__ import annotations

from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.sources import Source
from nanodeck.contracts.versions import Colour, Colours
from nanodeck.core.review import ProposedFile
from nanodeck_widgets.diff.exact import PAGE, ExactColours, Page
from nanodeck_widgets.diff.messages import ColoursWanted
from nanodeck_widgets.syntax import ink_of
from tests.widgets.diff_stage import Stage, asking, stage

OLD = b'"""\nreturn nothing\n"""\na = 1\n'
NEW = b'"""\nreturn nothing\n"""\na = 2\n'
SOURCE = Source("call", "c1")
NEW_PAGE, OLD_PAGE = Page("a.py", "agent", True, 0), Page("a.py", "agent", False, 0)
STRINGS = Colours(
    0,
    ((Colour(0, 3, "string"),), (Colour(0, 14, "string"),), (Colour(0, 3, "string"),), ()),
    (3, 14, 3, 5),
)


def ink(on_stage: Stage, text: str) -> list[object]:
    """The colours in which a row that holds `text` is written."""
    pane, number = on_stage.pane, next(n for n, row in enumerate(on_stage.screen()) if text in row)
    row = pane.build(pane.top + number - pane.view_start, pane.inner_width)
    return [segment.style.color for segment in row if segment.style and segment.text.strip() in text]


async def test_a_line_in_a_string_is_code_only_until_its_file_was_read() -> None:
    async with stage(asking(ProposedFile("a.py", OLD, NEW))) as on_stage:
        pane = on_stage.pane
        keyword, string = (ink_of(pane.palette, kind).color for kind in ("keyword", "string"))
        await on_stage.until(lambda: len(on_stage.app.read) == 2)
        assert keyword in ink(on_stage, "return nothing")
        asked = [message for message in on_stage.app.read if isinstance(message, ColoursWanted)]
        assert {message.page for message in asked} == {
            NEW_PAGE,
            OLD_PAGE,
        }
        assert {(message.source, message.limit) for message in asked} == {(SOURCE, PAGE)}
        pane.know_colours(SOURCE, NEW_PAGE, STRINGS)
        assert keyword not in ink(on_stage, "return nothing")
        assert string in ink(on_stage, "return nothing")


async def test_colours_of_another_diff_come_too_late() -> None:
    async with stage(asking(ProposedFile("a.py", OLD, NEW))) as on_stage:
        await on_stage.until(lambda: len(on_stage.app.read) == 2)
        before = ink(on_stage, "return nothing")
        on_stage.pane.know_colours(Source("call", "other"), NEW_PAGE, STRINGS)
        assert ink(on_stage, "return nothing") == before


def test_a_line_that_is_another_one_keeps_the_colours_of_its_own() -> None:
    view = asking(ProposedFile("a.py", b"\tif a\x1b:\n", b"\tif bb:\n"))
    file = view.changeset.files[0]
    exact = ExactColours()
    old, new = lines_of(file.hunks[0])
    assert exact.of(file, old) is None
    assert {page.new for page in exact.due()} == {False}
    exact.learn(OLD_PAGE, Colours(0, ((Colour(1, 3, "keyword"),),), (7,)))
    assert exact.of(file, old) == [Colour(4, 6, "keyword")]
    exact.learn(NEW_PAGE, Colours(0, ((Colour(1, 3, "keyword"),),), (99,)))
    assert exact.of(file, new) is None
