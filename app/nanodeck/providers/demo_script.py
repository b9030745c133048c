"""The demo model's script: what it says and does next, worked out of the conversation alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field

from nanodeck.contracts.messages import AssistantMessage, Message, ToolMessage, UserMessage
from nanodeck.contracts.text import one_line
from nanodeck.providers.demo_edits import BILL, EDITS, RECEIPT, DemoEdit, Outcome, edit_calls, read_outcome
from nanodeck.providers.demo_heard import Remark, edits_in, remarks_in
from nanodeck.providers.demo_planning import PLAN, plan_mode_on, revised_plan, said_in

TASKS = (
    ("Find out why the tests fail", ()),
    ("Start a check of random bills", ()),
    ("Make the bill add up", (1,)),
    ("Make the receipt readable", (1,)),
    ("Run the tests", (3, 4)),
    ("Sum up", (5,)),
)
TEST_COMMAND = "python3 -m unittest -v"
CHECK_COMMAND = "python3 -u check_bills.py"
_GO_ON = {"go on", "go on.", "continue", "resume", "next"}
_AGAIN = {"again", "again.", "try again", "retry", "propose again"}

Call = tuple[str, dict[str, Any]]


class Line(Struct, frozen=True):
    """One reply of the script; without calls it ends the turn."""

    text: str
    reasoning: str = ""
    calls: tuple[Call, ...] = ()


class _Scene(Struct):
    """What a conversation comes to: the last step, its results, and what was said since."""

    step: AssistantMessage | None = None
    results: list[ToolMessage] = field(default_factory=list)
    seen: str = ""
    reports: list[str] = field(default_factory=list)
    proposed: tuple[DemoEdit, ...] = ()
    outcome: Outcome | None = None
    ended: bool = False
    asked: str | None = None
    steered: list[str] = field(default_factory=list)
    planning: bool = False


def next_line(messages: Sequence[Message], tools: Sequence[str]) -> Line:
    """What the demo model answers to a conversation, with the tools it may call."""
    missing = sorted({"ls", "read", "task", "bash", "edit"} - set(tools))
    if missing:
        return Line(f"I am a scripted demo and need the tools {', '.join(missing)}, which are switched off.")
    scene = _scene_of(messages)
    scene.planning = "plan" in tools and plan_mode_on(messages)
    if scene.asked is not None:
        asked = _own_words(scene.asked).lower()
        if asked in _AGAIN and scene.outcome is not None and scene.outcome.refused:
            return _propose(scene.outcome.refused, "Once more, only what was left out:")
        if scene.ended or asked not in _GO_ON:
            return _aside(scene)
    line = _play(scene)
    heard = "".join(f"You said “{_quoted(text)}”. I am a script, so I go on.\n\n" for text in scene.steered)
    return Line(heard + line.text, line.reasoning, line.calls)


def _scene_of(messages: Sequence[Message]) -> _Scene:
    """Walk the conversation: steps are replies with calls, the first prompt starts the play."""
    scene = _Scene()
    prompts = 0
    for message in messages:
        if isinstance(message, UserMessage) and message.kind in ("prompt", "queued"):
            prompts += 1
            scene.asked = message.text if prompts > 1 else None
        elif isinstance(message, UserMessage) and message.kind == "steer":
            scene.steered.append(message.text)
            scene.asked = message.text if scene.ended else scene.asked
        elif isinstance(message, ToolMessage):
            scene.results.append(message)
            scene.seen += message.text if message.name == "read" else ""
            _note_outcome(scene)
        elif isinstance(message, AssistantMessage):
            scene.steered, scene.asked = [], None
            if message.calls:
                scene.step, scene.results, scene.ended = message, [], False
                edited = {call.name for call in message.calls} >= {"edit"}
                scene.proposed = _proposed_in(message) if edited else scene.proposed
            elif message.finish == "stop":
                scene.ended = scene.ended or scene.step is not None
    return scene


def _proposed_in(message: AssistantMessage) -> tuple[DemoEdit, ...]:
    said = "".join(call.arguments for call in message.calls if call.name == "edit")
    return tuple(edit for edit in EDITS if edit.sign.strip().replace('"', '\\"') in said)


def _note_outcome(scene: _Scene) -> None:
    """Take in what became of the last proposal; what was written before stays written."""
    scene.reports = [result.text for result in scene.results if result.name == "edit"]
    if scene.reports:
        latest = read_outcome(scene.proposed, scene.reports)
        before = scene.outcome.applied if scene.outcome else ()
        applied = tuple(edit for edit in EDITS if edit in before or edit in latest.applied)
        scene.outcome = Outcome(applied, latest.refused, latest.said)


def _play(scene: _Scene) -> Line:
    """The step that follows the last one."""
    if scene.step is None:
        return _open()
    stopped = {result.call_id for result in scene.results if result.text.startswith("interrupted")}
    if stopped:
        again = [(call.name, json.loads(call.arguments)) for call in scene.step.calls if call.id in stopped]
        return Line("I take up the step that was stopped.", calls=tuple(again))
    if any(result.name == "read" and not result.ok for result in scene.results):
        return Line(
            "This is not my sample project, so I stop here and touch nothing. "
            "Start me with `nanodeck -m demo`: I bring a project of my own."
        )
    names = [call.name for call in scene.step.calls]
    said = "".join(call.arguments for call in scene.step.calls)
    if "plan" in names:
        return _decided(scene)
    if "read" in names:
        if BILL not in said:
            return _look_closer()
        return _hand_in() if scene.planning and _left_to_do(scene) else _plan(scene)
    if "edit" in names:
        return _react(scene)
    if "bash" in names:
        return _conclude(scene) if TEST_COMMAND in said else _after_job(scene)
    return _start_job() if '"tasks"' in said else _sum_up(scene)


def _open() -> Line:
    return Line(
        "I am nanodeck's **demo model**: everything I say is a script, but the tools, the diff and your "
        "decisions are real. I work on a copy of a small project in a temporary folder.\n\n"
        "Its tests fail. I look around first.",
        "A small project with failing tests. The README says what it is for, the test what it should do.",
        (("ls", {"path": "."}), ("read", {"path": "README.md"}), ("read", {"path": "tests/test_bill.py"})),
    )


def _look_closer() -> Line:
    return Line(
        "The tests want two things of a bill: **service is taken after the discount**, and what the guests "
        "pay **adds up to the total**. Now the code.",
        "343 six times and 342 once is 2400, so the remainder has to go somewhere.",
        (
            ("read", {"path": BILL}),
            ("read", {"path": RECEIPT}),
            ("read", {"path": "tests/test_receipt.py"}),
        ),
    )


def _hand_in() -> Line:
    return Line(
        "Plan mode is on, so I change nothing yet. This is what I would do; comment on its lines, change it, "
        "approve it or send it back.",
        calls=(("plan", {"text": PLAN}),),
    )


def _decided(scene: _Scene) -> Line:
    """Answer what the person decided on the plan."""
    answer = scene.results[-1].text if scene.results else ""
    remarks, said = remarks_in([answer]), said_in(answer)
    heard = _heard(said, remarks, 0)
    if "approved" not in answer:
        text = f"{heard}I have put it down, and hand the plan in again."
        return Line(text, calls=(("plan", {"text": revised_plan(remarks, said)}),))
    line = _plan(scene)
    return Line(f"{heard}{line.text}", line.reasoning, line.calls)


def _plan(scene: _Scene) -> Line:
    if not _left_to_do(scene):
        return Line(
            "All of it is mended already: the tour was played in this folder. "
            "Start `nanodeck -m demo` again and I bring a fresh copy."
        )
    tasks: list[dict[str, Any]] = []
    for number, (subject, needs) in enumerate(TASKS, 1):
        status = "completed" if number == 1 else "in_progress" if number == 2 else "pending"
        task: dict[str, Any] = {"id": f"step {number}", "subject": subject, "status": status}
        tasks.append(task | ({"blocked_by": [f"step {need}" for need in needs]} if needs else {}))
    return Line(
        "Three faults, in two files:\n\n"
        "1. `Bill.total` takes service on the price *before* the discount\n"
        "2. `Bill.split` drops the cents that do not divide\n"
        "3. `amount` prints `12.5` instead of `12.50`\n\n"
        "The order matters, so I write it down.",
        calls=(("task", {"tasks": tasks}),),
    )


def _start_job() -> Line:
    return Line(
        "While I write, a check of random bills can run **in the background**. It reads the code anew every "
        "second, so you will see in the jobs pane when the fix lands.",
        calls=(("bash", {"command": CHECK_COMMAND, "background": True}),),
    )


def _after_job(scene: _Scene) -> Line:
    started = all(result.ok for result in scene.results)
    opening = "It runs." if started else "Then without the check in the background."
    return _propose(
        _left_to_do(scene), f"{opening} Here is my proposal; decide on each hunk as you like:", first=True
    )


def _left_to_do(scene: _Scene) -> tuple[DemoEdit, ...]:
    """The edits whose old lines are still in the files as they were read."""
    return tuple(edit for edit in EDITS if edit.old.strip() in scene.seen)


def _propose(edits: Sequence[DemoEdit], opening: str, *, first: bool = False) -> Line:
    points = "\n".join(f"- `{edit.path}`: {edit.about}" for edit in edits)
    begun = [("task", _update(2, "completed")), ("task", _update(3, "in_progress"))] if first else []
    nicety = "\n\nThe last one is a nicety no test asks for: a good one to reject." if first else ""
    return Line(
        f"{opening}\n\n{points}{nicety}",
        "divmod gives the share and what is left; the first guests pay one cent more." if first else "",
        (*begun, *edit_calls(edits)),
    )


def _react(scene: _Scene) -> Line:
    """Answer what the person decided, then run the tests."""
    outcome = scene.outcome or Outcome((), scene.proposed)
    if any(text.startswith("refused:") for text in scene.reports) and not outcome.applied:
        return Line(
            "The edit was refused by the mode you are in, so nothing is written. "
            "`shift+tab` changes the mode; then say `again` and I propose it once more."
        )
    heard = _heard(outcome.said, remarks_in(scene.reports), edits_in(scene.reports))
    if not outcome.applied:
        return Line(
            f"{heard}Nothing was written, and the code stays as it is. Say `again` to see it once more."
        )
    if outcome.refused:
        left = "; ".join(edit.about for edit in outcome.refused)
        words = f"You left out **{left}**: those lines stay as they were, and I build on the rest."
    else:
        words = "All of it is written."
    done = [
        ("task", _update(number, "completed"))
        for number, path in ((3, BILL), (4, RECEIPT))
        if any(edit.path == path for edit in outcome.applied)
    ]
    done.append(("task", _update(5, "in_progress")))
    return Line(f"{heard}{words} Now the tests.", calls=(*done, ("bash", {"command": TEST_COMMAND})))


def _heard(said: str, remarks: Sequence[Remark], edits: int) -> str:
    """What the person said and wrote in a review, said again."""
    parts = [f"You wrote “{_quoted(said)}”."] if said else []
    parts += [f"On `{one.path}`, {one.lines}, you say “{_quoted(one.text)}”." for one in remarks]
    if parts:
        parts.append("A model that is no script would act on it.")
    if edits:
        lines = "My lines are" if edits == 1 else f"{edits} hunks are"
        parts.append(f"{lines} yours now, and I keep what you made of them.")
    return f"{' '.join(parts)} " if parts else ""


def _conclude(scene: _Scene) -> Line:
    result = next((item for item in scene.results if item.name == "bash"), None)
    if result is None or not re.search(r"^Ran \d+ tests?", result.text, re.MULTILINE):
        return _sum_up(scene, "The tests did not run, so I cannot say that it works.")
    failed = re.findall(r"^FAIL: (\w+)", result.text, re.MULTILINE)
    if failed:
        names = ", ".join(f"`{name}`" for name in failed)
        return _sum_up(
            scene, f"Still failing: {names}. That is what was left out; say `again` to see it once more."
        )
    return Line(
        "All tests pass.", calls=(("task", _update(5, "completed")), ("task", _update(6, "completed")))
    )


def _sum_up(scene: _Scene, finding: str = "All tests pass.") -> Line:
    outcome = scene.outcome or Outcome((), ())
    rows = [(edit, "applied") for edit in outcome.applied] + [(edit, "left out") for edit in outcome.refused]
    table = "\n".join(f"| `{edit.path}` | {edit.about} | {mark} |" for edit, mark in rows)
    return Line(
        f"## Done\n\n{finding}\n\n| file | change | decision |\n|---|---|---|\n{table}\n\n"
        "What you can try now:\n\n"
        "- `/diff` shows what was written, `/undo` puts it back\n"
        "- the **jobs** pane: the check ends by itself after three clean rounds\n"
        "- `/model` picks a real model for your own project\n\n"
        "```python\nbill.split(7)  # [343, 343, 343, 343, 343, 343, 342]\n```"
    )


def _aside(scene: _Scene) -> Line:
    if remarks := remarks_in([scene.asked or ""]):
        return Line(f"{_heard('', remarks, 0)}I am a **scripted** demo: `/model` picks one that does.")
    asked = f"“{_quoted(_own_words(scene.asked or ''))}”"
    if not scene.ended:
        return Line(
            f"{asked} is beyond me: I am a **scripted** demo. "
            "Say `go on` and I take up the tour where it stopped."
        )
    more = "`again` shows what you left out once more. " if scene.outcome and scene.outcome.refused else ""
    return Line(
        f"{asked} is beyond me: I am a **scripted** demo and have played my part. {more}"
        "`/new` starts the tour afresh, `/model` picks a real model, `/help` lists the keys."
    )


def _update(number: int, status: str) -> dict[str, Any]:
    return {"action": "update", "id": str(number), "status": status}


def _own_words(text: str) -> str:
    """What the person said last, without what a model is told on the way: that stands before it."""
    return text.rsplit("\n\n", 1)[-1].strip()


def _quoted(text: str) -> str:
    """A person's words, short and without anything that Markdown would read."""
    return re.sub(r"[`*_<>\[\]|\\#]", "", one_line(text, 120))
