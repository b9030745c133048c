"""What the slash commands do in lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from nanodeck import __version__
from nanodeck.contracts.commands import (
    MAIN_AGENT,
    ChangeFolder,
    Command,
    ResumeSession,
    StartSession,
    StopJob,
    SwitchMode,
    SwitchModel,
    Undo,
)
from nanodeck.contracts.modes import Mode, parse_mode
from nanodeck.contracts.queries import ExportSession, ListModels, ListSessions, Query
from nanodeck.contracts.slash import COMMANDS, find_command, unknown_command
from nanodeck.contracts.text import clean, counted, one_line
from nanodeck.contracts.views import SessionView
from nanodeck.core.planning import plan_command
from nanodeck.faces.plain.questions import Pick, Question, diff_lines

AnswerT = TypeVar("AnswerT")
MOST_ROWS = 40


class Asker(Protocol):
    """What a command needs of the face it was typed into."""

    state: SessionView

    def say(self, *lines: str) -> None:
        """Say lines."""
        ...

    def send(self, command: Command) -> None:
        """Ask the engine for something."""
        ...

    async def query(self, query: Query[AnswerT]) -> AnswerT:
        """Ask the engine a question. Raises NanodeckError."""
        ...

    def wait_for(self, question: Question) -> None:
        """Let the next line answer `question`."""
        ...

    def leave(self) -> None:
        """End, after a question if something runs."""
        ...


Run = Callable[[Asker, str], Awaitable[None]]


async def run_slash(face: Asker, line: str) -> None:
    """Run the command in `line`. Raises NanodeckError."""
    name, _, argument = line.strip().lstrip("/").partition(" ")
    command = find_command(name)
    run = RUNS.get(command.name) if command is not None else None
    if run is not None:
        await run(face, argument.strip())
    elif command is not None:
        face.say(f"/{command.name} belongs to the full screen; here: /help")
    else:
        face.say(unknown_command(name))


async def _help(face: Asker, argument: str) -> None:
    words = argument.lower().split()
    face.say("A line is sent as typed; while the agent works it steers. A backslash at its end goes on.")
    face.say("!command runs a shell command, !!command without telling the agent. ctrl+c stops the turn.")
    for command in COMMANDS:
        said = f"/{command.name} {command.argument}".rstrip() + f": {command.title}"
        if command.name in RUNS and all(word in said.lower() for word in words):
            face.say(f"  {said}")


async def _new(face: Asker, argument: str) -> None:
    face.send(StartSession())


async def _resume(face: Asker, argument: str) -> None:
    if argument:
        face.send(ResumeSession(argument))
        return
    sessions = [one for one in await face.query(ListSessions()) if one.id != face.state.session]
    if sessions:
        rows = [
            (f"{one_line(one.title) or one.id}, {counted(one.messages, 'message')}", ResumeSession(one.id))
            for one in sessions[:MOST_ROWS]
        ]
        face.wait_for(Pick("Which session goes on?", rows))
    else:
        face.say("There are no earlier sessions in this folder.")


async def _model(face: Asker, argument: str) -> None:
    if argument:
        face.send(SwitchModel(argument))
        return
    lists = await face.query(ListModels())
    for models in lists:
        if models.error:
            face.say(f"{one_line(models.provider)}: {one_line(models.error, 500)}")
    rows = [
        (f"{one_line(models.provider)}/{one_line(name)}", SwitchModel(name, models.provider))
        for models in lists
        for name in models.models
    ]
    if rows:
        face.wait_for(Pick("Which model?", rows[:MOST_ROWS]))
    else:
        face.say("No model server answers and no key is set: start a server, or /model demo.")


async def _mode(face: Asker, argument: str) -> None:
    names = ", ".join(mode.value for mode in Mode)
    try:
        if argument:
            face.send(SwitchMode(parse_mode(argument)))
        else:
            face.say(f"Mode: {face.state.mode.value} (of {names})")
    except ValueError:
        face.say(f"There is no mode {argument}: {names}")


async def _plan(face: Asker, argument: str) -> None:
    planned = plan_command(face.state, argument)
    for command in planned.commands:
        face.send(command)
    if planned.said:
        face.say(planned.said[0].upper() + planned.said[1:])


async def _tasks(face: Asker, argument: str) -> None:
    face.say(*(f"  {task.id}: {one_line(task.subject)}, {task.status}" for task in face.state.tasks))
    if not face.state.tasks:
        face.say("There are no tasks yet.")


async def _jobs(face: Asker, argument: str) -> None:
    verb, _, job = argument.partition(" ")
    if verb == "stop" and job:
        face.send(StopJob(job.strip()))
        return
    for one in face.state.jobs:
        face.say(f"  {one.id}: {one_line(one.title)}, {one.status}", *_tail(one.tail))
    face.say("/jobs stop ID stops one." if face.state.jobs else "There are no background jobs yet.")


def _tail(text: str) -> list[str]:
    lines = clean(text).rstrip("\n").split("\n")[-3:] if text.strip() else []
    return [f"    {line}" for line in lines]


async def _diff(face: Asker, argument: str) -> None:
    reviews = face.state.reviews
    face.say(*(diff_lines(reviews[-1]) if reviews else ["There are no changes yet."]))


async def _cwd(face: Asker, argument: str) -> None:
    if argument:
        face.send(ChangeFolder(argument))
    else:
        face.say(f"Folder: {clean(face.state.cwd)}")


async def _status(face: Asker, argument: str) -> None:
    state, usage = face.state, face.state.agent(MAIN_AGENT).usage
    face.say(
        f"nanodeck {__version__}",
        f"Folder: {clean(state.folder)}",
        f"Model: {state.model or 'none: /model'}",
        f"Mode: {state.mode.value}",
        f"Session: {state.session}",
        f"Tokens: {usage.input:,} in ({usage.cached:,} cached), {usage.output:,} out",
    )


async def _export(face: Asker, argument: str) -> None:
    face.say(f"Written: {clean(await face.query(ExportSession(argument)))}")


async def _undo(face: Asker, argument: str) -> None:
    face.send(Undo())


async def _exit(face: Asker, argument: str) -> None:
    face.leave()


RUNS: dict[str, Run] = {
    "help": _help,
    "new": _new,
    "clear": _new,
    "resume": _resume,
    "export": _export,
    "model": _model,
    "mode": _mode,
    "plan": _plan,
    "tasks": _tasks,
    "jobs": _jobs,
    "diff": _diff,
    "cwd": _cwd,
    "status": _status,
    "undo": _undo,
    "exit": _exit,
}
