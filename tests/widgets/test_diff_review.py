"""Deciding hunk by hunk with keys: what they do, and what they never do by accident."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual import events

from nanodeck.contracts.changes import HunkMark
from nanodeck.core.review import ProposedFile
from tests.widgets.diff_stage import Stage, asking, stage, three_hunks

A = "src/a.py"
B = "src/b.py"


def two_files() -> tuple[ProposedFile, ProposedFile]:
    return three_hunks(A), three_hunks(B)


def shown(on_stage: Stage) -> str:
    return "\n".join(on_stage.screen())


async def test_y_and_n_decide_and_go_to_the_next_undecided_hunk() -> None:
    async with stage(asking(), height=45) as on_stage:
        await on_stage.press("y")
        assert on_stage.pane.current == 1
        await on_stage.press("n")
        assert on_stage.marks == [(A, 1, "accepted"), (A, 2, "rejected")]
        assert on_stage.pane.current == 2
        assert "1✔ 1✘ 1?" in on_stage.screen()[0]
        assert "✔ accepted" in on_stage.row("hunk 1/3")
        assert "✘ rejected" in on_stage.row("hunk 2/3")


async def test_the_next_undecided_hunk_may_be_before_or_in_another_file() -> None:
    async with stage(asking(*two_files())) as on_stage:
        await on_stage.press("j", "j", "y")
        assert on_stage.pane.current == 3
        await on_stage.press("]", "j", "j", "y")
        assert on_stage.pane.current == 0


async def test_a_file_outside_the_project_is_marked_until_the_review_is_sent() -> None:
    async with stage(asking(three_hunks("/etc/hosts"))) as on_stage:
        assert "⚠ outside" in on_stage.screen()[0]
        assert "⚠ outside the project: /etc/hosts" in shown(on_stage)
        await on_stage.press("A")
        assert "⚠ outside" in on_stage.screen()[0]
        await on_stage.show(asking(id="c2"))
        assert "outside" not in shown(on_stage)


async def test_moving_by_hunk_and_by_file_decides_nothing() -> None:
    async with stage(asking(*two_files())) as on_stage:
        visited = []
        for key in ("j", "j", "k", "]", "]", "j", "[", "k"):
            await on_stage.press(key)
            visited.append(on_stage.pane.current)
        assert visited == [1, 2, 1, 3, 3, 4, 0, 0]
        assert on_stage.app.said == []
        assert "src/a.py" in on_stage.screen()[0]


async def test_the_hunk_gone_to_is_in_view() -> None:
    async with stage(asking(*two_files()), height=20) as on_stage:
        for _ in range(6):
            bars = [row for row in on_stage.screen() if "▌ hunk" in row]
            assert len(bars) == 1
            assert f"hunk {on_stage.pane.current % 3 + 1}/3" in bars[0]
            await on_stage.press("j")


async def test_a_hunk_scrolled_out_of_sight_is_not_decided_on() -> None:
    async with stage(asking(), height=14) as on_stage:
        await on_stage.press("end", "y")
        assert on_stage.marks == [(A, 3, "accepted")]


async def test_the_hunk_under_the_cursor_stays_in_view_when_the_pane_changes_its_width() -> None:
    files = [three_hunks(f"src/{n}.py") for n in range(6)]
    async with stage(asking(*files), width=120, height=20) as on_stage:
        await on_stage.press("j", "j", "]", "]", "]", "j")
        wanted = on_stage.pane.current
        for width in (70, 100, 40, 200):
            await on_stage.pilot.resize_terminal(width, 20)
            await on_stage.pilot.pause()
            assert [row for row in on_stage.screen() if "▌" in row]
            assert on_stage.pane.current == wanted
        await on_stage.press("w", "t", "t")
        assert on_stage.pane.current == wanted
        assert on_stage.row("▌ hunk 2/3")


async def test_a_wider_pane_says_more_of_how_far_one_has_come() -> None:
    async with stage(asking(), width=44) as on_stage:
        assert "0/3 hunks" in on_stage.screen()[0]
        assert "3?" not in on_stage.screen()[0]
        await on_stage.pilot.resize_terminal(100, 30)
        await on_stage.pilot.pause()
        assert "0/3 hunks  0✔ 0✘ 3?" in on_stage.screen()[0]


async def test_space_toggles_and_stays() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("space", "space", "space")
        assert [mark for _, _, mark in on_stage.marks] == ["accepted", "rejected", "accepted"]
        assert on_stage.pane.current == 0


async def test_a_and_d_decide_the_rest_of_the_file_only() -> None:
    async with stage(asking(*two_files())) as on_stage:
        await on_stage.press("n", "a")
        assert on_stage.marks == [(A, 1, "rejected"), (A, 2, "accepted"), (A, 3, "accepted")]
        assert on_stage.pane.current == 3
        await on_stage.press("d")
        assert on_stage.marks[3:] == [(B, 1, "rejected"), (B, 2, "rejected"), (B, 3, "rejected")]


async def test_everything_left_is_accepted_at_once_but_rejected_only_when_asked_twice() -> None:
    async with stage(asking(*two_files())) as on_stage:
        await on_stage.press("n", "D")
        assert "D again rejects the 5 undecided" in shown(on_stage)
        await on_stage.press("j", "D")
        await on_stage.settle()
        assert len(on_stage.marks) == 1
        await on_stage.press("D")
        await on_stage.settle()
        assert [mark for _, _, mark in on_stage.marks] == ["rejected"] * 6
    async with stage(asking(*two_files())) as on_stage:
        await on_stage.press("n", "A")
        assert [mark for _, _, mark in on_stage.marks] == ["rejected"] + ["accepted"] * 5


async def test_marks_from_elsewhere_are_shown_and_late_echoes_change_nothing_back() -> None:
    view = asking()
    async with stage(view, height=45) as on_stage:
        await on_stage.press("y")
        await on_stage.show(replace(view, marks=(HunkMark(A, 3, "rejected"),)))
        assert "✔ accepted" in on_stage.row("hunk 1/3")
        assert "✘ rejected" in on_stage.row("hunk 3/3")
        echoed = (HunkMark(A, 1, "accepted"), HunkMark(A, 3, "rejected"))
        await on_stage.show(replace(view, marks=echoed))
        await on_stage.show(replace(view, marks=(HunkMark(A, 1, "rejected"),)))
        assert "✘ rejected" in on_stage.row("hunk 1/3")
        assert "? undecided" in on_stage.row("hunk 3/3")


async def test_a_review_taken_up_again_keeps_its_decisions_and_starts_at_the_first_open_one() -> None:
    view = asking(marks=(HunkMark(A, 1, "accepted"), HunkMark(A, 2, "rejected")))
    async with stage(view) as on_stage:
        assert "1✔ 1✘ 1?" in on_stage.screen()[0]
        assert on_stage.pane.current == 2


async def test_enter_with_undecided_hunks_goes_to_the_first_and_sends_nothing() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("j", "y", "enter")
        assert on_stage.pane.current == 0
        assert "2 undecided: A accept all, D reject all" in shown(on_stage)
        await on_stage.press("enter", "enter")
        await on_stage.settle()
        assert on_stage.sent == []


async def test_a_second_enter_after_a_pause_sends() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("y", "n", "y", "enter")
        assert "2 accepted, 1 rejected: enter again sends" in shown(on_stage)
        await on_stage.settle()
        assert on_stage.sent == []
        await on_stage.press("enter")
        await on_stage.settle()
        assert on_stage.sent == ["request-c1"]


@pytest.mark.parametrize("every", [0.03, 0.1, 0.39])
async def test_enter_too_soon_after_a_key_does_not_send(every: float) -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("A", "enter")
        await on_stage.press("enter", "enter", "enter", every=every)
        await on_stage.settle()
        assert on_stage.sent == []


async def test_a_held_enter_never_sends_though_its_first_repeat_comes_late() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("A", "enter")
        await on_stage.press("enter", every=0.6)
        await on_stage.press(*["enter"] * 20, every=0.03)
        await on_stage.settle()
        assert on_stage.sent == []
        await on_stage.press("enter")
        await on_stage.settle()
        assert on_stage.sent == ["request-c1"]


async def test_another_key_between_takes_the_question_back() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("A", "enter", "k", "enter")
        await on_stage.settle()
        assert on_stage.sent == []
        await on_stage.press("n", "enter")
        await on_stage.settle()
        assert on_stage.sent == []
        assert "2 accepted, 1 rejected" in shown(on_stage)


async def test_losing_the_focus_in_the_last_moment_keeps_the_review() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("A", "enter", "enter")
        on_stage.app.query_one("Input").focus()
        await on_stage.pilot.pause()
        await on_stage.settle()
        assert on_stage.sent == []


@pytest.mark.parametrize("also_back", [False, True])
async def test_a_terminal_that_loses_the_focus_in_the_last_moment_sends_all_the_same(also_back: bool) -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("A", "enter", "enter")
        on_stage.app.post_message(events.AppBlur())
        if also_back:
            on_stage.app.post_message(events.AppFocus())
        await on_stage.pilot.pause()
        await on_stage.settle()
        assert on_stage.sent == ["request-c1"]


@pytest.mark.parametrize("key", ["y", "n", "space", "a", "d", "A", "D", "u", "enter", "1"])
async def test_keys_pressed_as_a_review_appears_decide_nothing(key: str) -> None:
    async with stage(None) as on_stage:
        await on_stage.show(asking())
        await on_stage.press(*[key] * 10, every=0.1)
        await on_stage.settle()
        assert on_stage.app.said == []


async def test_a_review_right_after_another_needs_a_pause_too() -> None:
    async with stage(asking(id="c1")) as on_stage:
        await on_stage.press("y")
        await on_stage.show(asking(id="c2"))
        await on_stage.press("y", "y", every=0.3)
        assert len(on_stage.marks) == 1
        await on_stage.press("y")
        await on_stage.press("y", every=0.05)
        assert len(on_stage.marks) == 3


@pytest.mark.parametrize("every", [0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("key", ["y", "n", "1", "enter"])
async def test_one_key_pressed_again_and_again_never_sends_a_review(key: str, every: float) -> None:
    async with stage(None) as on_stage:
        await on_stage.press(key, key, every=every)
        await on_stage.show(asking())
        await on_stage.press(*[key] * 12, every=every)
        await on_stage.settle()
        assert on_stage.sent == []


async def test_without_the_focus_no_key_decides() -> None:
    async with stage(asking()) as on_stage:
        on_stage.app.query_one("Input").focus()
        await on_stage.press("y", "n", "A", "enter", "enter")
        await on_stage.settle()
        assert on_stage.app.said == []


async def test_once_the_review_is_over_no_key_decides() -> None:
    view = asking()
    async with stage(view) as on_stage:
        await on_stage.show(replace(view, state="applied", request=""))
        await on_stage.press("y", "n", "A", "space", "u", "enter", "enter")
        await on_stage.settle()
        assert on_stage.app.said == []


async def test_an_ended_review_takes_a_question_with_it() -> None:
    view = asking()
    async with stage(view) as on_stage:
        await on_stage.press("A", "enter", "enter")
        await on_stage.show(replace(view, state="refused", request=""))
        await on_stage.settle()
        assert on_stage.sent == []


async def test_letters_typed_into_find_decide_nothing() -> None:
    async with stage(asking()) as on_stage:
        await on_stage.press("/", "y", "n", "A", "enter", "escape")
        assert on_stage.app.said == []
        await on_stage.press("y")
        assert on_stage.marks == [(A, 1, "accepted")]
