"""The demo model: a scripted tour that reacts to what really happened."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import get_args

import pytest

from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.comments import Comment, comment_on
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.messages import AssistantMessage, CallPart, ToolMessage, UserKind, UserMessage
from nanodeck.contracts.model import CallDelta, ReasoningDelta, TextDelta
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import Answer
from nanodeck.contracts.sources import Source
from nanodeck.core.prompt import plan_mode
from nanodeck.core.review import ProposedFile, Review, propose
from nanodeck.core.review.plan import plan_report, propose_plan
from nanodeck.core.review.remarks import write_message
from nanodeck.providers.demo import PACE_SECONDS, PACE_VARIABLE, DemoModel, make_demo_folder
from nanodeck.providers.demo_edits import EDITS
from nanodeck.providers.resolve import DEMO, open_model, resolve_model
from tests.unit.providers.touring import Tour, ask, play

NICETY = "Guest {guest}"
SHARES = "divmod"


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the copies of the sample project among the test's own files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def answer(call: CallPart, text: str) -> ToolMessage:
    return ToolMessage(call.id, call.name, text, ok=False)


def replies(tour: Tour) -> list[AssistantMessage]:
    return [message for message in tour.messages if isinstance(message, AssistantMessage)]


def test_a_folder_is_a_fresh_copy_whose_tests_fail() -> None:
    one, other = make_demo_folder(), make_demo_folder()
    assert one != other
    (one / "README.md").write_text("mine")
    assert "bistro" in (other / "README.md").read_text()
    assert not list(other.rglob("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "unittest"], cwd=other, capture_output=True, text=True, check=False
    )
    assert "FAILED (failures=3)" in done.stderr


def test_the_edits_are_four_hunks_in_two_files() -> None:
    folder = make_demo_folder()
    proposed = []
    for path in dict.fromkeys(edit.path for edit in EDITS):
        old = new = (folder / path).read_text()
        for edit in EDITS:
            new = new.replace(edit.old, edit.new) if edit.path == path else new
        proposed.append(ProposedFile(path, old.encode(), new.encode()))
    files = propose("c1", ("a", "b"), proposed).changeset.files
    assert [len(file.hunks) for file in files] == [2, 2]


def test_the_tour_ends_with_all_tests_passing_when_everything_is_accepted() -> None:
    tour = Tour()
    last = tour.say("show me")
    assert "All tests pass" in last.text
    assert last.text.count("applied") == len(EDITS)
    names = [[call.name for call in reply.calls] for reply in replies(tour)]
    assert names == [
        ["ls", "read", "read"],
        ["read", "read", "read"],
        ["task"],
        ["bash"],
        ["task", "task", "edit", "edit"],
        ["task", "task", "task", "bash"],
        ["task", "task"],
        [],
    ]
    assert "scripted" in replies(tour)[0].text or "script" in replies(tour)[0].text


def test_tasks_have_dependencies_and_a_command_runs_in_the_background() -> None:
    tour = Tour()
    tour.say("show me")
    (plan,) = replies(tour)[2].calls
    tasks = json.loads(plan.arguments)["tasks"]
    assert sum("blocked_by" in task for task in tasks) >= 3
    (job,) = replies(tour)[3].calls
    assert json.loads(job.arguments)["background"] is True


def test_a_rejected_hunk_is_named_and_the_rest_is_built_on() -> None:
    tour = Tour(reject=[NICETY])
    last = tour.say("show me")
    assert "All tests pass" in last.text
    assert re.search("one line for each guest .* left out", last.text)
    assert "one line for each guest" in replies(tour)[5].text
    assert "Guest {guest}" not in (tour.folder / "bistro/receipt.py").read_text()


def test_a_test_that_still_fails_is_named() -> None:
    last = Tour(reject=[SHARES]).say("show me")
    assert "test_shares_add_up_to_the_total" in last.text
    assert "All tests pass" not in last.text


def test_what_was_left_out_can_be_proposed_again() -> None:
    tour = Tour(reject=[SHARES, NICETY])
    tour.say("show me")
    tour.reject = []
    last = tour.say("again")
    assert "All tests pass" in last.text
    assert last.text.count("| applied |") == len(EDITS)


def test_nothing_accepted_means_nothing_more_is_done() -> None:
    tour = Tour(reject=["return", "lines.append"], message="use Decimal `please`")
    last = tour.say("show me")
    assert "use Decimal please" in last.text
    assert "Nothing was written" in last.text
    assert tour.commands == ["python3 -u check_bills.py"]


def test_what_the_person_says_with_a_review_is_heard() -> None:
    tour = Tour(reject=[NICETY], message="no extra lines")
    tour.say("show me")
    assert "no extra lines" in replies(tour)[5].text


def test_in_plan_mode_it_hands_in_a_plan_hears_what_is_said_and_works_once_it_is_approved() -> None:
    handed: list[str] = []

    def decide(call: CallPart) -> ToolMessage | None:
        if call.name != "plan":
            return None
        handed.append(json.loads(call.arguments)["text"])
        review = propose_plan("plan-1", call.id, handed[-1], handed[-1])
        lines = lines_of(review.changeset.files[0].hunks[0])
        back = len(handed) == 1
        if back:
            about = comment_on(Source("call", "plan-1"), "plan.md", lines, 6, 6, "VAT too?")
            review = review.commented([about])
        said = Answer("deny", "not so `long`") if back else Answer("once")
        return answer(call, plan_report(review, said, Mode.PLAN if back else Mode.NORMAL, "/plan.md"))

    tour = Tour(intercept=decide)
    tour.messages.append(UserMessage(f"[{plan_mode('/plan.md')}]", "context"))
    last = tour.say("show me")
    assert len(handed) == 2
    assert (
        "You wrote “not so long”. On `plan.md`, old line 7, new line 7, you say “VAT too?”"
        in replies(tour)[3].text
    )
    assert "old line 7, new line 7: VAT too?" in handed[1]
    assert last.text.count("| applied |") == len(EDITS)


def test_comments_and_lines_that_the_person_wrote_are_heard() -> None:
    def changed(review: Review) -> Review:
        bill, receipt = review.changeset.files
        shares, amount = bill.hunks[1], receipt.hunks[0]
        lines = lines_of(shares)
        place = next(place for place, line in enumerate(lines) if SHARES in line.text)
        source = Source("call", "c1")
        on_shares = comment_on(
            source, bill.path, lines, place, place, "name the rest\nplease", hunk=shares.id
        )
        nicety = receipt.hunks[1]
        on_nicety = comment_on(source, receipt.path, lines_of(nicety), 0, 3, "no `thanks`", hunk=nicety.id)
        mine = HunkMark(
            receipt.path, amount.id, "edited", text='def amount(cents: int) -> str:\n    return ""\n'
        )
        open_again = HunkMark(receipt.path, nicety.id, "undecided")
        return review.mark([mine, open_again]).commented((on_shares, on_nicety))

    tour = Tour(change=changed)
    tour.say("show me")
    heard = replies(tour)[5].text
    assert "On `bistro/bill.py`, new line 41, you say “name the rest please”." in heard
    assert "you say “no thanks”. A model that is no script would act on it." in heard
    assert "My lines are yours now" in heard
    assert "You left out **one line for each guest**" in heard
    assert "shares that add up" not in heard


def test_comments_after_the_tour_are_heard() -> None:
    tour = Tour()
    tour.say("show me")
    comment = Comment("c1", Source("session"), "bistro/bill.py", (3, 3), (4, 4), "-a\n+b", "why?")
    last = tour.say(write_message([comment], ""))
    assert "On `bistro/bill.py`, old line 3, new line 4, you say “why?”." in last.text


def test_a_refusal_of_the_mode_is_explained() -> None:
    def refuse(call: CallPart) -> ToolMessage | None:
        return answer(call, "refused: plan mode") if call.name in ("bash", "edit") else None

    last = Tour(intercept=refuse).say("show me")
    assert "shift+tab" in last.text


@pytest.mark.parametrize("command", ["check_bills", "unittest"])
def test_a_denied_command_does_not_stop_the_tour(command: str) -> None:
    def deny(call: CallPart) -> ToolMessage | None:
        return (
            answer(call, "denied by the user") if command in call.arguments and call.name == "bash" else None
        )

    last = Tour(intercept=deny).say("show me")
    assert last.text.startswith("## Done")
    assert ("did not run" in last.text) == (command == "unittest")


def test_a_stopped_step_is_taken_up_again() -> None:
    stopped = 0

    def stop(call: CallPart) -> ToolMessage | None:
        nonlocal stopped
        stopped += call.name == "read"
        return answer(call, "interrupted by the user before it finished") if stopped == 1 else None

    tour = Tour(intercept=stop)
    tour.messages.append(UserMessage("show me"))
    tour.step()
    tour.messages.append(AssistantMessage((), "interrupted"))
    aside = ask([*tour.messages, UserMessage("what is this?")])
    assert "go on" in aside.text
    assert aside.calls == ()
    # What a model is told on the way comes before the person's words.
    told = ask([*tour.messages, UserMessage("[The user undid the last change to: a.py]\n\nwhy?")])
    assert "“why?”" in told.text
    assert "All tests pass" in tour.say("[a note]\n\nGo on").text


def test_a_steering_text_is_heard_and_the_tour_goes_on() -> None:
    tour = Tour()
    tour.messages.append(UserMessage("show me"))
    tour.step()
    tour.messages.append(UserMessage("use **tabs**", "steer"))
    reply = tour.step()
    assert "use tabs" in reply.text
    assert reply.calls
    assert "use tabs" not in tour.step().text


@pytest.mark.parametrize("kind", get_args(UserKind)[:3])
def test_a_later_question_is_answered_as_the_script_it_is(kind: UserKind) -> None:
    tour = Tour()
    tour.say("show me")
    reply = tour.say("now write a compiler", kind)
    assert "scripted" in reply.text
    assert "now write a compiler" in reply.text
    assert reply.calls == ()


def test_a_second_tour_in_the_same_folder_proposes_only_what_is_left() -> None:
    tour = Tour(reject=[NICETY])
    tour.say("show me")
    tour.messages, tour.reject = [], []
    assert tour.say("show me").text.count("| applied |") == 1
    tour.messages = []
    assert "fresh copy" in tour.say("show me").text


def test_in_a_foreign_folder_nothing_is_touched() -> None:
    def absent(call: CallPart) -> ToolMessage | None:
        return answer(call, "there is no README.md") if call.name == "read" else None

    tour = Tour(intercept=absent)
    last = tour.say("show me")
    assert "not my sample project" in last.text
    assert all(call.name in ("ls", "read") for reply in replies(tour) for call in reply.calls)


def test_without_its_tools_it_says_so() -> None:
    reply = ask([UserMessage("hi")], ())
    assert reply.calls == ()
    assert "bash" in reply.text


def test_the_same_conversation_gives_the_same_reply() -> None:
    one, other = Tour(), Tour()
    one.say("show me")
    other.say("show me")
    assert replies(one) == replies(other)
    ids = [call.id for reply in replies(one) for call in reply.calls]
    assert len(set(ids)) == len(ids)


def test_text_comes_in_words_at_its_pace_and_adds_up_to_the_reply() -> None:
    waits: list[float] = []
    events = play([UserMessage("show me")], waits=waits, pace=0.5)
    reply = ask([UserMessage("show me")])
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == reply.text
    assert "".join(event.text for event in events if isinstance(event, ReasoningDelta)) == reply.reasoning
    arguments = "".join(event.arguments for event in events if isinstance(event, CallDelta))
    assert arguments == "".join(call.arguments for call in reply.calls)
    assert all(len(event.text.split()) <= 1 for event in events if isinstance(event, TextDelta))
    assert waits == [0.5] * (len(events) - 1)


@pytest.mark.parametrize(("value", "pace"), [("0", 0.0), ("0.5", 0.5), ("-1", 0.0), ("x", PACE_SECONDS)])
def test_the_pace_can_be_set_from_outside(monkeypatch: pytest.MonkeyPatch, value: str, pace: float) -> None:
    monkeypatch.setenv(PACE_VARIABLE, value)
    assert DemoModel().pace == pace


def test_the_name_demo_opens_it() -> None:
    assert isinstance(open_model(*resolve_model("demo", {}, {})), DemoModel)
    assert str(DEMO) == "demo/demo"
