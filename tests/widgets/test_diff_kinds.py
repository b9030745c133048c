"""What a diff says of each kind of change, and of what was decided on it."""

from __future__ import annotations

from msgspec.structs import replace

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review import ProposedFile, propose
from nanodeck_widgets.diff.kinds import briefly, facts
from tests.widgets.diff_stage import Stage, asking, stage

A = "src/a.py"
WHOLE = Hunk(1, 1, 0, 1, 0, "", "")
INDENTED = b"def f():\n    a = 1\n    b = 2\n    return a\n"
DEEPER = b"def f():\n    if yes:\n        a = 1\n        b = 2\n    return a + b\n"
RENAMED = FileDiff("b.py", "renamed", (WHOLE,), old_path="a.py")
RUNNABLE = FileDiff("run.sh", "modified", (WHOLE,), modes=(0o100644, 0o100755))
PICTURE = FileDiff("x.png", "modified", (WHOLE,), sizes=(18_432, 20_117))


def inks(on_stage: Stage, text: str) -> set[object]:
    """The styles in which `text` stands on the screen."""
    pane, number = on_stage.pane, next(n for n, row in enumerate(on_stage.screen()) if text in row)
    row = pane.top + number - 1
    return {segment.style for segment in pane.build(row, pane.inner_width) if text in segment.text}


def test_a_file_of_every_kind_is_said_in_words() -> None:
    assert facts(RENAMED) == ("renamed from a.py",)
    assert facts(replace(RENAMED, kind="copied")) == ("copied from a.py",)
    assert facts(RUNNABLE) == ("executable: mode 644 becomes 755",)
    assert facts(PICTURE) == ("binary, its lines are not shown: 18,432 becomes 20,117 bytes",)
    assert facts(replace(PICTURE, kind="created", sizes=(0, 1))) == (
        "binary, its lines are not shown: 1 byte",
    )
    assert facts(FileDiff("e", "created", (WHOLE,))) == ("an empty file",)
    assert facts(FileDiff("e/", "created", (WHOLE,))) == ("an empty folder",)


def test_the_header_of_a_file_says_what_else_is_to_know_of_it() -> None:
    def of(old: bytes | None, new: bytes | None) -> list[str]:
        return briefly(propose("c", [], [ProposedFile("f", old, new)]).changeset.files[0])

    assert of(b"a\n", b"b\n") == []
    assert of(None, b"b\n") == ["new"]
    assert of(b"a\n", None) == ["deleted"]
    assert of(b"a\r\n", b"b\r\n") == ["CRLF"]
    assert briefly(RENAMED) == ["renamed from a.py"]
    assert briefly(replace(RUNNABLE, author="you")) == ["yours", "executable"]
    assert briefly(PICTURE) == ["binary"]


async def test_a_change_without_lines_is_one_hunk_that_can_be_decided_on() -> None:
    changeset = Changeset("c1", ("call",), (RENAMED, RUNNABLE, PICTURE))
    async with stage(ReviewView(changeset, "asking", "main", request="r")) as on_stage:
        screen = "\n".join(on_stage.screen())
        for said in ("renamed from a.py", "mode 644 becomes 755", "20,117 bytes"):
            assert said in screen
        await on_stage.press("y", "n", "y")
        assert on_stage.marks == [
            ("b.py", 1, "accepted"),
            ("run.sh", 1, "rejected"),
            ("x.png", 1, "accepted"),
        ]


async def test_what_a_file_ends_without_is_said_under_its_last_line() -> None:
    async with stage(asking(ProposedFile("a", b"x\ny", b"x\ny\n"))) as on_stage:
        rows = on_stage.screen()
        last = next(number for number, row in enumerate(rows) if " - y " in row)
        assert "No newline at end of file" in rows[last + 1]


async def test_a_decision_colours_the_edge_of_its_hunk_and_a_rejected_one_fades() -> None:
    async with stage(asking(), height=40) as on_stage:
        await on_stage.press("y", "n")
        palette = on_stage.pane.palette
        assert on_stage.row("value_4 = 4").startswith("┃ ▏")
        await on_stage.press("k")
        [rejected] = inks(on_stage, "value_30 = 0")
        assert rejected == palette.muted
        assert "✘ rejected" in on_stage.row("hunk 2/3")


async def test_a_hunk_that_no_longer_applies_says_why() -> None:
    view = asking()
    file = view.changeset.files[0]
    hunks = (replace(file.hunks[0], stale="line 5 is another one now"), *file.hunks[1:])
    stale = replace(view, changeset=replace(view.changeset, files=(replace(file, hunks=hunks),)))
    async with stage(stale) as on_stage:
        assert "⚠ stale: line 5 is another one now" in on_stage.row("hunk 1/3")


async def test_changes_of_blanks_alone_can_be_dimmed() -> None:
    async with stage(asking(ProposedFile("a.py", INDENTED, DEEPER))) as on_stage:
        pane = on_stage.pane
        assert pane.palette.muted not in inks(on_stage, "        b = 2")
        await on_stage.press("W")
        assert "changes of blanks alone: dimmed" in on_stage.pane.notice
        assert inks(on_stage, "        b = 2") == {pane.palette.muted}
        assert pane.palette.muted not in inks(on_stage, "if yes:")
        await on_stage.press("W")
        assert "changes of blanks alone: as any other" in on_stage.pane.notice
        assert pane.palette.muted not in inks(on_stage, "        b = 2")


async def test_a_review_shown_before_it_is_laid_out_has_its_cursor_where_it_belongs() -> None:
    marks = (HunkMark(A, 1, "accepted"), HunkMark(A, 2, "accepted"))
    async with stage(None) as on_stage:
        on_stage.pane.display = False
        await on_stage.pilot.pause()
        await on_stage.show(asking(marks=marks))
        on_stage.pane.display = True
        await on_stage.pilot.pause()
        on_stage.screen()
        assert on_stage.pane.current == 2


async def test_lines_of_a_new_file_take_the_whole_width_also_beside_others() -> None:
    long = b"x" * 90 + b"\n"
    async with stage(asking(ProposedFile("a.py", None, long)), width=120) as on_stage:
        assert "x" * 90 in on_stage.row("+ xxx")


async def test_the_rows_of_a_wrapped_line_have_a_sign_and_what_stands_beside_them_has_none() -> None:
    long = b"total = " + b"price " * 12 + b"\n"
    async with stage(asking(ProposedFile("a.py", b"short\n", long)), width=100) as on_stage:
        rows = [row for row in on_stage.screen() if "price" in row]
        assert "↳" not in rows[0]
        assert all(row.count("↳") == 1 and row.index("↳") > 50 for row in rows[1:])
        assert len(rows) > 1
