"""Markdown as the chat draws it, whole and while it arrives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from rich.cells import cell_len

from nanodeck_widgets.chat.inline import LINK
from nanodeck_widgets.chat.markdown import MarkdownRows, markdown_rows
from tests.widgets.chat_stage import PALETTE, all_rows, copied, draw, drawer, drawn, style_of

WHOLE = """# Title
Some **bold**, `code`, ~~old~~ and [text](http://a.b/c).
Second line\\
after a hard break.

- one item that is long enough to be wrapped at this width
- two
  - nested
    1. deep

    own paragraph
- three
  ```python
  def f(x): return "- no item"

  # | no | table |
  ```

- four after a blank
7. seven
7. eight
* other list

> quoted
> - item
lazy
| A | Bee |
|---|--:|
| 1 | `two` |
| 3 \\| 4 | five and more words that wrap |

```sh
echo "```"

~~~
```
text <b>html</b> [red]x[/red] $x
***
Under
===
漢字とかな交じりの長い文はどこでも折り返せるのでこの幅でも折れるはず 👨‍👩‍👧 é
    indented | code

~~~~
never closed
"""

SIGNS = ("\n", "\n\n", "- ", "  - ", "1. ", "> ", "# ", "```", "```py\n", "~~~\n", "    ", "---", "===", "+ ")
INSIDE = (
    "**",
    "`",
    "[x](y)",
    "word ",
    "a long run of words to wrap ",
    "漢字",
    "👍",
    "\t",
    "\\",
    "|",
    "_",
    "!",
)
OTHERS = ("| a | b |", "|--|:-:|", "\r\n", "<i>", "&amp;", "\x1b[31m", "\x00", "http://a.b/c ")
PIECES = st.sampled_from(SIGNS + INSIDE + OTHERS)


def streamed(source: str, cuts: list[int]) -> MarkdownRows:
    """`source` fed in pieces."""
    rows = MarkdownRows(drawer())
    at = 0
    for cut in [*sorted(cut % (len(source) + 1) for cut in cuts), len(source)]:
        rows.feed(source[at:cut])
        at = cut
    rows.finish()
    rows.settle_all()
    return rows


@given(st.lists(st.integers(0, 10_000), max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_document_streamed_in_any_pieces_is_drawn_as_if_it_came_whole(cuts: list[int]) -> None:
    assert all_rows(streamed(WHOLE, cuts)) == all_rows(markdown_rows(WHOLE, drawer()))


@given(st.lists(PIECES, max_size=40).map("".join), st.lists(st.integers(0, 10_000), max_size=20))
@settings(max_examples=200, deadline=None)
def test_any_text_streamed_in_any_pieces_is_drawn_as_if_it_came_whole(source: str, cuts: list[int]) -> None:
    assert all_rows(streamed(source, cuts)) == all_rows(markdown_rows(source, drawer()))


@given(st.lists(PIECES, max_size=40).map("".join), st.integers(10, 60))
@settings(max_examples=200, deadline=None)
def test_no_row_is_wider_than_the_pane_and_texts_stand_where_they_say(source: str, width: int) -> None:
    for row in all_rows(markdown_rows(source, drawer(width))):
        look = "".join(segment.text for segment in row.segments)
        assert row.cells == cell_len(look) <= width
        assert row.indent + cell_len(row.text) <= max(row.cells, row.indent + cell_len(row.text.rstrip()))


@given(st.lists(st.sampled_from(["word", "**bold**", "漢字", "x" * 50, "a-b"]), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_wrapped_paragraph_is_copied_as_one_line(words: list[str]) -> None:
    rows = all_rows(markdown_rows(" ".join(words), drawer(20)))
    assert copied(rows) == " ".join(words).replace("**", "")


def test_rows_that_a_feed_did_not_touch_are_told_apart() -> None:
    rows = MarkdownRows(drawer())
    rows.feed("first\n\nsecond\n\nthird")
    before = all_rows(rows)
    changed = rows.feed(" and more")
    assert changed == 4
    assert all_rows(rows)[:4] == before[:4]


def test_emphasis_code_and_strike_keep_their_text_and_lose_their_signs() -> None:
    rows = all_rows(markdown_rows("a **b** *c* `d` ~~e~~ ***f***", drawer()))
    assert [drawn(row) for row in rows] == ["a b c d e f"]
    styles = {segment.text.strip(): style_of(segment) for segment in rows[0].segments}
    assert (styles["b"].bold, styles["c"].italic, styles["e"].strike) == (True, True, True)
    assert (styles["f"].bold, styles["f"].italic) == (True, True)
    assert styles["d"].bgcolor == PALETTE.code.bgcolor


def test_links_show_their_target_when_it_differs_and_carry_it_for_a_click() -> None:
    source = "[text](http://a.b) <http://c.d> [http://e.f](http://e.f) http://g.h/i. ![pic](p.png)"
    rows = all_rows(markdown_rows(source, drawer(120)))
    assert drawn(rows[0]) == "text (http://a.b) http://c.d http://e.f http://g.h/i. [image: pic] (p.png)"
    targets = [s.style.meta[LINK] for s in rows[0].segments if s.style and s.style.meta.get(LINK)]
    assert targets == ["http://a.b", "http://c.d", "http://e.f", "http://g.h/i"]
    assert not any(segment.style and segment.style.link for segment in rows[0].segments)


def test_html_markup_and_link_definitions_are_shown_literally() -> None:
    source = "<script>x</script>\n\na <b>b</b> [red]c[/red] $d\n\n[e]: http://f.g"
    assert draw(source, 60) == ["<script>x</script>", "", "a <b>b</b> [red]c[/red] $d", "", "[e]: http://f.g"]


def test_lists_are_tight_numbered_on_and_nested_by_columns() -> None:
    source = "Intro:\n- a\n\n- b\n  - c\n\n1. x\n1. y\n\n5) z"
    assert draw(source) == ["Intro:", "• a", "• b", "  · c", "", "1. x", "2. y", "", "5) z"]


def test_a_long_item_is_wrapped_under_its_text_and_copied_with_its_sign() -> None:
    rows = all_rows(markdown_rows("- some words to wrap here", drawer(14)))
    assert [drawn(row) for row in rows] == ["• some words", "  to wrap here"]
    assert copied(rows) == "- some words to wrap here"


def test_quotes_have_a_bar_that_is_not_copied() -> None:
    rows = all_rows(markdown_rows("> said by\n> somebody\n>\n> - twice", drawer()))
    assert [drawn(row) for row in rows] == ["▌ said by somebody", "▌", "▌ • twice"]
    assert copied(rows) == "said by somebody\n\n- twice"


def test_code_keeps_blanks_and_long_lines_and_is_coloured_by_its_language() -> None:
    source = "```python\ndef f():\n\n    return 'a long string that is cut'\n```"
    rows = all_rows(markdown_rows(source, drawer(30)))
    assert copied(rows) == "def f():\n\n    return 'a long string that is cut'"
    assert {row.cells for row in rows} == {30}
    colours = {s.text: s.style.color for row in rows for s in row.segments if s.style}
    assert colours["def"] == PALETTE.keyword.color
    assert all(s.style.bgcolor == PALETTE.code_block.bgcolor for row in rows for s in row.segments if s.style)


def test_code_says_its_language_beside_its_first_line_where_there_is_room() -> None:
    assert draw("```klingon\nnuqneH\nQapla\n```", 24) == ["  nuqneH        klingon", "  Qapla"]
    assert draw("```klingon\nnuqneH jatlh Hol\n```", 24) == ["  nuqneH jatlh Hol"]
    assert draw("- one\n  ```py\n  x = 1\n  y\n  ```", 24) == ["• one", "    x = 1            py", "    y"]


def test_tables_align_columns_and_wrap_cells() -> None:
    source = "| Name | Nr |\n|:--|--:|\n| a | 1 |\n| some longer words | 22 |\n| p \\| q |"
    assert draw(source, 20) == [
        "Name            │ Nr",
        "────────────────┼───",
        "a               │  1",
        "some longer     │ 22",
        "words           │",
        "p | q           │",
    ]


def test_a_table_with_more_columns_than_fit_becomes_lines_of_header_and_cell() -> None:
    heads = [f"head{number}" for number in range(12)]
    source = "\n".join(["|".join(heads), "|".join(["---"] * 12), "|".join("abcdefghijkl")])
    assert draw(source, 30)[:2] == ["head0: a", "head1: b"]


def test_headings_rules_and_breaks() -> None:
    assert draw("# One\n## Two\ntext\n\n---\nThree\n===\na  \nb\nc", 10) == [
        "One",
        "",
        "Two",
        "text",
        "",
        "──────────",
        "Three",
        "a",
        "b c",
    ]


@pytest.mark.parametrize("source", ["", "\n\n\n", "   ", "```", "```py\n```"])
def test_nothing_draws_nothing(source: str) -> None:
    assert draw(source) == []


def test_terminal_escapes_and_control_characters_never_reach_a_row() -> None:
    source = "a\x1b[31mb\x1b]0;title\x07c\x00d\x9bm\u202ee\n```\n\x1b[2Jf\n```"
    for row in all_rows(markdown_rows(source, drawer(60))):
        for segment in row.segments:
            assert segment.text.isprintable()


def test_a_huge_line_is_cut_with_a_note_and_costs_no_more_while_it_grows() -> None:
    rows = markdown_rows("x" * 1_000_000, drawer(100))
    assert len(rows) < 110
    assert "990,000 more characters are not drawn" in " ".join(drawn(row) for row in all_rows(rows)[-2:])


def test_a_block_of_too_many_lines_says_how_many_are_left_out() -> None:
    rows = all_rows(markdown_rows("\n".join(f"> line {number}" for number in range(9_000)), drawer(80)))
    assert "more lines are not drawn" in drawn(rows[-1])
    assert len(rows) < 1_000
