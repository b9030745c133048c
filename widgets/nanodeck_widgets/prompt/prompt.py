"""The prompt's editor: a TextArea that runs every editing key itself, in the order of arrival."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from textual import events
from textual.document._document import Location
from textual.message import Message

from nanodeck.contracts.mentions import mention_of
from nanodeck.contracts.text import clean, one_line
from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.prompt.editor import Editor
from nanodeck_widgets.prompt.given import Meaning, command_in, is_note, meaning_of, shell_in
from nanodeck_widgets.prompt.history import PromptHistory
from nanodeck_widgets.prompt.keys import EDITS, LEFT_TO_APP, OTHER_KEYS
from nanodeck_widgets.prompt.popup import MOST_ROWS
from nanodeck_widgets.prompt.searching import HistorySearch
from nanodeck_widgets.prompt.tokens import Completion, Item, token_before, written

if TYPE_CHECKING:
    from nanodeck_widgets.prompt.vim.hand import VimHand

SEARCH_STEPS = {"up": -1, "down": 1, "pageup": -MOST_ROWS, "pagedown": MOST_ROWS}
NOTHING_SENT = "nothing was sent in this folder yet"
NOTES_RESERVED = "# is kept for notes, which cannot be taken yet: begin with a blank to send it as it is"
NO_SHELL_COMMAND = "type a shell command after the !"


class Prompt(Editor):
    """Where the person writes. `busy` decides what tab means.

    `popup_changed` and `meaning_changed` are called when something around the text has to be drawn again.
    """

    DEFAULT_CSS = """
    Prompt {
        height: auto; min-height: 1; max-height: 8; border: none; padding: 0;
        background: $background; color: $foreground; scrollbar-size-vertical: 1;
        &:focus { border: none; }
        &:disabled { color: $foreground 40%; }
    }
    """

    class Submitted(Message):
        """Send `text`; `shown` is how it stood in the prompt, with long pastes folded."""

        def __init__(self, text: str, shown: str) -> None:
            super().__init__()
            self.text = text
            self.shown = shown

    class Queued(Message):
        """Say `text` once the running turn is over."""

        def __init__(self, text: str, shown: str) -> None:
            super().__init__()
            self.text = text
            self.shown = shown

    class CommandGiven(Message):
        """A line `/name argument` was entered; the name may be unknown."""

        def __init__(self, name: str, argument: str) -> None:
            super().__init__()
            self.name = name
            self.argument = argument

    class ShellGiven(Message):
        """A shell command was entered after `!`, or after `!!` with `joins` off."""

        def __init__(self, command: str, joins: bool) -> None:
            super().__init__()
            self.command = command
            self.joins = joins

    class RewindWanted(Message):
        """Escape was pressed twice in an empty prompt."""

    class Refused(Message):
        """What was entered stays in the prompt, for `reason`."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    class CompletionWanted(Message):
        """The cursor stands on `@pattern`: answer with `offer(pattern, ...)`."""

        def __init__(self, kind: Literal["file"], pattern: str) -> None:
            super().__init__()
            self.kind = kind
            self.pattern = pattern

    def __init__(self, commands: Sequence[Item] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.completion = Completion(commands)
        self.past = PromptHistory()
        self.busy = False
        self.search: HistorySearch | None = None
        self.popup_changed: Callable[[], None] = lambda: None
        self.vim: VimHand | None = None
        self.escapes = 0
        self.meaning: Meaning = "prompt"
        self.meaning_changed: Callable[[], None] = lambda: None
        self._walked_to: tuple[str, Location] | None = None

    # What the app asks for.

    def replace_text(self, text: str) -> None:
        """Make `text` the draft, cursor at its end; pastes known already are folded again."""
        self.put(text)
        self.past.stop()
        self.text_changed()

    def mention(self, paths: Iterable[str]) -> None:
        """Write mentions of `paths` where the cursor is."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        gap = " " if before and not before[-1].isspace() else ""
        self.write(gap + "".join(f"{mention_of(path)} " for path in paths))
        self.completion.close()

    def set_vim(self, on: bool) -> None:
        """Whether vim's keys hold; they begin in insert mode."""
        if on and self.vim is None:
            from nanodeck_widgets.prompt.vim.hand import VimHand

            self.vim = VimHand(self, self.act)
        elif not on:
            self.vim = None
        self.meaning_changed()

    def leave_insert(self) -> bool:
        """Vim's escape; False when it changes nothing."""
        if self.vim is None or not self.vim.escape():
            return False
        self.meaning_changed()
        return True

    def escape(self) -> None:
        """Pressed twice, with no other key between, escape clears the prompt; undo brings it back.

        An empty one it leaves for the turns before.
        """
        if self.vim is not None and self.text:
            return
        self.escapes += 1
        if self.escapes > 1:
            self.escapes = 0
            if self.text:
                self.replace_text("")
            else:
                self.post_message(self.RewindWanted())
        self.meaning_changed()

    def give_back(self, texts: Iterable[str]) -> None:
        """Put texts that were waiting before the draft."""
        draft = self.whole_text
        self.replace_text("\n".join([*texts, *([draft] if draft else [])]))

    def load_history(self, entries: Iterable[str]) -> None:
        """What was sent before in this folder, oldest first."""
        self.past.load(entries)

    @property
    def has_list(self) -> bool:
        """Whether a list to choose from stands above the prompt: escape closes it."""
        return self.completion.is_open or self.search is not None

    def search_history(self) -> None:
        """Search what was sent before; while that is under way, go to an older match."""
        if self.search is not None:
            self.search.move(1)
        elif not self.past.entries:
            self.post_message(self.Refused(NOTHING_SENT))
        else:
            self.completion.close()
            self.search = HistorySearch(self.past.entries)
        self.popup_changed()

    def close_lists(self) -> None:
        """Offer nothing more: the keys go elsewhere."""
        self.completion.close()
        self.search = None
        self.popup_changed()

    def offer(self, pattern: str, items: Iterable[Item]) -> None:
        """Files for `pattern`; ignored when the cursor has moved on."""
        if self.completion.offer(pattern, items):
            self.popup_changed()

    # Keys and pastes.

    async def _on_key(self, event: events.Key) -> None:
        # TextArea's own handler must not run after this one.
        event.prevent_default()
        if event.key in LEFT_TO_APP and not keymap_of(self.app).name(event.key, "prompt"):
            return
        if self.escapes:
            self.escapes = 0
            self.meaning_changed()
        if self._take_key(event):
            event.stop()
            self.text_changed()

    def _take_key(self, event: events.Key) -> bool:
        key = event.key
        if self.search is not None:
            self._search_key(self.search, event)
            return True
        if self.completion.is_open and self._completion_key(key):
            return True
        if self.vim is not None and self.vim.take(event):
            self.meaning_changed()
            return True
        if self.act(keymap_of(self.app).name(key, "prompt")):
            return True
        if key in ("up", "down") and self._walk(older=key == "up"):
            pass
        elif key in ("pageup", "pagedown") and not self.max_scroll_y:
            return False
        elif key in OTHER_KEYS:
            return self.edit_by(OTHER_KEYS[key])
        elif event.character is not None and event.is_printable:
            self.write(event.character)
        else:
            return False
        return True

    def act(self, name: str) -> bool:
        """Do what the action `name` of the prompt says; False when there is none."""
        if name == "send":
            self._enter()
        elif name == "newline":
            self.write("\n")
        elif name == "queue":
            self._tab()
        elif name in ("older", "newer"):
            self._walk(older=name == "older")
        else:
            return name in EDITS and self.edit_by(EDITS[name])
        return True

    def on_mouse_up(self) -> None:
        """The cursor may stand on another word."""
        self.text_changed()

    def insert_paste(self, text: str) -> None:
        """A paste goes to where letters go."""
        if self.search is None:
            super().insert_paste(text)
        else:
            self.search.look_for(self.search.query + one_line(text))
            self.popup_changed()

    # Sending.

    def _enter(self) -> None:
        row, column = self.cursor_location
        if self.selection.is_empty and self.document.get_line(row)[:column].endswith("\\"):
            self._replace_via_keyboard("\n", (row, column - 1), (row, column))
            return
        if not self._send_otherwise() and (taken := self._take_text()):
            self.post_message(self.Submitted(*taken))

    def _tab(self) -> None:
        # Before the answer for a token is there, tab was meant for the completion.
        if self.busy and not self.completion.waiting and not self._send_otherwise():
            taken = self._take_text()
            if taken:
                self.post_message(self.Queued(*taken))

    def _send_otherwise(self) -> bool:
        """Deal with a text that is no prompt."""
        text = self.text
        if is_note(text):
            self.post_message(self.Refused(NOTES_RESERVED))
        elif (shell := shell_in(text)) is not None:
            command, joins = shell
            if command:
                self._take_text()
                self.post_message(self.ShellGiven(self.pastes.expand(command), joins))
            else:
                self.post_message(self.Refused(NO_SHELL_COMMAND))
        elif (given := command_in(text)) is not None:
            name, argument = given
            self._take_text()
            self.post_message(self.CommandGiven(name, self.pastes.expand(argument)))
        else:
            return False
        return True

    def _take_text(self) -> tuple[str, str] | None:
        shown = self.text
        if not shown.strip():
            return None
        self.past.add(shown)
        self.take()
        if self.vim is not None:
            self.vim.insert()
        return self.pastes.expand(shown), shown

    # History.

    def _walk(self, *, older: bool) -> bool:
        place = self.cursor_location
        shown = self._shown_by_walk()
        if not shown:
            self.past.stop()
        at_edge = (
            self.navigator.is_first_wrapped_line(place)
            if older
            else self.navigator.is_last_wrapped_line(place)
        )
        if not shown and not at_edge:
            return False
        text = self.past.older(self.text) if older else self.past.newer()
        if text is None:
            # At the oldest one there is nowhere to go; a draft's cursor moves within its line.
            return shown
        self.put(text)
        self._walked_to = (self.text, self.cursor_location)
        return True

    def _shown_by_walk(self) -> bool:
        return self.past.walking and self._walked_to == (self.text, self.cursor_location)

    def _search_key(self, search: HistorySearch, event: events.Key) -> None:
        key, step = event.key, SEARCH_STEPS.get(event.key)
        if step is not None:
            search.move(step)
        elif key in ("enter", "tab", "right"):
            self.search = None
            if search.choice is not None:
                self.put(search.choice)
        elif key == "escape":
            self.search = None
        elif key in ("backspace", "ctrl+h"):
            search.look_for(search.query[:-1])
        elif key in ("ctrl+w", "ctrl+u"):
            search.look_for(search.query.rstrip().rpartition(" ")[0] if key == "ctrl+w" else "")
        elif event.character is not None and event.is_printable:
            search.look_for(search.query + event.character)
        self.popup_changed()

    # Completion.

    def _completion_key(self, key: str) -> bool:
        completion = self.completion
        if key in ("up", "down"):
            completion.move(-1 if key == "up" else 1)
        elif key == "escape":
            completion.close()
        elif key == "tab" or (key == "enter" and not self._is_complete()):
            self._accept()
        else:
            return False
        self.popup_changed()
        return True

    def _is_complete(self) -> bool:
        choice, token = self.completion.choice, self.completion.token
        return choice is not None and token is not None and choice.value == token.pattern

    def _accept(self) -> None:
        choice, token = self.completion.choice, self.completion.token
        if choice is None or token is None:
            return
        row, column = self.cursor_location
        text = written(token.kind, clean(choice.value).replace("\n", " "))
        self._replace_via_keyboard(text, (row, token.start), (row, column))

    def text_changed(self) -> None:
        """Notice what the text means now and offer what fits the word under the cursor."""
        meaning = meaning_of(self.document.get_line(0)[:2])
        if meaning != self.meaning:
            self.meaning = meaning
            self.meaning_changed()
        row, column = self.cursor_location
        token = None
        # Up and down belong to the history while something recalled is shown.
        at_rest = self.selection.is_empty and not self._shown_by_walk()
        if self.meaning == "prompt" and self.search is None and at_rest:
            token = token_before(self.document.get_line(row)[:column], first_line=row == 0)
        was = (self.completion.is_open, self.completion.items)
        if self.completion.follow(token) and token is not None:
            self.post_message(self.CompletionWanted("file", token.pattern))
        if was != (self.completion.is_open, self.completion.items):
            self.popup_changed()
