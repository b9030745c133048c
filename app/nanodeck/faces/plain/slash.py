"""What the slash commands do in lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nanodeck import __version__
from nanodeck.contracts.checkup import CheckUp
from nanodeck.contracts.commands import (
    MAIN_AGENT,
    ChangeFolder,
    Queue,
    Redo,
    ResumeSession,
    StartSession,
    SwitchMode,
    Undo,
)
from nanodeck.contracts.modes import Mode, parse_mode
from nanodeck.contracts.queries import ExportSession, ListSessions
from nanodeck.contracts.slash import COMMANDS, find_command, unknown_command
from nanodeck.contracts.text import clean, counted, one_line
from nanodeck.core.confinement import sandbox_command, sandbox_status
from nanodeck.core.planning import plan_command
from nanodeck.faces.plain.changes import show_changes
from nanodeck.faces.plain.commenting import mind_comments
from nanodeck.faces.plain.copying import copy_reply
from nanodeck.faces.plain.explorer import explore
from nanodeck.faces.plain.goingback import go_back
from nanodeck.faces.plain.keeping import mind_checkpoints
from nanodeck.faces.plain.models import pick_model
from nanodeck.faces.plain.outputs import mind_jobs, show_output
from nanodeck.faces.plain.preferences import set_preferences, tell_theme
from nanodeck.faces.plain.ruling import mind_rules, tell_why
from nanodeck.faces.plain.talk import Talk, choose
from nanodeck.faces.plain.tour import take_tour

MOST_ROWS = 40
Run = Callable[[Talk, str], Awaitable[None]]


async def run_slash(talk: Talk, line: str) -> None:
    """Run the command in `line`. Raises NanodeckError."""
    name, _, argument = line.strip().lstrip("/").partition(" ")
    command = find_command(name)
    run = RUNS.get(command.name) if command is not None else None
    if run is not None:
        await run(talk, argument.strip())
    elif command is not None:
        talk.say(f"/{command.name} belongs to the full screen; here: /help")
    else:
        talk.say(unknown_command(name))


async def _help(talk: Talk, argument: str) -> None:
    words = argument.lower().split()
    talk.say("A line is sent as typed; while the agent works it steers. A backslash at its end goes on.")
    talk.say("!command runs a shell command, !!command without telling the agent. ctrl+c stops the turn.")
    for command in COMMANDS:
        said = f"/{command.name} {command.argument}".rstrip() + f": {command.title}"
        if command.name in RUNS and all(word in said.lower() for word in words):
            talk.say(f"  {said}")


async def _new(talk: Talk, argument: str) -> None:
    talk.send(StartSession())


async def _resume(talk: Talk, argument: str) -> None:
    if argument:
        talk.send(ResumeSession(argument))
        return
    sessions = [one for one in await talk.query(ListSessions()) if one.id != talk.state.session][:MOST_ROWS]
    if not sessions:
        talk.say("There are no earlier sessions in this folder.")
        return
    rows = [f"{one_line(one.title) or one.id}, {counted(one.messages, 'message')}" for one in sessions]
    place = await choose(talk, "Which session goes on?", rows)
    if place is not None:
        talk.send(ResumeSession(sessions[place].id))


async def _queue(talk: Talk, argument: str) -> None:
    text = argument or (await talk.hear("What is to be said once the turn is over?")).strip()
    if text:
        talk.send(Queue(text))


async def _mode(talk: Talk, argument: str) -> None:
    names = ", ".join(mode.value for mode in Mode)
    try:
        if argument:
            talk.send(SwitchMode(parse_mode(argument)))
        else:
            talk.say(f"Mode: {talk.state.mode.value} (of {names})")
    except ValueError:
        talk.say(f"There is no mode {argument}: {names}")


async def _plan(talk: Talk, argument: str) -> None:
    planned = plan_command(talk.state, argument)
    for command in planned.commands:
        talk.send(command)
    if planned.said:
        talk.say(planned.said[0].upper() + planned.said[1:])


async def _sandbox(talk: Talk, argument: str) -> None:
    confined = sandbox_command(talk.state, argument)
    if confined.command:
        talk.send(confined.command)
    else:
        talk.say(confined.said[0].upper() + clean(confined.said[1:]))


async def _tasks(talk: Talk, argument: str) -> None:
    talk.say(*(f"  {task.id}: {one_line(task.subject)}, {task.status}" for task in talk.state.tasks))
    if not talk.state.tasks:
        talk.say("There are no tasks yet.")


async def _cwd(talk: Talk, argument: str) -> None:
    if argument:
        talk.send(ChangeFolder(argument))
    else:
        talk.say(f"Folder: {clean(talk.state.cwd)}")


async def _status(talk: Talk, argument: str) -> None:
    state, usage = talk.state, talk.state.agent(MAIN_AGENT).usage
    context, of = state.agent(MAIN_AGENT).context, f", of {state.window:,}" if state.window else ""
    talk.say(
        f"nanodeck {__version__}",
        f"Folder: {clean(state.folder)}",
        f"Model: {state.model or 'none: /model'}",
        f"Mode: {state.mode.value}",
        f"Sandbox: {clean(sandbox_status(state))}",
        f"Session: {state.session}",
        f"Tokens: {usage.input:,} in ({usage.cached:,} cached), {usage.output:,} out",
        f"Context: {context:,} tokens in the last model call{of}",
    )


async def _doctor(talk: Talk, argument: str) -> None:
    from nanodeck.faces.doctor.run import as_lines

    talk.say(*as_lines(await talk.query(CheckUp())))


async def _export(talk: Talk, argument: str) -> None:
    talk.say(f"Written: {clean(await talk.query(ExportSession(argument)))}")


async def _trust(talk: Talk, argument: str) -> None:
    talk.ask_trust()


async def _undo(talk: Talk, argument: str) -> None:
    talk.send(Undo())


async def _redo(talk: Talk, argument: str) -> None:
    talk.send(Redo())


async def _exit(talk: Talk, argument: str) -> None:
    await talk.leave()


RUNS: dict[str, Run] = {
    "help": _help,
    "new": _new,
    "clear": _new,
    "resume": _resume,
    "copy": copy_reply,
    "export": _export,
    "queue": _queue,
    "model": pick_model,
    "mode": _mode,
    "permissions": mind_rules,
    "why": tell_why,
    "plan": _plan,
    "sandbox": _sandbox,
    "tasks": _tasks,
    "jobs": mind_jobs,
    "output": show_output,
    "diff": show_changes,
    "comments": mind_comments,
    "explorer": explore,
    "cwd": _cwd,
    "theme": tell_theme,
    "tour": take_tour,
    "status": _status,
    "doctor": _doctor,
    "settings": set_preferences,
    "rewind": go_back,
    "trust": _trust,
    "checkpoints": mind_checkpoints,
    "undo": _undo,
    "redo": _redo,
    "exit": _exit,
}
