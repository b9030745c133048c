"""What the diff pane shows: rows, frame, hints, layouts, streams and ends."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region

from nanodeck.contracts.changes import AppliedFile, Changeset, HunkMark
from nanodeck.contracts.views import ReviewState, ReviewView
from nanodeck.core.review import ProposedFile
from tests.widgets.diff_stage import LINES, Stage, asking, changeset, source, stage, three_hunks

LOGIN = b"def login(request):\n    limit = None\n    return request\n"
BUCKET = LOGIN.replace(b"None", b"Bucket(rate=5)")


def styles_of(on_stage: Stage, text: str) -> list[Segment]:
    """The segments of the first row that holds `text`."""
    width, height = on_stage.pane.outer_size
    strips = on_stage.pane.render_lines(Region(0, 0, width, height))
    return list(next(strip for strip in strips if text in strip.text))


async def test_before_any_change_the_pane_says_what_will_be_here() -> None:
    async with stage(None, width=40) as on_stage:
        text = " ".join(" ".join(row.strip("┃ ") for row in on_stage.screen()[1:-1]).split())
        assert text == "No changes yet: edits appear here before they are written."


@pytest.mark.parametrize(("width", "height"), [(80, 24), (64, 20), (120, 40), (200, 60), (30, 8), (12, 5)])
async def test_every_row_fills_the_pane_exactly(width: int, height: int) -> None:
    view = asking(three_hunks(), ProposedFile("new.py", None, "漢字\tx\n".encode() * 40))
    async with stage(view, width, height) as on_stage:
        for _ in range(4):
            assert {cell_len(row) for row in on_stage.screen()} == {width}
            await on_stage.press("t", "w", "right", "j")


async def test_a_file_not_in_utf8_says_what_it_is_written_in() -> None:
    latin = ProposedFile("a.txt", None, b"caf\xe9\n", "", "latin-1")
    async with stage(asking(latin, three_hunks())) as on_stage:
        assert " a.txt  +1 -0  new  Latin-1 " in on_stage.row("── a.txt")
        assert "café" in on_stage.row("caf")
        assert "UTF-8" not in on_stage.row("── src/a.py")


async def test_title_tally_cursor_and_what_is_below_are_on_the_frame() -> None:
    async with stage(asking(), height=20) as on_stage:
        top, *_, bottom = on_stage.screen()
        assert "src/a.py  +3 -3" in top
        assert "0✔ 0✘ 3?" in top
        assert "▼ 14 lines below" in bottom
        assert "▌ hunk 1/3  ? undecided" in on_stage.row("hunk 1/3")
        assert "▌" not in on_stage.row("hunk 2/3")


async def test_of_a_long_path_the_end_is_shown_and_what_changed() -> None:
    path = f"src/{'deep/' * 20}name.py"
    async with stage(asking(ProposedFile(path, LOGIN, BUCKET), three_hunks()), width=40) as on_stage:
        header = on_stage.row("──")
        assert "── …" in header
        assert "deep/deep/name.py  +1 -1 " in header


async def test_lines_carry_signs_and_the_numbers_of_both_sides() -> None:
    async with stage(asking()) as on_stage:
        assert "   4   4   value_4 = 4" in on_stage.row("value_4")
        assert "   5     - value_5 = 5" in on_stage.row("value_5 = 5")
        assert "       5 + value_5 = five" in on_stage.row("value_5 = five")


async def test_changed_lines_have_grounds_and_changed_words_stronger_ones() -> None:
    async with stage(asking(ProposedFile("a.py", LOGIN, BUCKET))) as on_stage:
        palette = on_stage.pane.palette
        segments = styles_of(on_stage, "Bucket")
        grounds = {segment.text.strip(): segment.style.bgcolor for segment in segments if segment.style}
        assert grounds["limit ="] == palette.added.bgcolor
        assert grounds["Bucket(rate=5)"] == palette.added_word.bgcolor


async def test_code_has_colours_once_the_first_frame_is_out() -> None:
    async with stage(asking(ProposedFile("a.py", LOGIN, BUCKET))) as on_stage:
        await on_stage.pilot.pause()
        keyword = next(segment for segment in styles_of(on_stage, "return") if "return" in segment.text)
        assert keyword.style is not None
        assert keyword.style.color == on_stage.pane.palette.keyword.color


async def test_wide_panes_show_both_sides_and_narrow_ones_one() -> None:
    view = asking(ProposedFile("a.py", LOGIN, BUCKET))
    async with stage(view, width=100) as on_stage:
        row = on_stage.row("None")
        assert "- " in row
        assert "limit = Bucket(rate=5)" in row
        await on_stage.press("t")
        assert "Bucket" not in on_stage.row("None")
        await on_stage.press("t")
        assert "Bucket" in on_stage.row("None")
        await on_stage.pilot.resize_terminal(70, 24)
        assert "Bucket" in on_stage.row("None")
        await on_stage.press("t")
        assert "Bucket" not in on_stage.row("None")


async def test_new_and_deleted_files_are_called_so() -> None:
    async with stage(asking(ProposedFile("a.py", None, LOGIN))) as on_stage:
        assert "a.py  +3 -0  new" in on_stage.screen()[0]
        await on_stage.show(asking(ProposedFile("a.py", LOGIN, None), id="c2"))
        assert "a.py  +0 -3  deleted" in on_stage.screen()[0]


async def test_a_new_file_takes_the_whole_width_in_a_wide_pane() -> None:
    async with stage(asking(ProposedFile("a.py", None, LOGIN)), width=120) as on_stage:
        assert "╲" not in "".join(on_stage.screen())
        assert on_stage.row("limit").count("│") == 0


async def test_long_lines_are_wrapped_or_cut_visibly_and_scrolled() -> None:
    long = b"start " + b"x" * 150 + b" stop"
    async with stage(asking(ProposedFile("a.txt", None, long))) as on_stage:
        assert "…" not in on_stage.row("start")
        assert "stop" in "".join(on_stage.screen())
        await on_stage.press("w")
        assert "long lines: cut, → shows more" in on_stage.pane.notice
        assert on_stage.row("start").rstrip("┃ ").endswith("x…")
        await on_stage.press(*["right"] * 13)
        assert "…" in on_stage.row("stop")


async def test_find_scrolls_to_a_hit_beyond_the_right_edge() -> None:
    async with stage(asking(ProposedFile("a.txt", None, b"x" * 500 + b" needle\n"))) as on_stage:
        await on_stage.press("w", "/", *"needle")
        assert "x needle" in on_stage.row("1 + ")


async def test_a_huge_line_is_drawn_no_further_than_it_is_seen() -> None:
    async with stage(asking(ProposedFile("a.min.js", None, b"f(1);" * 400_000))) as on_stage:
        assert "f(1);f(1);" in on_stage.row("+ f(1)")


async def test_text_of_files_is_never_markup_and_controls_are_seen() -> None:
    content = b"[bold]x[/bold] \x1b[31mred\x07 \xe2\x80\xae\n"
    async with stage(asking(ProposedFile("[b].py", None, content))) as on_stage:
        assert "[bold]x[/bold] ␛[31mred␇ <202e>" in on_stage.row("bold")
        assert "[b].py" in on_stage.screen()[0]


async def test_a_missing_final_newline_and_the_way_of_matching_are_told() -> None:
    edited = ProposedFile("a.txt", b"a", b"b", note="matched ignoring trailing blanks")
    async with stage(asking(edited)) as on_stage:
        assert on_stage.row("No newline at end of file")
        assert on_stage.row("matched ignoring trailing blanks")


async def test_keys_stay_in_sight_at_the_bottom_of_a_long_review() -> None:
    big = ProposedFile("a.py", None, b"line\n" * 2_000)
    async with stage(asking(big), height=24) as on_stage:
        for key in ("j", "end", "pageup", "home"):
            await on_stage.press(key)
            shown = "\n".join(on_stage.screen()[-5:])
            assert "y accept" in shown
            assert "ENTER send" in shown


async def test_every_line_of_a_long_review_can_be_reached_by_keys() -> None:
    lines = [f"<{n}>" for n in range(300)]
    big = ProposedFile("a.py", None, "\n".join(lines).encode())
    async with stage(asking(big), height=24) as on_stage:
        seen = ""
        for _ in range(25):
            seen += "\n".join(on_stage.screen())
            await on_stage.press("pagedown")
        assert all(line in seen for line in lines)


def draft(lines: int, id: str = "draft:1") -> Changeset:  # noqa: A002
    text = "".join(f"line {n}\n" for n in range(lines)).encode()
    return changeset(ProposedFile("new.py", None, text), id=id)


async def test_a_draft_keeps_its_end_in_view_until_the_person_scrolls() -> None:
    async with stage(None) as on_stage:
        on_stage.pane.draft(draft(50))
        await on_stage.pilot.pause()
        assert on_stage.row("line 49")
        assert "draft" in on_stage.screen()[0]
        await on_stage.press("up")
        on_stage.pane.draft(draft(90))
        await on_stage.pilot.pause()
        assert "line 89" not in "\n".join(on_stage.screen())
        on_stage.pane.draft(draft(70, id="draft:2"))
        await on_stage.pilot.pause()
        assert on_stage.row("line 69")


async def test_a_draft_that_grew_looks_like_one_shown_at_once() -> None:
    async with stage(None) as grown, stage(None) as whole:
        for lines in (3, 4, 30, 31, 31, 99, 100, 1_200):
            grown.pane.draft(draft(lines))
            await grown.pilot.pause()
        whole.pane.draft(draft(1_200))
        await whole.pilot.pause()
        assert grown.screen() == whole.screen()
        for on_stage in (grown, whole):
            await on_stage.press("pageup", "pageup")
        assert grown.screen() == whole.screen()


async def test_a_draft_cannot_be_decided_on() -> None:
    async with stage(None) as on_stage:
        on_stage.pane.draft(draft(50))
        await on_stage.press("y", "A", "space", "enter", "enter")
        await on_stage.settle()
        assert on_stage.app.said == []
        assert "y accept" not in "\n".join(on_stage.screen())


@pytest.mark.parametrize(
    ("state", "badge", "headers"),
    [
        ("applied", "✔ applied 2 of 3", ["✔ applied", "✘ rejected", "✔ applied"]),
        ("refused", "✘ refused", ["✘ not written", "✘ rejected", "✘ not written"]),
        ("failed", "⚠ failed", ["⚠ failed", "✘ rejected", "⚠ failed"]),
        ("undone", "○ undone", ["○ undone", "✘ rejected", "○ undone"]),
    ],
)
async def test_after_the_review_every_hunk_says_what_became_of_it(
    state: ReviewState, badge: str, headers: list[str]
) -> None:
    names = [HunkMark("src/a.py", 1, "accepted"), HunkMark("src/a.py", 2, "rejected")]
    view = asking(marks=(*names, HunkMark("src/a.py", 3, "accepted")))
    async with stage(view, height=40) as on_stage:
        failure = "src/a.py changed meanwhile" if state == "failed" else ""
        await on_stage.show(replace(view, state=state, request="", failure=failure))
        assert badge in on_stage.screen()[0]
        assert [header in on_stage.row(f"hunk {n}/3") for n, header in enumerate(headers, 1)] == [True] * 3
        await on_stage.press("j", "y")
        assert failure in "\n".join(on_stage.screen())
        assert on_stage.marks == []


async def test_what_was_accepted_without_asking_is_shown_as_applied() -> None:
    applied = (AppliedFile("src/a.py", "modified", 3, 3),)
    async with stage(ReviewView(changeset(), "applied", "main", applied=applied)) as on_stage:
        assert "✔ applied" in on_stage.row("hunk 1/3")
        assert on_stage.screen()[0].rstrip("┓ ").endswith("✔ applied")


async def test_copying_takes_text_without_numbers_and_signs() -> None:
    async with stage(asking(ProposedFile("a.txt", b"one\ntwo\n", b"one\n2\n"))) as on_stage:
        row = on_stage.screen()[2]
        assert row[1 + on_stage.pane.PADDING[0] + on_stage.pane.indent(1) :].startswith("one")
        await on_stage.press("shift+down", "shift+down", "shift+down")
        assert on_stage.pane.copy_selection() == "one\ntwo\n2"


TWO = ProposedFile("a.txt", source(), source((5, "longer five"), (30, "")))
NEW = ProposedFile("b.txt", None, b"new\n")


async def test_copying_over_hunks_leaves_their_headers_out_and_names_the_files() -> None:
    async with stage(asking(TWO, NEW), height=50) as on_stage:
        await on_stage.press("ctrl+shift+end")
        copied = on_stage.pane.copy_selection().split("\n")
        assert copied[:5] == [*LINES[1:5], "longer five"]
        assert copied[-3:] == ["", "b.txt", "new"]
        assert not any("hunk" in line or "undecided" in line for line in copied)


async def test_side_by_side_a_drag_takes_the_side_it_began_on() -> None:
    async with stage(asking(TWO), width=120, height=40) as on_stage:
        y = next(index for index, row in enumerate(on_stage.screen()) if "longer five" in row)
        for begin, end, line in ((12, 30, LINES[4]), (72, 85, "longer five"), (72, 3, "longer five")):
            await on_stage.pilot.mouse_down(on_stage.pane, offset=(begin, y - 1))
            await on_stage.pilot.hover(on_stage.pane, offset=(end, y + 1))
            await on_stage.pilot.mouse_up(on_stage.pane, offset=(end, y + 1))
            above, here, below = on_stage.pane.copy_selection().split("\n")
            assert LINES[3].endswith(above)
            assert here == line
            assert LINES[5].startswith(below)


async def test_another_theme_is_drawn_in_its_own_colours() -> None:
    async with stage(asking(ProposedFile("a.py", LOGIN, BUCKET))) as on_stage:
        before = on_stage.pane.palette
        on_stage.app.theme = "textual-light"
        await on_stage.pilot.pause()
        assert on_stage.pane.palette is not before
        grounds = {segment.style.bgcolor for segment in styles_of(on_stage, "None") if segment.style}
        assert on_stage.pane.palette.removed.bgcolor in grounds
        assert before.removed.bgcolor not in grounds


async def test_a_click_puts_the_cursor_on_a_hunk() -> None:
    async with stage(asking(), height=40) as on_stage:
        y = next(index for index, row in enumerate(on_stage.screen()) if "hunk 2/3" in row)
        await on_stage.pilot.click(on_stage.pane, offset=(20, y))
        assert on_stage.pane.current == 1
        assert "▌" in on_stage.row("hunk 2/3")


async def test_a_change_of_many_lines_opens_unified_whatever_the_width() -> None:
    old = source() * 500
    new = old.replace(b"value_7 ", b"value_seven ")
    async with stage(asking(ProposedFile("a.py", old, new)), width=120) as on_stage:
        assert " │ " not in on_stage.row("value_6")
        await on_stage.press("t", "t")
        assert " │ " not in on_stage.screen()[0]


async def test_what_was_written_without_asking_is_shown_from_its_first_hunk_on() -> None:
    made = changeset(three_hunks(), three_hunks("src/b.py"))
    async with stage(ReviewView(made, "draft", "main"), height=14) as on_stage:
        assert "▌ hunk 1/3" not in "".join(on_stage.screen())
        await on_stage.show(ReviewView(made, "applied", "main"))
        assert on_stage.pane.current == 0
        assert on_stage.row("▌ hunk 1/3")
