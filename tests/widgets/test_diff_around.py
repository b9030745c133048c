"""Lines around hunks: the right ones with the right numbers, none twice, asked for when they are wanted."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from msgspec.structs import replace

from nanodeck.contracts.changes import Changeset
from nanodeck.contracts.queries import Lines
from nanodeck.core.review import ProposedFile
from nanodeck_widgets.diff.around import STEP, Surroundings, name_of
from nanodeck_widgets.diff.messages import CommentWanted, LinesWanted
from nanodeck_widgets.diff.rows import Layout, Rows
from nanodeck_widgets.diff.seen import SeeingViewer
from tests.widgets.diff_stage import LINES, Stage, asking, changeset, source, stage

CASES = settings(max_examples=60)


@st.composite
def long_changes(draw: st.DrawFn) -> tuple[list[str], list[str], Changeset]:
    old = [f"line {n}" for n in range(draw(st.integers(1, 60)))]
    new = list(old)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, max(0, len(new) - 1)))
        edit = draw(st.sampled_from(["insert", "delete", "replace"]))
        new[at : at + (edit != "insert")] = [] if edit == "delete" else ["another"]
    before, after = ("".join(f"{line}\n" for line in side).encode() for side in (old, new))
    return old, new, changeset(ProposedFile("f", before, after))


@CASES
@given(long_changes(), st.lists(st.integers(0, 6), max_size=12), st.booleans())
def test_lines_around_are_those_of_the_file_and_none_comes_twice(
    change: tuple[list[str], list[str], Changeset], presses: list[int], split: bool
) -> None:
    old, new, proposal = change
    if not proposal.files or not proposal.files[0].hunks[0].body:
        return
    file, around = proposal.files[0], Surroundings()
    around.learn(("f", "agent"), Lines(0, len(old), "\n".join(old)))
    for press in presses:
        around.grow(file, press % len(file.hunks))
    rows = Rows(proposal, Layout(split), around=around.around(proposal.files))
    seen: list[int] = []
    for hunk in range(len(rows.places)):
        body = rows.body(hunk)
        for line in (body[index] for index in range(len(body))):
            assert not line.old or old[line.old - 1] == line.text
            assert not line.new or new[line.new - 1] == line.text
            seen += [line.old] if line.old else []
        own = [f"{body[index].sign}{body[index].text}" for index in rows.own(hunk)]
        assert own == rows.hunk(hunk).body.split("\n")
    assert seen == sorted(set(seen))


def test_at_the_end_of_the_lines_they_are_folded_again() -> None:
    file, around = changeset().files[0], Surroundings()
    around.learn(name_of(file), Lines(0, len(LINES), "\n".join(LINES)))
    presses = [around.grow(file, 1) for _ in range(4)]
    # Between the hunks stand 18 lines on each side.
    assert presses == [True, True, False, True]


def test_only_what_is_not_known_is_missing() -> None:
    file, around = changeset().files[0], Surroundings()
    around.grow(file, 2)
    assert [(gap.first, gap.last) for gap in around.missing(file)] == [(42, 52), (59, 69)]
    around.learn(name_of(file), Lines(41, len(LINES), "\n".join(LINES[41:])))
    assert list(around.missing(file)) == []
    around.forget(name_of(file))
    assert len(list(around.missing(file))) == 2


def answer(on_stage: Stage) -> None:
    """Give every line that was asked for."""
    for wanted in [message for message in on_stage.app.read if isinstance(message, LinesWanted)]:
        page = Lines(wanted.first, len(LINES), "\n".join(LINES[wanted.first : wanted.first + wanted.limit]))
        on_stage.pane.know_lines(wanted.source, wanted.file, page)
    on_stage.app.read.clear()


async def test_a_key_shows_more_lines_around_the_hunk() -> None:
    async with stage(asking(), height=60) as on_stage:
        await on_stage.press("j", ".")
        answer(on_stage)
        await on_stage.pilot.pause()
        assert "17  17   value_17 = 17" in on_stage.row("value_17 =")
        assert "43  43   value_43 = 43" in on_stage.row("value_43 =")
        assert "8 unchanged lines" in on_stage.row("unchanged")
        assert [row for row in on_stage.screen() if "value_16 =" in row] == []
        await on_stage.press(".")
        answer(on_stage)
        await on_stage.pilot.pause()
        assert on_stage.row("value_9 =")
        assert [row for row in on_stage.screen() if "unchanged" in row] == []
        await on_stage.press(".")
        assert [row for row in on_stage.screen() if "value_17 =" in row] == []


async def test_the_lines_of_the_hunk_stay_in_view_when_others_come_around_them() -> None:
    async with stage(asking(), height=20) as on_stage:
        await on_stage.press("j")
        for _ in range(2):
            await on_stage.press(".")
            answer(on_stage)
            await on_stage.pilot.pause()
            assert on_stage.row("- value_30 = 30")
            assert on_stage.pane.current == 1


async def test_picked_lines_are_the_hunk_s_own_also_with_lines_around() -> None:
    async with stage(asking(), height=60) as on_stage:
        await on_stage.press("j", ".")
        answer(on_stage)
        await on_stage.press("v", "space")
        assert on_stage.row("- value_30 = 30").startswith("┃ ✔")
        await on_stage.press("y")
        [marked] = [message.marks[0] for message in on_stage.app.said if hasattr(message, "marks")]
        assert marked.lines == (3,)


async def test_a_comment_on_a_hunk_is_on_its_own_lines_also_with_others_around() -> None:
    async with stage(asking(), height=60) as on_stage:
        await on_stage.press("j", ".")
        answer(on_stage)
        await on_stage.press("c")
        [wanted] = [message for message in on_stage.app.said if isinstance(message, CommentWanted)]
        assert wanted.comment.old == (27, 33)


async def test_lines_seen_stay_seen_when_others_come_around_them() -> None:
    async with stage(asking(), height=60) as on_stage:
        pane: SeeingViewer = on_stage.pane
        await on_stage.press("j", ".")
        answer(on_stage)
        await on_stage.pilot.pause()
        on_stage.screen()
        assert pane._seen["src/a.py", "agent", 2] == {3, 4}


async def test_where_there_is_nothing_around_it_is_said() -> None:
    async with stage(asking(ProposedFile("new.py", None, source()))) as on_stage:
        await on_stage.press(".")
        assert "no lines stand around it" in on_stage.pane.notice
        await on_stage.show(replace(asking(), state="refused", request=""))
        await on_stage.press(".")
        assert "this was not written" in on_stage.pane.notice
        assert [message for message in on_stage.app.read if isinstance(message, LinesWanted)] == []


async def test_lines_of_a_file_that_changed_are_read_again() -> None:
    async with stage(asking(), height=60) as on_stage:
        await on_stage.press("j", ".")
        answer(on_stage)
        changes = ((5, "value_5 = five"), (30, "value_30 = 0"), (55, "changed"))
        later = ProposedFile("src/a.py", b"mine\n" + source(), b"mine\n" + source(*changes))
        await on_stage.show(asking(later))
        wanted = [message for message in on_stage.app.read if isinstance(message, LinesWanted)]
        assert [(message.first, message.limit) for message in wanted] == [(17, STEP), (34, STEP)]
