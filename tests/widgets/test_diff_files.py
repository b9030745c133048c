"""The files of a diff: the strip, reviewed ones folded, sources in the place of a review."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, strategies as st
from msgspec.structs import replace
from textual.app import App

from nanodeck.contracts.changes import FileDiff, HunkMark
from nanodeck.contracts.sources import DiffPage, ReviewedFile, Source
from nanodeck.core.review import ProposedFile
from nanodeck_widgets.diff.messages import FilesWanted, MarkFileWanted, TakeBackWanted
from nanodeck_widgets.diff.strip import FileStrip, Standing, short_names
from nanodeck_widgets.palette import palette_of
from tests.widgets.diff_stage import Stage, asking, changeset, source, stage, three_hunks

SESSION = Source("session")
PALETTE = palette_of(App())
NAMES = ("src/a.py", "src/b.py", "docs/c.md")


def files(*names: str) -> tuple[FileDiff, ...]:
    return changeset(*(three_hunks(name) for name in names)).files


def told(on_stage: Stage, kind: type) -> list[object]:
    return [message for message in on_stage.app.said if isinstance(message, kind)]


async def mark(on_stage: Stage) -> None:
    """Press m, and let the engine agree to all that was asked for so far."""
    await on_stage.press("m")
    marked: dict[str, ReviewedFile] = {}
    for message in on_stage.app.said:
        if isinstance(message, MarkFileWanted):
            marked.pop(message.file.path, None)
            if message.reviewed:
                marked[message.file.path] = message.file
    on_stage.pane.show_reviewed(tuple(marked.values()))
    await on_stage.pilot.pause()


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.integers(8, 120), st.data())
def test_the_strip_holds_the_current_file_and_nothing_wider(
    lengths: list[int], width: int, data: st.DataObject
) -> None:
    listed = [FileDiff("x" * length, "modified", (), 1, 2) for length in lengths]
    strip = FileStrip(listed, "…")
    for _ in range(3):
        current = data.draw(st.integers(0, len(listed) - 1))
        drawn = strip.draw(current, lambda file: Standing("✔", PALETTE.success), width, PALETTE)
        seen = list(dict.fromkeys(found(strip, drawn.cell_length)))
        assert current in seen
        assert seen == list(range(seen[0], seen[-1] + 1))
        assert drawn.cell_length <= width or len(seen) == 1
        assert drawn.text.startswith(f"…{seen[0]} ") == (seen[0] > 0)
        assert drawn.text.endswith("…") == (seen[-1] + 1 < len(listed))


def found(strip: FileStrip, width: int) -> Iterator[int]:
    return (file for cell in range(width) if (file := strip.file_at(cell)) is not None)


def test_files_are_called_by_their_names_and_longer_where_these_are_alike() -> None:
    same = replace(files("src/a.py")[0], author="you")
    assert short_names(files("src/a.py", "lib/deep/a.py", "x.py")) == ["src/a.py", "deep/a.py", "x.py"]
    assert short_names((*files("src/x.py"), same)) == ["x.py", "a.py (you)"]
    assert short_names(files("src/", "lib/new/", "a/new")) == ["src/", "lib/new/", "a/new"]


async def test_the_strip_tells_how_every_file_stands_in_a_review() -> None:
    async with stage(asking(*(three_hunks(name) for name in NAMES), three_hunks("d.py"))) as on_stage:
        assert "[? a.py +3 -3]  ? b.py +3 -3   ? c.md +3 -3   ? d.py +3 -3" in on_stage.screen()[1]
        await on_stage.press("a", "d", "y")
        strip = on_stage.screen()[1]
        assert " ✔ a.py +3 -3   ✘ b.py +3 -3  [◐ c.md +3 -3]  ? d.py +3 -3" in strip
        assert "2/4 files, 7/12 hunks" in on_stage.screen()[0]
        await on_stage.pilot.click(on_stage.pane, offset=(6, 1))
        assert on_stage.pane.current == 0


async def test_one_file_and_low_panes_have_no_strip() -> None:
    async with stage(asking()) as on_stage:
        assert "hunk 1/3" in on_stage.screen()[1]
        assert "0/3 hunks" in on_stage.screen()[0]
    async with stage(asking(*(three_hunks(name) for name in NAMES)), height=9) as on_stage:
        assert "a.py" in on_stage.screen()[0]
        assert "[? a.py" not in "\n".join(on_stage.screen())


async def test_a_reviewed_file_is_folded_until_its_diff_is_another_one_or_it_is_opened() -> None:
    async with stage(height=40) as on_stage:
        on_stage.pane.show_source(DiffPage(SESSION, files(*NAMES), 3))
        await mark(on_stage)
        assert on_stage.pane.current == 3
        assert "src/a.py  +3 -3  reviewed" in on_stage.row("src/a.py  +3")
        assert "1/3 files, 3/9 hunks" in on_stage.screen()[0]
        await on_stage.press("k", "enter")
        assert on_stage.pane.current == 0
        assert "value_5 = five" in "\n".join(on_stage.screen()[:12])
        await mark(on_stage)
        assert "0/3 files, 0/9 hunks" in on_stage.screen()[0]
        await mark(on_stage)
        changed = replace(files(*NAMES)[0], hunks=files(*NAMES)[0].hunks[1:])
        on_stage.pane.show_source(DiffPage(SESSION, (changed, *files(*NAMES)[1:]), 3))
        await on_stage.pilot.pause()
        assert "◐ a.py" in on_stage.screen()[1]  # it was reviewed, and is another one now
        assert "0/3 files, 0/8 hunks" in on_stage.screen()[0]


async def test_what_is_folded_is_looked_at_before_it_is_decided_on() -> None:
    async with stage(asking(*(three_hunks(name) for name in NAMES)), height=40) as on_stage:
        await mark(on_stage)
        await on_stage.press("k", "y")
        assert on_stage.marks == []
        assert "look first, then decide" in on_stage.pane.notice
        assert "value_5 = five" in "\n".join(on_stage.screen())
        await on_stage.press("y")
        assert on_stage.marks == [("src/a.py", 1, "accepted")]
        # A file that was looked at is done with; its hunks are only when they are decided on.
        assert "1/3 files, 1/9 hunks" in on_stage.pane.progress


async def test_the_place_stays_when_a_diff_is_read_again() -> None:
    async with stage() as on_stage:
        on_stage.pane.show_source(DiffPage(SESSION, files(*NAMES), 3))
        await on_stage.press("]", "j")
        before = [row for row, text in enumerate(on_stage.screen()) if "▌ hunk 2/3" in text]
        one_more = files("aaa.py", *NAMES)
        on_stage.pane.show_source(DiffPage(SESSION, one_more, 4))
        await on_stage.pilot.pause()
        assert on_stage.pane.current == 7
        assert "▌ hunk 2/3" in on_stage.screen()[before[0]]
        on_stage.pane.show_source(DiffPage(SESSION, (), 0))
        await on_stage.pilot.pause()
        assert "Nothing is changed: this session." in on_stage.screen()[1]
        assert "o source" in "\n".join(on_stage.screen())
        on_stage.pane.show_source(None)
        await on_stage.pilot.pause()
        assert "No changes yet" in on_stage.screen()[1]


async def test_what_was_seen_and_decided_is_known_after_looking_at_a_source() -> None:
    review = asking(ProposedFile("a.py", source(), source((5, "x"), (55, "y"))))
    async with stage(review, height=14) as on_stage:
        await on_stage.press("A")
        assert "2 changed lines not seen yet" in on_stage.screen()[-1]
        on_stage.pane.show_source(DiffPage(SESSION, files("b.py"), 1))
        await on_stage.pilot.pause()
        assert "review waits" in "\n".join(on_stage.screen())
        await on_stage.press("y")
        marks = (HunkMark("a.py", 1, "accepted"), HunkMark("a.py", 2, "accepted"))
        await on_stage.show(replace(review, marks=marks))
        on_stage.pane.show_source(None)
        await on_stage.press("enter")
        assert "2 accepted lines never in view" in on_stage.pane.notice
        assert len(on_stage.marks) == 2
        assert "2 changed lines not seen yet" in on_stage.screen()[-1]


async def test_only_what_an_agent_wrote_is_taken_back_and_only_by_itself() -> None:
    mine = replace(files("a.py")[0], author="you")
    async with stage() as on_stage:
        on_stage.pane.show_source(DiffPage(SESSION, (*files("a.py"), mine), 2))
        await on_stage.press("n")
        assert told(on_stage, TakeBackWanted) == []
        await on_stage.press("j")
        await on_stage.settle()
        assert told(on_stage, TakeBackWanted) == []
        await on_stage.press("n")
        await on_stage.settle()
        (taken,) = told(on_stage, TakeBackWanted)
        assert isinstance(taken, TakeBackWanted)
        assert (taken.source, taken.hunk) == (SESSION, mine.hunks[1])
        await on_stage.press("]", "n")
        assert "you changed this yourself" in on_stage.pane.notice
        on_stage.pane.show_source(DiffPage(Source("head"), files("a.py"), 1))
        await on_stage.press("n")
        await on_stage.settle()
        assert "git HEAD is only looked at: o, this session has what" in on_stage.pane.notice
        assert len(told(on_stage, TakeBackWanted)) == 1


async def test_a_thousand_files_are_gone_through() -> None:
    many = files(*(f"src/p{n % 7}/file{n}.py" for n in range(1000)))
    async with stage() as on_stage:
        on_stage.pane.show_source(DiffPage(SESSION, many, 1000))
        await on_stage.press("f")
        (wanted,) = told(on_stage, FilesWanted)
        assert isinstance(wanted, FilesWanted)
        assert wanted.files == many
        on_stage.pane.go_to_diff(many[700])
        await on_stage.pilot.pause()
        assert "file700.py" in on_stage.screen()[0]
        assert "[○ file700.py +3 -3]" in on_stage.screen()[1]
        assert on_stage.screen()[1].split()[1].startswith("…")
        assert "0/1,000 files, 0/3,000 hunks" in on_stage.screen()[0]
