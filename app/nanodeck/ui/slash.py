"""What the slash commands do."""

from __future__ import annotations

from collections.abc import Callable

from nanodeck import __version__
from nanodeck.contracts.commands import (
    MAIN_AGENT,
    ChangeFolder,
    Queue,
    Redo,
    ResumeSession,
    StartSession,
    SwitchMode,
    SwitchModel,
    Undo,
)
from nanodeck.contracts.modes import Mode, parse_mode
from nanodeck.contracts.slash import find_command, unknown_command
from nanodeck.contracts.sources import NAMED, Source
from nanodeck.core.confinement import sandbox_command, sandbox_status
from nanodeck.core.keeping import keeping_command
from nanodeck.core.planning import plan_command
from nanodeck.core.replies import nth_decided, nth_output
from nanodeck.ui.screens.deck import DeckScreen
from nanodeck.ui.skeleton import shown_folder

Run = Callable[[DeckScreen, str], None]


def run_slash_command(deck: DeckScreen, name: str, argument: str) -> None:
    """Run the command called `name`; one that does not exist is answered with the nearest ones."""
    command = find_command(name)
    if command is None:
        deck.app.notify(unknown_command(name), severity="warning", markup=False)
        return
    _RUNS[command.name](deck, argument.strip())


def _help(deck: DeckScreen, argument: str) -> None:
    deck.show_help(argument)


def _new(deck: DeckScreen, argument: str) -> None:
    deck.host.send(StartSession())
    deck.go_to("prompt")


def _resume(deck: DeckScreen, argument: str) -> None:
    if argument:
        deck.host.send(ResumeSession(argument))
    else:
        deck.pick_session()


def _copy(deck: DeckScreen, argument: str) -> None:
    if argument.lower() == "code":
        deck.copy_code()
    elif not argument or (argument.isdecimal() and int(argument)):
        deck.copy_reply(int(argument or 1))
    else:
        deck.app.notify("/copy takes a number or the word code", severity="warning")


def _export(deck: DeckScreen, argument: str) -> None:
    deck.export(argument)


def _queue(deck: DeckScreen, argument: str) -> None:
    if argument:
        deck.host.send(Queue(argument))
    else:
        deck.app.notify("/queue and a text: it is said once the turn is over", timeout=4)


def _model(deck: DeckScreen, argument: str) -> None:
    if argument:
        deck.host.send(SwitchModel(argument))
    else:
        deck.pick_model()


def _mode(deck: DeckScreen, argument: str) -> None:
    names = ", ".join(mode.value for mode in Mode)
    if not argument:
        deck.app.notify(f"mode {deck.session.mode.value} (of {names})")
        return
    try:
        deck.host.send(SwitchMode(parse_mode(argument)))
    except ValueError:
        deck.app.notify(f"there is no mode {argument}: {names}", severity="warning", markup=False)


def _plan(deck: DeckScreen, argument: str) -> None:
    planned = plan_command(deck.session, argument)
    for command in planned.commands:
        deck.host.send(command)
    if planned.said:
        deck.app.notify(planned.said, markup=False)


def _sandbox(deck: DeckScreen, argument: str) -> None:
    confined = sandbox_command(deck.session, argument)
    if confined.command:
        deck.host.send(confined.command)
    else:
        deck.app.notify(confined.said, markup=False)


def _cwd(deck: DeckScreen, argument: str) -> None:
    if argument:
        deck.host.send(ChangeFolder(argument))
    else:
        deck.app.notify(shown_folder(deck.session.cwd), markup=False)


def _diff(deck: DeckScreen, argument: str) -> None:
    kind = next((kind for kind in NAMED if kind == argument.lower()), None)
    if argument and kind is None:
        deck.app.notify(f"/diff takes {', '.join(NAMED)}", severity="warning", markup=False)
    elif kind is None and "diff" in deck.with_content:
        deck.go_to("diff")
    else:
        deck.show_source(Source(kind or "session"))


def _explorer(deck: DeckScreen, argument: str) -> None:
    deck.explore(argument)


def _output(deck: DeckScreen, argument: str) -> None:
    if (entry := nth_output(deck.session, argument)) is not None:
        deck.show_output(entry.id, entry.title)
    else:
        deck.app.notify("there is no such output: /output takes a number, counted from the last call")


def _settings(deck: DeckScreen, argument: str) -> None:
    deck.action_settings()


def _theme(deck: DeckScreen, argument: str) -> None:
    from nanodeck.ui.themes import find_theme, no_theme

    if not argument:
        deck.pick_theme()
    elif name := find_theme(argument):
        deck.host.prefer("theme", name)
    else:
        deck.app.notify(no_theme(argument), severity="warning", markup=False)


def _comments(deck: DeckScreen, argument: str) -> None:
    verb, _, message = argument.partition(" ")
    if not verb:
        deck.list_comments()
    elif verb == "send":
        deck.send_comments(message.strip())
    else:
        deck.app.notify("/comments lists them, /comments send [message] sends all", severity="warning")


def _permissions(deck: DeckScreen, argument: str) -> None:
    verb, _, command = argument.partition(" ")
    if verb == "scan" and not command:
        deck.propose_rules()
    elif verb == "test":
        deck.try_command(command.strip())
    else:
        deck.list_rules(argument)


def _why(deck: DeckScreen, argument: str) -> None:
    if (entry := nth_decided(deck.session, argument)) is not None:
        deck.show_why(entry)
    else:
        deck.app.notify("there is no such call: /why takes a number, counted from the last call")


def _trust(deck: DeckScreen, argument: str) -> None:
    deck.ask_trust()


def _undo(deck: DeckScreen, argument: str) -> None:
    deck.host.send(Undo())


def _redo(deck: DeckScreen, argument: str) -> None:
    deck.host.send(Redo())


def _rewind(deck: DeckScreen, argument: str) -> None:
    deck.rewind()


def _checkpoints(deck: DeckScreen, argument: str) -> None:
    keeping = keeping_command(argument)
    if keeping.command:
        deck.host.send(keeping.command)
    elif keeping.said:
        deck.app.notify(keeping.said, severity="warning", markup=False)
    else:
        deck.list_checkpoints()


def _exit(deck: DeckScreen, argument: str) -> None:
    deck.action_quit()


def _go(place: str) -> Run:
    return lambda deck, argument: (deck.go_to(place), None)[1]


def _tour(deck: DeckScreen, argument: str) -> None:
    from nanodeck.ui.dialogs.tour import TourScreen

    deck.app.push_screen(TourScreen())


def _status(deck: DeckScreen, argument: str) -> None:
    from nanodeck.ui.dialogs.facts import FactsScreen

    deck.app.push_screen(FactsScreen("Status", status_facts(deck)))


def _doctor(deck: DeckScreen, argument: str) -> None:
    from nanodeck.ui.dialogs.checkup import CheckUpScreen

    deck.app.push_screen(CheckUpScreen(deck.host))


def status_facts(deck: DeckScreen) -> list[tuple[str, str]]:
    """What /status says, name and value."""
    session, agent = deck.session, deck.session.agent(MAIN_AGENT)
    usage, log_path = agent.usage, deck.host.log_path
    facts = [
        ("nanodeck", __version__),
        ("project", shown_folder(session.folder)),
        ("shell's folder", shown_folder(session.cwd)),
        ("model", str(session.model) if session.model else "none: /model"),
        ("mode", session.mode.value),
        ("sandbox", sandbox_status(session)),
        ("session", session.session or "not started"),
        ("tokens", f"{usage.input:,} in ({usage.cached:,} cached), {usage.output:,} out"),
        ("context", f"{agent.context:,} tokens in the last model call{_of(session.window)}"),
    ]
    if log_path is not None:
        facts.append(("log", log_path()))
    return facts


def _of(window: int) -> str:
    return f", of {window:,} that the model takes" if window else ""


_RUNS: dict[str, Run] = {
    "help": _help,
    "new": _new,
    "clear": _new,
    "resume": _resume,
    "copy": _copy,
    "export": _export,
    "queue": _queue,
    "model": _model,
    "mode": _mode,
    "permissions": _permissions,
    "why": _why,
    "plan": _plan,
    "sandbox": _sandbox,
    "tasks": _go("tasks"),
    "output": _output,
    "jobs": _go("jobs"),
    "diff": _diff,
    "explorer": _explorer,
    "cwd": _cwd,
    "theme": _theme,
    "tour": _tour,
    "status": _status,
    "doctor": _doctor,
    "settings": _settings,
    "comments": _comments,
    "rewind": _rewind,
    "trust": _trust,
    "checkpoints": _checkpoints,
    "undo": _undo,
    "redo": _redo,
    "exit": _exit,
}
