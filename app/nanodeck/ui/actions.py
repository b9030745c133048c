"""The one registry of what a person can do: keys, hints, help and palette are made from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Where = Literal["deck", "prompt", "chat", "diff", "tasks", "jobs", "pane", "approval"]

WHERE_TITLES: dict[Where, str] = {
    "deck": "Everywhere",
    "prompt": "Prompt",
    "pane": "Every pane",
    "chat": "Chat",
    "diff": "Diff and review",
    "tasks": "Tasks",
    "jobs": "Jobs",
    "approval": "Approvals",
}


class Action(Struct, frozen=True, omit_defaults=True):
    """Something a person can do. `id` starts with where it is defined, `keys` are Textual's names.

    `leader` is its key after ctrl+x; `hint` the short word of the hint line, empty for none there.
    Deck actions run `action_<name>` of the deck; those of panes and the prompt are theirs.
    """

    id: str
    title: str
    keys: tuple[str, ...] = ()
    where: Where = "deck"
    hint: str = ""
    leader: str = ""

    @property
    def name(self) -> str:
        """The id without its first part."""
        return self.id.partition(".")[2]


def _of(where: Where, *rows: tuple[str, str, str] | tuple[str, str, str, str]) -> Iterable[Action]:
    for name, title, keys, *hint in rows:
        yield Action(f"{where}.{name}", title, tuple(keys.split()), where, hint[0] if hint else "")


ACTIONS: tuple[Action, ...] = (
    Action("deck.palette", "Commands: every action by name", ("ctrl+p",), hint="commands"),
    Action("deck.leader", "Pane keys", ("ctrl+x",), hint="panes"),
    Action("deck.focus_chat", "Go to the chat", ("1",), leader="c"),
    Action("deck.focus_diff", "Go to the diff", ("2",), leader="d"),
    Action("deck.focus_tasks", "Go to the tasks", ("3",), leader="t"),
    Action("deck.focus_jobs", "Go to the jobs", ("4",), leader="j"),
    Action("deck.oldest_request", "Open the oldest request", leader="!"),
    Action("deck.fold_sides", "Fold or unfold the side panes", leader="b"),
    Action("deck.next_pane", "Next pane", ("f6",)),
    Action("deck.previous_pane", "Previous pane", ("shift+f6",)),
    Action("deck.zoom", "Zoom the pane, or back", ("z",)),
    Action("deck.expand_output", "Expand or fold tool output", ("ctrl+o",), hint="expand"),
    Action("deck.toggle_tasks", "Go to the task tree and back", ("ctrl+t",)),
    Action("deck.cycle_mode", "Next mode: normal, auto-accept, plan", ("shift+tab",)),
    Action("deck.escape", "Close, go back to the prompt, or stop the turn", ("escape",)),
    Action("deck.interrupt", "Copy the selection, else interrupt; twice quits", ("ctrl+c",)),
    Action("deck.copy", "Copy the selection, else the last reply", ("ctrl+y",)),
    Action("deck.switch_mouse", "Mouse to the terminal, or back", ("f7",), leader="m"),
    Action("deck.editor", "Write the prompt in $EDITOR", ("ctrl+g",)),
    Action("deck.history", "Search what was sent before", ("ctrl+r",)),
    Action("deck.leave", "Quit from an empty prompt", ("ctrl+d",)),
    Action("deck.quit", "Quit", ("ctrl+q",)),
    Action("deck.suspend", "Suspend to the shell", ("ctrl+z",)),
    Action("deck.help", "Help", ("f1", "?"), hint="help"),
    *_of(
        "prompt",
        ("send", "Send; while the agent works: steer it", "enter"),
        ("queue", "Queue for after the turn (while the agent works)", "tab"),
        ("newline", "New line", "shift+enter ctrl+j"),
    ),
    *_of(
        "pane",
        ("rows", "Scroll by a line", "up down"),
        ("page", "Scroll by a page", "pageup pagedown"),
        ("ends", "First or last line", "home end"),
        ("find", "Find, then enter for the next one", "/"),
        ("select_rows", "Select by rows; ctrl+y copies", "shift+up shift+down"),
        ("select_pages", "Select by pages", "shift+pageup shift+pagedown"),
        ("select_characters", "Select by characters", "shift+left shift+right"),
        ("select_words", "Select by words", "ctrl+shift+left ctrl+shift+right"),
        ("select_edges", "Select to the edge of the row", "shift+home shift+end"),
        ("select_ends", "Select to the first or last row", "ctrl+shift+home ctrl+shift+end"),
    ),
    *_of(
        "chat",
        ("open", "Expand or fold the tool call", "enter"),
        ("output", "The whole output of the tool call", "o"),
        ("next_call", "Next tool call", "]"),
        ("previous_call", "Previous tool call", "["),
    ),
    *_of(
        "tasks",
        ("open", "Details of the task", "enter"),
        ("blocked", "Blocked tasks only, or all", "b"),
        ("ready", "Ready tasks only, or all", "r"),
    ),
    *_of(
        "jobs",
        ("open", "The whole output of the job", "enter"),
        ("tail", "Its last lines", "space"),
        ("stop", "Stop the job", "x"),
    ),
    *_of(
        "diff",
        ("accept", "Accept the hunk", "y"),
        ("reject", "Reject the hunk", "n"),
        ("toggle", "Toggle the decision and stay", "space"),
        ("next_hunk", "Next hunk", "j"),
        ("previous_hunk", "Previous hunk", "k"),
        ("next_file", "Next file", "]"),
        ("previous_file", "Previous file", "["),
        ("accept_file", "Accept the rest of the file", "a"),
        ("reject_file", "Reject the rest of the file", "d"),
        ("accept_all", "Accept everything left", "A"),
        ("reject_all", "Reject everything left (asks once)", "D"),
        ("undo", "Take the last decision back", "u"),
        ("redo", "Decide it again", "U"),
        ("split_view", "Unified, side by side, automatic", "t"),
        ("wrap", "Wrap long lines", "w"),
        ("aside", "See more of cut lines", "left right"),
        ("send", "Send the review", "enter"),
    ),
    *_of(
        "approval",
        ("once", "Allow once", "1 y"),
        ("session", "Allow for this session", "2 s"),
        ("deny", "Deny", "4 n"),
        ("reason", "Deny with a message", "tab"),
        ("edit", "Edit the command first", "e"),
    ),
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
LEADER_ACTIONS: tuple[Action, ...] = tuple(action for action in ACTIONS if action.leader)

_SHOWN = {
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def shown_key(key: str) -> str:
    """A key as people read it."""
    return _SHOWN.get(key, key)


def is_plain(key: str) -> bool:
    """Whether the key writes a character, so that it must not be taken from a text."""
    return len(key) == 1


def actions_in(where: Where) -> tuple[Action, ...]:
    """The actions defined at one place."""
    return tuple(action for action in ACTIONS if action.where == where)


def hints_for(where: Where, *, busy: bool = False) -> tuple[tuple[str, str], ...]:
    """(key, word) pairs for the hint line while the focus is at `where`; panes show their own keys."""
    hints = [(shown_key(action.keys[0]), action.hint) for action in actions_in("deck") if action.hint]
    if where in ("chat", "diff", "tasks", "jobs"):
        hints = [("esc", "back to prompt"), ("1-4", "panes"), ("z", "zoom"), ("/", "find"), *hints]
    elif busy:
        hints = [*hints[:-1], ("esc", "interrupt"), hints[-1]]
    return tuple(hints)
