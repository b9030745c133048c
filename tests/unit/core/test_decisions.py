"""Small decisions: permissions, batches, repetition, inbox, drafts, modes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.judging import JUDGE_FAILED, Judgement
from nanodeck.contracts.modes import Mode, next_mode, parse_mode
from nanodeck.contracts.rules import Rule
from nanodeck.core.batches import batches
from nanodeck.core.draft import draft_changeset, partial_object
from nanodeck.core.inbox import Inbox
from nanodeck.core.permissions import CallFacts, EffectName, Ground, decide
from nanodeck.core.repetition import RepetitionGuard
from nanodeck.core.rules import Piece, RuleSet

NO_RULES = RuleSet((), "/p", "/home/me")
NOTHING = Ground(NO_RULES)


def facts(effect: EffectName, *, outside: bool = False, forbidden: str = "") -> CallFacts:
    return CallFacts("t", effect, "grant", ("/etc/x",) if outside else (), forbidden)


@pytest.mark.parametrize(
    ("mode", "effect", "decision"),
    [
        (Mode.NORMAL, "read", "allow"),
        (Mode.NORMAL, "state", "allow"),
        (Mode.NORMAL, "edit", "ask"),
        (Mode.NORMAL, "execute", "ask"),
        (Mode.AUTO_ACCEPT, "edit", "allow"),
        (Mode.AUTO_ACCEPT, "execute", "ask"),
        (Mode.YOLO, "edit", "allow"),
        (Mode.YOLO, "execute", "allow"),
        (Mode.PLAN, "read", "allow"),
        (Mode.PLAN, "state", "allow"),
        (Mode.PLAN, "edit", "deny"),
        (Mode.PLAN, "execute", "deny"),
        (Mode.MANUAL, "read", "ask"),
        (Mode.MANUAL, "state", "ask"),
        (Mode.MANUAL, "edit", "ask"),
        (Mode.MANUAL, "execute", "ask"),
    ],
)
def test_each_mode_decides_on_each_effect(mode: Mode, effect: EffectName, decision: str) -> None:
    assert decide(mode, facts(effect), NOTHING).verdict == decision


@pytest.mark.parametrize("effect", ["read", "edit"])
@pytest.mark.parametrize("mode", [Mode.NORMAL, Mode.AUTO_ACCEPT])
def test_outside_the_workspace_asks(mode: Mode, effect: EffectName) -> None:
    verdict = decide(mode, facts(effect, outside=True), NOTHING)
    assert verdict.verdict == "ask"
    assert "/etc/x" in verdict.reason


@pytest.mark.parametrize(
    ("mode", "decision"), [(Mode.NORMAL, "ask"), (Mode.AUTO_ACCEPT, "ask"), (Mode.YOLO, "allow")]
)
def test_a_guarded_path_asks_also_in_auto_accept(mode: Mode, decision: str) -> None:
    guarded = CallFacts("t", "edit", "grant", guarded=("CLAUDE.md is something",))
    verdict = decide(mode, guarded, NOTHING)
    assert verdict.verdict == decision
    assert decision == "allow" or (verdict.reason, verdict.rule) == ("CLAUDE.md is something", "path.guarded")


@pytest.mark.parametrize("mode", list(Mode))
def test_the_forbidden_is_denied_in_every_mode_and_under_every_grant(mode: Mode) -> None:
    verdict = decide(mode, facts("edit", forbidden="never"), Ground(NO_RULES, frozenset({"grant"})))
    assert (verdict.verdict, verdict.reason) == ("deny", "never")


@pytest.mark.parametrize("mode", [Mode.NORMAL, Mode.AUTO_ACCEPT, Mode.YOLO])
def test_a_command_that_could_not_be_judged_asks_whatever_the_mode(mode: Mode) -> None:
    failed = Judgement("ask", "rm x", "it could not be judged", JUDGE_FAILED)
    command = CallFacts("bash", "execute", "grant", pieces=(Piece("rm x", certain=False),), judgement=failed)
    everything = RuleSet((Rule("allow", "bash"),), "/p", "/home/me")
    assert decide(mode, command, Ground(everything, confined=True)).rule == JUDGE_FAILED
    assert decide(mode, command, Ground(NO_RULES, frozenset({"grant"}))).rule == "session.grant"


def test_a_grant_holds_for_its_call_but_not_against_plan_mode() -> None:
    granted = Ground(NO_RULES, frozenset({"grant"}))
    assert decide(Mode.NORMAL, facts("execute"), granted).rule == "session.grant"
    assert decide(Mode.PLAN, facts("execute"), granted).verdict == "deny"
    assert decide(Mode.NORMAL, facts("execute"), Ground(NO_RULES, frozenset({"other"}))).verdict == "ask"


def test_yolo_is_never_reached_by_cycling() -> None:
    seen = []
    mode = Mode.NORMAL
    for _ in range(6):
        mode = next_mode(mode)
        seen.append(mode)
    assert seen == [Mode.AUTO_ACCEPT, Mode.PLAN, Mode.NORMAL] * 2
    assert next_mode(Mode.YOLO) is Mode.NORMAL
    assert parse_mode("Accept-All") is Mode.YOLO


def test_neighbours_share_a_batch_and_order_is_kept() -> None:
    def kind(call: str) -> str:
        return {"r": "read", "e": "edit", "x": "single"}[call[0]]

    made = batches(["r1", "r2", "e1", "e2", "x1", "x2", "r3", "e3"], kind)  # type: ignore[arg-type] # the three kinds
    assert made == [
        ("read", ["r1", "r2"]),
        ("edit", ["e1", "e2"]),
        ("single", ["x1"]),
        ("single", ["x2"]),
        ("read", ["r3"]),
        ("edit", ["e3"]),
    ]


def test_repetition_also_notices_calls_that_take_turns() -> None:
    guard = RepetitionGuard()
    assert [guard.saw(name, "{}", "same") for name in "abababa"][:6] == [1, 1, 1, 2, 2, 3]


def test_repetition_forgets_when_something_new_comes_up() -> None:
    guard = RepetitionGuard()
    times = []
    for change in range(5):
        guard.saw("edit", f'{{"n": {change}}}', "applied")
        times.append(guard.saw("bash", "{}", "the tests fail"))
    assert times == [1] * 5


def test_repetition_counts_only_the_same_call_with_the_same_result() -> None:
    guard = RepetitionGuard()
    assert [guard.saw("read", '{"a": 1, "b": 2}', "x"), guard.saw("read", '{"b":2,"a":1}', "x")] == [1, 2]
    assert guard.saw("read", '{"a": 1, "b": 2}', "y") == 1
    assert guard.saw("read", "not json", "y") == 1
    assert guard.saw("read", "not json", "y") == 2
    guard.reset()
    assert guard.saw("read", "not json", "y") == 1


def test_late_steering_comes_before_what_was_queued() -> None:
    inbox = Inbox()
    inbox.add_queued("later")
    inbox.add_steer("now")
    assert [inbox.take_next(), inbox.take_next(), inbox.take_next()] == ["now", "later", None]


JSON_OBJECTS = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.one_of(st.text(max_size=8), st.integers(), st.booleans(), st.none()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(JSON_OBJECTS, st.data())
def test_a_cut_object_never_fails_and_never_invents_keys(
    value: dict[str, object], data: st.DataObject
) -> None:
    text = json.dumps(value, ensure_ascii=data.draw(st.booleans()))
    cut = data.draw(st.integers(0, len(text)))
    partial = partial_object(text[:cut])
    assert set(partial) <= set(value)
    assert partial_object(text) == value


def test_a_string_shows_as_far_as_it_came() -> None:
    assert partial_object('{"path": "a.py", "content": "one\\ntw') == {"path": "a.py", "content": "one\ntw"}
    assert partial_object('{"path": "a.py", "content": "one\\') == {"path": "a.py", "content": "one"}
    assert partial_object('{"path": "a.py", "conte') == {"path": "a.py"}


@pytest.mark.parametrize(
    "text",
    [
        '{"path": "a", "content": "' + 'x, \\"y\\": 1,   ' * 70_000,
        '{"path": "a", "content": "' + 'x, \\"y\\": 1,   ' * 70_000 + '", "mo',
        '{"path": "a", "content": "' + "\\\\" * 300_000,
        '{"path": "a", ' + " " * 300_000 + '"c',
        '{"path": "a", "edits": [' + '{"old_string": "a", "new_string": "b"},' * 20_000 + '{"old_',
    ],
    ids=["open", "closed", "backslashes", "blanks", "edits"],
)
def test_long_arguments_are_read_in_one_go(text: str) -> None:
    assert partial_object(text)["path"] == "a"


def test_arguments_nested_beyond_reason_hold_nothing() -> None:
    assert partial_object('{"edits": ' + "[" * 100_000) == {}


def test_a_draft_shows_the_edit_where_it_will_be() -> None:
    old = "a\nb\nc\n"
    arguments = {"path": "f", "old_string": "b\n", "new_string": "B\nBB"}
    (file,) = draft_changeset("c1", "f", arguments, old).files
    (hunk,) = file.hunks
    assert (hunk.old_start, hunk.body) == (2, "-b\n+B\n+BB")
    assert (file.added, file.removed) == (2, 1)
