"""The one registry of what a person can do: keys, hints, help, palette and README are made from it.

To add something to do: an `Action` here and a method `action_<name>` of the deck's screen; or one in
`nanodeck_widgets/actions` and a method `action_<name>` of the widget it is done in.
"""

from __future__ import annotations

from functools import cache

from nanodeck_widgets.actions import WIDGET_ACTIONS, Action, Where
from nanodeck_widgets.keymap import LEADER, PANES, Keymap

WHERE_TITLES: dict[Where, str] = {
    "deck": "Everywhere",
    "prompt": "Prompt",
    "pane": "Every pane",
    "chat": "Chat",
    "diff": "Diff and review",
    "tasks": "Tasks",
    "jobs": "Jobs",
    "explorer": "Explorer",
    "approval": "Approvals",
}

ACTIONS: tuple[Action, ...] = (
    Action("deck.palette", "Commands: every action by name", ("ctrl+p",), "commands"),
    Action("deck.leader", "Pane keys", ("ctrl+x",), "panes"),
    Action("deck.focus_chat", "Go to the chat", ("1", "leader c")),
    Action("deck.focus_diff", "Go to the diff", ("2", "leader d")),
    Action("deck.focus_tasks", "Go to the tasks", ("3", "leader t")),
    Action("deck.focus_jobs", "Go to the jobs", ("4", "leader j")),
    Action("deck.oldest_request", "Open the oldest request", ("leader !",)),
    Action("deck.fold_sides", "Fold or unfold the side panes", ("leader b",)),
    Action("deck.wider", "Pane wider", ("leader >",)),
    Action("deck.narrower", "Pane narrower", ("leader <",)),
    Action("deck.higher", "Pane higher", ("leader +",)),
    Action("deck.lower", "Pane lower", ("leader -",)),
    Action("deck.next_pane", "Next pane", ("f6",)),
    Action("deck.previous_pane", "Previous pane", ("shift+f6",)),
    Action("deck.zoom", "Zoom the pane, or back", ("z", "leader z")),
    Action("deck.expand_output", "Expand or fold tool output", ("ctrl+o",), "expand"),
    Action("deck.toggle_tasks", "Go to the task tree and back", ("ctrl+t",)),
    Action("deck.cycle_mode", "Next mode: normal, auto-accept, plan", ("shift+tab",)),
    Action("deck.escape", "Close, go back to the prompt, or stop the turn", ("escape",)),
    Action("deck.interrupt", "Copy the selection, else interrupt; twice quits", ("ctrl+c",)),
    Action("deck.copy", "Copy the selection, the command that asks, or the last reply", ("ctrl+y",)),
    Action("deck.switch_mouse", "Mouse to the terminal, or back", ("f7", "leader m")),
    Action("deck.links", "Open a link of the conversation", ("leader l",)),
    Action("deck.editor", "Write the prompt in $EDITOR", ("ctrl+g",)),
    Action("deck.undo_edit", "Undo in the prompt", ("leader u",)),
    Action("deck.redo_edit", "Redo in the prompt", ("leader r",)),
    Action("deck.history", "Search what was sent before", ("ctrl+r",)),
    Action("deck.explorer", "Explore the project's files", ("leader e",)),
    Action("deck.page_up", "From the prompt or a request: the chat up by a page", ("pageup",)),
    Action("deck.page_down", "From the prompt or a request: the chat down by a page", ("pagedown",)),
    Action("deck.leave", "Quit from an empty prompt", ("ctrl+d",)),
    Action("deck.quit", "Quit", ("ctrl+q",)),
    Action("deck.suspend", "Suspend to the shell", ("ctrl+z",)),
    Action("deck.help", "Help", ("f1", "?"), "help"),
    Action("deck.settings", "Settings", ("f2",)),
    *WIDGET_ACTIONS,
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}


@cache
def actions_in(where: Where) -> tuple[Action, ...]:
    """The actions done at one place."""
    return tuple(action for action in ACTIONS if action.where == where)


def leader_choices(keymap: Keymap) -> tuple[tuple[str, Action], ...]:
    """What may follow the leader key: (key, action)."""
    return tuple(
        (key.partition(" ")[2], action)
        for action in actions_in("deck")
        for key in keymap.keys(action.id)
        if key.startswith(f"{LEADER} ")
    )


def hints_for(where: Where, keymap: Keymap, *, busy: bool = False) -> tuple[tuple[str, str], ...]:
    """(key, word) pairs for the hint line while the focus is at `where`; panes show their own keys."""
    hints = [(keymap.first(action.id), action.hint) for action in actions_in("deck") if action.hint]
    if where in PANES:
        panes = [keymap.first(f"deck.focus_{pane}") for pane in PANES]
        run = panes == ["1", "2", "3", "4"]
        hints = [
            (keymap.first("deck.escape"), "back to prompt"),
            ("1-4" if run else "/".join(filter(None, panes)), "panes"),
            (keymap.first("deck.zoom"), "zoom"),
            (keymap.first("pane.find"), "find"),
            *hints,
        ]
    elif busy:
        hints = [*hints[:-1], (keymap.first("deck.escape"), "interrupt"), hints[-1]]
    return tuple(hint for hint in hints if hint[0])
