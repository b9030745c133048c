"""A request answered by a rule: which one, where it holds, what else it lets through."""

from __future__ import annotations

from msgspec.structs import replace
from textual.pilot import Pilot

from nanodeck.contracts.rules import RuleTrial
from nanodeck_widgets.approval.layer import ApprovalLayer
from tests.widgets.approval_stage import ApprovalStage, approval_stage, request

SUGGESTED = replace(request("r1", "npm test -x"), suggestion="bash(npm test *)")


def tried(app: ApprovalStage) -> list[tuple[str, str]]:
    return [(said.request, said.rule) for said in app.said if isinstance(said, ApprovalLayer.RuleWritten)]


async def opened(app: ApprovalStage, pilot: Pilot[None], trial: RuleTrial | None = None) -> None:
    """The rule is shown, and what is known about it."""
    app.offer(SUGGESTED)
    await app.later(pilot, "A")
    await pilot.pause()
    if trial is not None:
        app.layer.try_out("bash(npm test *)", trial)
        await pilot.pause()


async def test_a_rule_is_offered_as_it_would_be_kept_and_shown_whole_with_what_else_it_lets_through() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(SUGGESTED)
        await pilot.pause()
        assert "3 A  always bash(npm test *)" in app.drawn()
        await opened(app, pilot)
        assert tried(app) == [("r1", "bash(npm test *)")]
        drawn = app.drawn()
        assert "in this project" not in drawn
        app.layer.try_out("bash(npm test *)", RuleTrial(others=("npm test", "npm test --watch")))
        await pilot.pause()
        drawn = app.drawn()
        for words in (
            "Allow by a rule, asked by main",
            "$ npm test -x",
            "rule    bash(npm test *)",
            "also    npm test, npm test --watch",
            "2 s  in this session",
            "p    in this project",
            "u    in all your projects",
            "e    edit the rule",
        ):
            assert words in drawn
        assert app.answers == []


async def test_a_rule_is_kept_where_the_person_says() -> None:
    for key, choice in (("s", "session"), ("p", "project"), ("u", "user")):
        async with approval_stage() as (app, pilot):
            await opened(app, pilot, RuleTrial())
            await app.later(pilot, key)
            assert app.rules == [("r1", choice, "bash(npm test *)")]


async def test_keys_that_kept_no_rule_before_keep_none_by_being_held() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(SUGGESTED)
        await app.later(pilot, "p", "u", "A")
        await pilot.press("A", "s", "y", "enter", "space")
        assert app.answers == []


async def test_a_rule_is_edited_with_what_it_lets_through_beside_it() -> None:
    async with approval_stage() as (app, pilot):
        await opened(app, pilot, RuleTrial())
        await app.later(pilot, "e")
        await pilot.press("backspace", "backspace", "-", "x", ")")
        assert tried(app)[-1] == ("r1", "bash(npm test -x)")
        app.layer.try_out("bash(npm test -x)", RuleTrial(others=("only this",)))
        await pilot.pause()
        assert "also    only this" in app.drawn()
        await pilot.press("enter")
        assert app.answers == []
        assert "rule    bash(npm test -x)" in app.drawn()
        await app.later(pilot, "p")
        assert app.rules == [("r1", "project", "bash(npm test -x)")]


async def test_what_was_found_out_about_another_rule_says_nothing_about_this_one() -> None:
    async with approval_stage() as (app, pilot):
        await opened(app, pilot)
        await app.later(pilot, "e", "x")
        app.layer.try_out("bash(npm test *)", RuleTrial(others=("of the other",)))
        await pilot.pause()
        assert "of the other" not in app.drawn()


async def test_a_rule_that_is_none_cannot_be_kept_and_says_why() -> None:
    async with approval_stage() as (app, pilot):
        await opened(app, pilot, RuleTrial(problem="there is no tool npm"))
        assert "⚠ there is no tool npm" in app.drawn()
        await app.later(pilot, "s", "p", "u")
        assert app.answers == []
        await app.later(pilot, "e")
        assert app.answers == []


async def test_what_a_rule_leaves_asking_is_named() -> None:
    async with approval_stage() as (app, pilot):
        await opened(app, pilot, RuleTrial(left=("rm -rf y",)))
        assert "still   ⚠ rm -rf y: asks all the same" in app.drawn()


async def test_escape_leads_back_step_by_step_and_keeps_nothing() -> None:
    async with approval_stage() as (app, pilot):
        await opened(app, pilot, RuleTrial())
        await app.later(pilot, "e")
        await app.later(pilot, "escape")
        assert "edit the rule" in app.drawn()
        await app.later(pilot, "escape")
        assert "1 y  once" in app.drawn()
        await app.later(pilot, "y")
        assert app.answers == [("r1", "once", "", "")]
        assert app.rules == [("r1", "once", "")]


async def test_nothing_is_offered_where_nothing_can_be_suggested() -> None:
    async with approval_stage() as (app, pilot):
        app.offer(request("r1", "python x.py"))
        await app.later(pilot, "A", "3")
        assert "always" not in app.drawn()
        assert tried(app) == []
