"""The prompt's editor: a TextArea that runs every editing key itself, in the order of arrival."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from inspect import isawaitable
from typing import Literal

from textual import events
from textual.actions import SkipAction
from textual.document._document import EditResult, Location, Selection
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from nanodeck.contracts.text import clean
from nanodeck_widgets.prompt.given import Meaning, command_in, is_note, meaning_of, shell_in
from nanodeck_widgets.prompt.history import PromptHistory
from nanodeck_widgets.prompt.keys import EDITING_KEYS, LEFT_TO_APP, NEWLINE_KEYS
from nanodeck_widgets.prompt.pastes import FOLD_ABOVE, Pastes, normalised
from nanodeck_widgets.prompt.tokens import Completion, Item, token_before, written

_FOLD_LOADED_ABOVE = 20_000
"""Characters above which a whole text that is put into the prompt is folded, to keep keys fast."""
NOTES_RESERVED = "# is kept for notes, which cannot be taken yet: begin with a blank to send it as it is"
NO_SHELL_COMMAND = "type a shell command after the !"


class Prompt(TextArea, inherit_bindings=False):
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
        self._pastes = Pastes()
        super().__init__(id=id, compact=True, highlight_cursor_line=False)
        # A blinking cursor would repaint an idle deck twice a second.
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self.completion = Completion(commands)
        self.past = PromptHistory()
        self.busy = False
        self.popup_changed: Callable[[], None] = lambda: None
        self.meaning: Meaning = "prompt"
        self.meaning_changed: Callable[[], None] = lambda: None
        self._walked_to: tuple[str, Location] | None = None
        self._styled: object = None

    # What the app asks for.

    def edit_in_editor_text(self) -> str:
        """The draft with every paste written out."""
        return self._pastes.expand(self.text)

    def replace_text(self, text: str) -> None:
        """Make `text` the draft, cursor at its end; pastes known already are folded again."""
        self._load(text)
        self.past.stop()
        self._follow_text()

    def give_back(self, texts: Iterable[str]) -> None:
        """Put texts that were waiting before the draft."""
        draft = self.edit_in_editor_text()
        self.replace_text("\n".join([*texts, *([draft] if draft else [])]))

    def load_history(self, entries: Iterable[str]) -> None:
        """What was sent before in this folder, oldest first."""
        self.past.load(entries)

    def offer(self, pattern: str, items: Iterable[Item]) -> None:
        """Files for `pattern`; ignored when the cursor has moved on."""
        if self.completion.offer(pattern, items):
            self.popup_changed()

    # Keys and pastes.

    async def _on_key(self, event: events.Key) -> None:
        # TextArea's own handler must not run after this one.
        event.prevent_default()
        if event.key in LEFT_TO_APP:
            return
        if await self._take_key(event):
            event.stop()
            self._follow_text()

    async def _take_key(self, event: events.Key) -> bool:
        key = event.key
        if self.completion.is_open and self._completion_key(key):
            return True
        if key == "enter":
            self._enter()
        elif key in NEWLINE_KEYS:
            self._type("\n")
        elif key == "tab":
            self._tab()
        elif key in ("up", "down") and self._walk(older=key == "up"):
            pass
        elif key in ("pageup", "pagedown") and not self.max_scroll_y:
            return False
        elif key in EDITING_KEYS:
            return await self._edit_key(key)
        elif event.character is not None and event.is_printable:
            self._type(event.character)
        else:
            return False
        return True

    async def _edit_key(self, key: str) -> bool:
        name, arguments = EDITING_KEYS[key]
        if name == "delete_word_left" and not self.selection.is_empty:
            name = "cut"
        try:
            done = getattr(self, f"action_{name}")(*arguments)
            if isawaitable(done):
                await done
        except SkipAction:
            return False
        return True

    def action_text_start(self) -> None:
        """To the very beginning."""
        self.move_cursor((0, 0))

    def action_text_end(self) -> None:
        """To the very end."""
        self.move_cursor(self.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Nobody outside needs to hear of each key."""
        event.stop()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Nobody outside needs to hear of each key."""
        event.stop()

    def on_mouse_up(self) -> None:
        """The cursor may stand on another word."""
        self._follow_text()

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._insert_paste(event.text)
        self._follow_text()

    def action_paste(self) -> None:
        """Paste what was copied in the deck."""
        self._insert_paste(self.app.clipboard)

    def _insert_paste(self, text: str) -> None:
        text = clean(normalised(text))
        self._type(self._pastes.fold(text) if len(text) > FOLD_ABOVE else text)

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
                self.post_message(self.ShellGiven(self._pastes.expand(command), joins))
            else:
                self.post_message(self.Refused(NO_SHELL_COMMAND))
        elif (given := command_in(text)) is not None:
            name, argument = given
            self._take_text()
            self.post_message(self.CommandGiven(name, self._pastes.expand(argument)))
        else:
            return False
        return True

    def _take_text(self) -> tuple[str, str] | None:
        shown = self.text
        if not shown.strip():
            return None
        self.past.add(shown)
        self._set_text("")
        return self._pastes.expand(shown), shown

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
        self._load(text)
        self._walked_to = (self.text, self.cursor_location)
        return True

    def _shown_by_walk(self) -> bool:
        return self.past.walking and self._walked_to == (self.text, self.cursor_location)

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

    def _follow_text(self) -> None:
        """Notice what the text means now and offer what fits the word under the cursor."""
        meaning = meaning_of(self.document.get_line(0)[:2])
        if meaning != self.meaning:
            self.meaning = meaning
            self.meaning_changed()
        row, column = self.cursor_location
        token = None
        # Up and down belong to the history while something recalled is shown.
        if self.meaning == "prompt" and self.selection.is_empty and not self._shown_by_walk():
            token = token_before(self.document.get_line(row)[:column], first_line=row == 0)
        was = (self.completion.is_open, self.completion.items)
        if self.completion.follow(token) and token is not None:
            self.post_message(self.CompletionWanted("file", token.pattern))
        if was != (self.completion.is_open, self.completion.items):
            self.popup_changed()

    # Drawing.

    def notify_style_update(self) -> None:
        """Colours are read again with the next frame."""
        self._styled = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The text; TextArea would resolve six styles anew for each key."""
        if self._styled is not self._theme:
            self._styled = self._theme
            return super().render_lines(crop)
        return super(TextArea, self).render_lines(crop)

    # The document.

    def _type(self, text: str) -> None:
        self._replace_via_keyboard(text, *self.selection)

    def _load(self, text: str) -> None:
        text = self._pastes.refold(clean(normalised(text)))
        self._set_text(self._pastes.fold(text) if len(text) > _FOLD_LOADED_ABOVE else text)

    def _set_text(self, text: str) -> None:
        self.load_text(text)
        self.move_cursor(self.document.end)

    def validate_selection(self, selection: Selection) -> Selection:
        """A cursor never stands inside the mark of a folded paste."""
        return Selection(self._outside(selection.start), self._outside(selection.end))

    def _outside(self, place: Location) -> Location:
        row, column = place
        if row >= self.document.line_count:
            return place
        for start, end in self._pastes.marks(self.document.get_line(row)):
            if start < column < end:
                old_row, old_column = self.selection.end
                if old_row == row and old_column in (start, end):
                    return row, (end if old_column == start else start)
                return row, (start if column - start < end - column else end)
        return place

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        return super()._replace_via_keyboard(insert, *self._widened(start, end))

    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        return super()._delete_via_keyboard(*self._widened(start, end))

    def _widened(self, start: Location, end: Location) -> tuple[Location, Location]:
        """A mark is deleted as a whole: half of one would be sent as it stands."""
        (top, left), (bottom, right) = sorted((start, end))
        if top == bottom:
            left, right = self._pastes.widened(self.document.get_line(top), left, right)
        elif bottom < self.document.line_count:
            left = self._pastes.widened(self.document.get_line(top), left, left)[0]
            right = self._pastes.widened(self.document.get_line(bottom), right, right)[1]
        return (top, left), (bottom, right)
