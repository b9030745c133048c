"""What a person can do in panes, the prompt and approvals: ids, words and the keys that do it by default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

Where = Literal["deck", "prompt", "chat", "diff", "tasks", "jobs", "explorer", "pane", "approval"]


class Action(NamedTuple):
    """Something a person can do. `id` starts with the place it is done at.

    `keys` are named as `keymap.pressed` names them; "leader c" is c after the leader key. `vim` are
    keys added by the vim setting. `hint` is the short word of the hint line, empty for none there.
    """

    id: str
    title: str
    keys: tuple[str, ...] = ()
    hint: str = ""
    vim: tuple[str, ...] = ()

    @property
    def where(self) -> Where:
        """The place it is done at."""
        return self.id.partition(".")[0]  # type: ignore[return-value]  # ids start with a place

    @property
    def name(self) -> str:
        """The id without its place."""
        return self.id.partition(".")[2]


def of(where: Where, *rows: tuple[str, str, str] | tuple[str, str, str, str]) -> Iterator[Action]:
    """Actions of one place from rows of name, title, keys, vim keys."""
    for name, title, keys, *vim in rows:
        yield Action(f"{where}.{name}", title, tuple(keys.split()), vim=tuple(" ".join(vim).split()))


WIDGET_ACTIONS: tuple[Action, ...] = (
    *of(
        "prompt",
        ("send", "Send; while the agent works: steer it", "enter"),
        ("queue", "While the agent works: queue it for later", "tab"),
        ("newline", "New line", "shift+enter ctrl+j"),
        ("left", "Character to the left", "left ctrl+b"),
        ("right", "Character to the right", "right ctrl+f"),
        ("word_left", "Word to the left", "ctrl+left alt+left alt+b"),
        ("word_right", "Word to the right", "ctrl+right alt+right alt+f"),
        ("line_start", "Start of the line", "home ctrl+a"),
        ("line_end", "End of the line", "end ctrl+e"),
        ("text_start", "Start of the text", "ctrl+home"),
        ("text_end", "End of the text", "ctrl+end"),
        ("delete_left", "Delete the character before", "backspace"),
        ("delete_right", "Delete the character after", "delete"),
        ("delete_word_left", "Delete the word before", "ctrl+w alt+backspace ctrl+backspace"),
        ("delete_word_right", "Delete the word after", "alt+d alt+delete ctrl+delete"),
        ("delete_to_line_start", "Delete to the start of the line", "ctrl+u super+backspace"),
        ("delete_to_line_end", "Delete to the end of the line", "ctrl+k"),
        ("delete_line", "Delete the line", "ctrl+shift+k"),
        ("undo", "Take the last edit back", "ctrl+underscore ctrl+slash"),
        ("redo", "Make it again", "ctrl+shift+z super+shift+z"),
        ("cut", "Cut the selection", "ctrl+shift+x super+x"),
        ("paste", "Paste what was copied here", "ctrl+v"),
    ),
    *of(
        "chat",
        ("open", "Expand or fold the tool call", "enter"),
        ("output", "The whole output of the tool call", "o"),
        ("why", "Why the tool call was allowed or not: which rule", "w"),
        ("next_call", "Next tool call", "]"),
        ("previous_call", "Previous tool call", "["),
    ),
    *of(
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
        ("split", "Split the hunk at its context lines", "s"),
        ("pick", "Pick lines of the hunk: space takes one, y accepts them", "v"),
        ("edit", "Edit the lines of the hunk", "e"),
        ("mark_file", "File reviewed, or no longer: it is folded", "m"),
        ("find_file", "Go to a file", "f"),
        ("source", "Another source: call, turn, session, git", "o"),
        ("comment", "Comment on the hunk, the picked lines or the selection", "c"),
        ("comments", "Open comments: go to one, edit, drop, send all", "C"),
        ("split_view", "Unified, side by side, automatic", "t"),
        ("wrap", "Wrap long lines", "w"),
        ("context", "More lines around the hunk", "."),
        ("whitespace", "Dim changes of blanks alone, or not", "W"),
        ("left", "Back to the beginning of cut lines", "left", "h"),
        ("right", "See more of cut lines", "right", "l"),
        ("send", "Send the review", "enter"),
    ),
    *of(
        "tasks",
        ("open", "Details of the task", "enter"),
        ("blocked", "Blocked tasks only, or all", "b"),
        ("ready", "Ready tasks only, or all", "r"),
    ),
    *of(
        "jobs",
        ("open", "The whole output of the job", "enter"),
        ("tail", "Its last lines", "space"),
        ("stop", "Stop the job", "x"),
    ),
    *of(
        "explorer",
        ("take", "Put what is selected into the prompt", "enter"),
        ("select", "Select, or no longer", "space"),
        ("right", "Unfold the folder; in a file: to the right", "right", "l"),
        ("left", "Fold the folder; in a file: to the left", "left", "h"),
    ),
    *of(
        "pane",
        ("up", "Up by a line, or to the item before", "up k"),
        ("down", "Down by a line, or to the next item", "down j"),
        ("page_up", "Up by a page", "pageup", "ctrl+b"),
        ("page_down", "Down by a page", "pagedown", "ctrl+f"),
        ("half_up", "Up by half a page", "", "ctrl+u"),
        ("half_down", "Down by half a page", "", "ctrl+d"),
        ("start", "First line", "home", "g"),
        ("end", "Last line", "end G"),
        ("find", "Find, then enter for the next one", "/"),
        ("find_next", "Next one found", "", "n"),
        ("find_previous", "The one found before", "", "N"),
        ("select_up", "Select the row above", "shift+up"),
        ("select_down", "Select the row below", "shift+down"),
        ("select_left", "Select the character before", "shift+left"),
        ("select_right", "Select the next character", "shift+right"),
        ("select_word_left", "Select the word before", "ctrl+shift+left"),
        ("select_word_right", "Select the next word", "ctrl+shift+right"),
        ("select_page_up", "Select the page above", "shift+pageup"),
        ("select_page_down", "Select the page below", "shift+pagedown"),
        ("select_row_start", "Select to the start of the row", "shift+home"),
        ("select_row_end", "Select to the end of the row", "shift+end"),
        ("select_start", "Select to the first row", "ctrl+shift+home"),
        ("select_end", "Select to the last row", "ctrl+shift+end"),
    ),
    *of(
        "approval",
        ("once", "Allow once", "1 y"),
        ("session", "Allow for this session", "2 s"),
        ("always", "Allow by a rule: which one is shown first", "3 A"),
        ("project", "Keep the rule in this project", "p"),
        ("user", "Keep the rule for all your projects", "u"),
        ("deny", "Deny", "4 n"),
        ("reason", "Deny with a message", "tab"),
        ("edit", "Edit the command first, or the rule", "e"),
        ("review", "Show the diff", "d"),
        ("whole", "Give a request all the room, or as much as it needs", "v"),
        ("next", "The next request that waits", "right"),
        ("previous", "The request before", "left"),
    ),
)
