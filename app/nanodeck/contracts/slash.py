"""The slash commands: names, aliases, what they say about themselves."""

from __future__ import annotations

import difflib

from msgspec import Struct


class SlashCommand(Struct, frozen=True, omit_defaults=True):
    """A command typed into the prompt; `argument` describes what may follow its name."""

    name: str
    title: str
    argument: str = ""
    aliases: tuple[str, ...] = ()


COMMANDS: tuple[SlashCommand, ...] = (
    SlashCommand("help", "Keys and commands", "[words]", ("h", "?")),
    SlashCommand("new", "Start a new session; this one stays on disk", aliases=("reset",)),
    SlashCommand("clear", "Clear the conversation: the same as /new", aliases=("c",)),
    SlashCommand("resume", "Go on with an earlier session", "[id]", ("sessions", "continue")),
    SlashCommand("copy", "Copy the last reply, the n-th last, or the last code", "[n|code]", ("y",)),
    SlashCommand("export", "Write the conversation to a Markdown file", "[file]", ("save",)),
    SlashCommand("queue", "Say something once the turn is over", "[text]", ("later",)),
    SlashCommand("model", "Show or switch the model", "[name]", ("models", "m")),
    SlashCommand("mode", "Show or switch the mode", "[normal|auto-accept|plan|manual|yolo]"),
    SlashCommand("sandbox", "Show or set what commands may do", "[read-only|workspace-write|full] [network]"),
    SlashCommand("permissions", "Rules: list, test, add, delete", "[words|test command|scan]", ("rules",)),
    SlashCommand("trust", "What of this folder steers nanodeck: trust it, or trust it no more"),
    SlashCommand("why", "Which rule decided on the last call, or the n-th last", "[n]"),
    SlashCommand("plan", "Plan first: nothing is changed until you approve", "[what|status|done [mode]]"),
    SlashCommand("tasks", "Go to the task tree", aliases=("todo", "todos")),
    SlashCommand("output", "The whole output of the last call, or the n-th last", "[n]", ("out",)),
    SlashCommand("jobs", "Go to the background jobs", aliases=("bashes",)),
    SlashCommand("diff", "Show what was changed", "[call|turn|session|head|staged]", ("review",)),
    SlashCommand("comments", "Open comments on changes: edit, drop, send all", "[send [message]]"),
    SlashCommand("explorer", "Look around in the project and pick files", "[folder]", ("files", "tree")),
    SlashCommand("cwd", "Show or change the shell's folder", "[folder]", ("cd", "pwd")),
    SlashCommand("theme", "Choose the colours", "[name]", ("themes", "colors")),
    SlashCommand("tour", "The keys, page by page, to try them out"),
    SlashCommand("status", "Version, folder, model, tokens, session", aliases=("info", "usage")),
    SlashCommand("doctor", "Look everything over: what does not work, and its cure", aliases=("checkup",)),
    SlashCommand("settings", "The deck's settings", aliases=("config", "preferences")),
    SlashCommand("rewind", "Go back to before a turn: files, conversation or both", aliases=("rollback",)),
    SlashCommand(
        "checkpoints",
        "What is kept of the files; named checkpoints",
        "[create|load|delete NAME|gc [days]]",
        ("checkpoint",),
    ),
    SlashCommand("undo", "Put back the last change: edits, a shell command's, a rewind's"),
    SlashCommand("redo", "Write again what /undo put back"),
    SlashCommand("exit", "Leave nanodeck", aliases=("quit", "q")),
)
BARE_EXITS = ("exit", "quit", "/exit", "/quit", "/q")

_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


def find_command(name: str) -> SlashCommand | None:
    """The command called `name` (without the slash), aliases included."""
    return _BY_NAME.get(name.strip().lstrip("/").lower())


def nearest(name: str) -> tuple[str, ...]:
    """Names of commands that look like `name`, best first."""
    wanted = name.strip().lstrip("/").lower()
    starting = [known for known in _BY_NAME if wanted and known.startswith(wanted)]
    close = difflib.get_close_matches(wanted, list(_BY_NAME), n=3, cutoff=0.5)
    names = (_BY_NAME[known].name for known in (*starting, *close))
    return tuple(dict.fromkeys(names))[:3]


def unknown_command(name: str) -> str:
    """What is said about a command that does not exist."""
    near = nearest(name)
    advice = f"did you mean {' or '.join('/' + one for one in near)}?" if near else "/help lists them all"
    return f"there is no command /{name.lstrip('/')}: {advice}"
