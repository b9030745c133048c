"""What each surface looks like while it is empty, busy, broken or done."""

from __future__ import annotations

from nanodeck.contracts import events as ev
from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.messages import AssistantMessage, TextPart
from nanodeck.contracts.model import Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.queries import FindServers, ListModels, ListSessions, ReadOutput
from nanodeck.contracts.tasks import Task
from screenshots.scenes.job import ask
from screenshots.scenes.replay import (
    CHANGES,
    Then,
    called,
    command,
    ended,
    never,
    replayed,
    replied,
    said,
)
from screenshots.scenes.scene import Player, Scene

READ = called("c1", "read", "read api/handler.py", "…", summary="180 lines")
THOUGHT = "the limiter must be shared between the two workers, so it cannot live in a module"
TESTS = ev.ToolStarted("c1", "bash", "bash pytest -q tests/login")
CUT_OFF = (
    ev.ModelCallStarted("r2"),
    ev.ReplyEnded("r2", AssistantMessage((TextPart("I will add a"),), "interrupted"), Usage(), 1.0),
)
FAILED = called("c1", "bash", "bash pytest -q", "ModuleNotFoundError: api", outcome="error", summary="exit 2")
REFUSED = "401: the key was refused"
EDITED = (
    *said(),
    *replied("I will add a token bucket in api/limits.py and use it in api/handler.py."),
    ev.ToolStarted("c2", "edit", "edit api/handler.py"),
    ev.ChangesetProposed(CHANGES),
)
APPLIED = ev.ChangesetEnded("s1", (AppliedFile("api/handler.py", "modified", 4, 1),))
TASKS = (
    Task("1", "Read the code", status="completed"),
    Task("2", "Wire the login", status="in_progress", blocked_by=("1",)),
    Task("3", "Tests", blocked_by=("2",)),
    Task("4", "Changelog"),
)


def _broken(query: object) -> None:
    raise NanodeckError("the disk does not answer", advice="try again in a minute")


def _nothing(query: object) -> tuple[str, ...]:
    return ()


def _keys(*keys: str) -> Then:
    async def press(player: Player) -> None:
        await player.press(*keys)

    return press


def _says(text: str) -> Then:
    async def say(player: Player) -> None:
        await player.say(text)

    return say


async def _error(player: Player) -> None:
    await ask(player)
    await player.shows("cannot connect")


_CHAT = (
    replayed("chat-empty"),
    replayed("chat-calling", *said(), ev.ModelCallStarted("r1"), mode=Mode.PLAN),
    replayed("chat-thinking", *said(), ev.ModelCallStarted("r1"), ev.ReasoningStreamed("r1", THOUGHT)),
    replayed(
        "chat-running",
        *said(),
        *replied("Let me see what the tests say."),
        TESTS,
        ev.OutputStreamed("c1", "........F...\n12 of 40\n"),
        ev.QueueChanged(("also cover /refresh",), ("then write the changelog",)),
    ),
    replayed(
        "chat-retrying",
        *said(),
        ev.ModelCallStarted("r1"),
        ev.RetryScheduled(2, 50.0, "cannot connect to http://localhost:11434"),
    ),
    replayed("chat-interrupted", *said(), *READ, *CUT_OFF, *ended("interrupted")),
    replayed(
        "chat-failed",
        *said(),
        *FAILED,
        ev.Noticed("error", REFUSED, "check OPENAI_API_KEY"),
        *ended("error", REFUSED),
    ),
    replayed("chat-limit", *said(), *READ, *ended("max-turns", "50 model calls"), mode=Mode.YOLO),
    replayed("chat-done", *said(), *READ, *replied("Now **five attempts a minute**."), *ended(), tips=True),
)
_PANES = (
    replayed(
        "diff-draft",
        *said(),
        ev.ModelCallStarted("r1"),
        ev.CallStreamed("r1", "c2", "edit", '{"path": "api/handler.py"'),
        ev.DraftChanged("c2", CHANGES),
    ),
    replayed("diff-applied", *EDITED, APPLIED, *ended(), then=_keys("ctrl+x", "d")),
    replayed(
        "diff-failed",
        *EDITED,
        ev.ChangesetEnded("s1", (), 0, "api/handler.py changed since it was read"),
        then=_keys("ctrl+x", "d"),
    ),
    replayed("diff-none", then=_keys("ctrl+x", "d")),
    replayed("tasks-blocked", *said(), ev.TasksChanged(TASKS), then=_keys("ctrl+x", "t", "b")),
    replayed("tasks-none-blocked", *said(), ev.TasksChanged(TASKS[:2]), then=_keys("ctrl+x", "t", "b")),
    replayed(
        "jobs-ended",
        *said(),
        *(ev.JobStarted(f"job-{n}", title, "/tmp", 0.0) for n, title in enumerate(("a", "b", "c"), 1)),
        ev.JobEnded("job-1", "done", 0, 64.0, "built in 3 s"),
        ev.JobEnded("job-2", "failed", 1, 12.0, "1 failed, 40 passed"),
        ev.JobEnded("job-3", "stopped", None, 2.0, ""),
        then=_keys("ctrl+x", "j"),
    ),
    replayed(
        "approval-two",
        *said(),
        TESTS,
        command("pytest -q tests/login"),
        command("rm -rf build && make", "c2"),
    ),
)
_SCREENS = (
    replayed("models-loading", answers={ListModels: never}, then=_says("/model")),
    replayed("models-broken", answers={ListModels: _broken}, then=_says("/model")),
    replayed("models-none", answers={ListModels: _nothing}, then=_says("/model")),
    replayed("sessions-none", answers={ListSessions: _nothing}, then=_says("/resume")),
    replayed("help-nothing-fits", then=_says("/help xyz")),
    replayed(
        "output-broken", *said(), *FAILED, answers={ReadOutput: _broken}, then=_keys("ctrl+x", "c", "]", "o")
    ),
    replayed("welcome-looking", answers={FindServers: never}, model=None),
    replayed("welcome-nothing", answers={FindServers: _nothing}, model=None),
    replayed("welcome-broken", answers={FindServers: _broken}, model=None),
)

SCENES = (Scene("error", _error, model="qwen3-coder", absent_server=True), *_CHAT, *_PANES, *_SCREENS)
