"""A TextArea whose every key runs in the order of arrival, with folded pastes and an undo of words."""

from __future__ import annotations

from math import inf

from textual import events
from textual.actions import SkipAction
from textual.document._document import EditResult, Location, Selection
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

from nanodeck.contracts.text import clean
from nanodeck_widgets.clusters import cluster_at
from nanodeck_widgets.prompt.keys import Action
from nanodeck_widgets.prompt.pastes import FOLD_ABOVE, Pastes, normalised
from nanodeck_widgets.strips import unparted

_FOLD_LOADED_ABOVE = 20_000
"""Characters above which a whole text that is put into the prompt is folded, to keep keys fast."""


class Editor(TextArea, inherit_bindings=False):
    """Edits one text. `text_changed` is called after what no key did."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        self.pastes = Pastes()
        super().__init__(id=id, compact=True, highlight_cursor_line=False, max_checkpoints=1000)
        # A blinking cursor would repaint an idle deck twice a second.
        self.cursor_blink = False
        self.match_cursor_bracket = False
        # What is undone at once is a matter of words, not of how fast they were typed.
        self.history.checkpoint_timer = inf
        self._styled: object = None

    def text_changed(self) -> None:
        """Something else than a key changed text or cursor."""

    # Keys and pastes.

    def edit_by(self, action: Action) -> bool:
        """Run one of TextArea's actions; False when it does nothing here."""
        name, arguments = action
        if name == "delete_word_left" and not self.selection.is_empty:
            name = "cut"
        try:
            getattr(self, f"action_{name}")(*arguments)
        except SkipAction:
            return False
        return True

    def action_delete_to_start_of_line(self) -> None:
        """What is left of the cursor, in every row of the line; at its start, the line end before."""
        row, column = self.cursor_location
        if column == 0:
            self.action_delete_left()
        else:
            self._delete_via_keyboard((row, 0), (row, column))

    def action_delete_to_line_end(self) -> None:
        """What is right of the cursor, in every row of the line; at its end, the end itself."""
        row, column = self.cursor_location
        if self.cursor_at_end_of_line:
            self.action_delete_right()
        else:
            self._delete_via_keyboard((row, column), (row, len(self.document[row])))

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

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_paste(event.text)
        self.text_changed()

    def action_paste(self) -> None:
        """Paste what was copied in the deck."""
        self.insert_paste(self.app.clipboard)

    def insert_paste(self, text: str) -> None:
        """Put `text` in place of the selection, folded if it is long."""
        text = clean(normalised(text))
        self.write(self.pastes.fold(text) if len(text) > FOLD_ABOVE else text)

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

    def render_line(self, y: int) -> Strip:
        """A row; TextArea's cursor would lie over a part of a character."""
        return unparted(super().render_line(y))

    # The document.

    @property
    def whole_text(self) -> str:
        """The text with every paste written out."""
        return self.pastes.expand(self.text)

    def write(self, text: str) -> None:
        """Put `text` in place of the selection, as keys do."""
        self._replace_via_keyboard(text, *self.selection)

    def rewrite(self, text: str, start: Location, end: Location) -> None:
        """Put `text` in place of what stands there, whole pastes included."""
        self._replace_via_keyboard(text, start, end)

    def put(self, text: str) -> None:
        """Make `text` all there is, which can be undone; pastes known already are folded again."""
        text = self.pastes.refold(clean(normalised(text)))
        text = self.pastes.fold(text) if len(text) > _FOLD_LOADED_ABOVE else text
        if text != self.text:
            self.replace(text, (0, 0), self.document.end)
        self.move_cursor(self.document.end)

    def take(self) -> str:
        """Empty the editor for good; the text as it stood there."""
        text = self.text
        self.load_text("")
        return text

    def validate_selection(self, selection: Selection) -> Selection:
        """A cursor never stands inside the mark of a folded paste, nor inside a character."""
        return Selection(self._outside(selection.start), self._outside(selection.end))

    def _outside(self, place: Location) -> Location:
        row, column = place
        if row >= self.document.line_count:
            return place
        line = self.document.get_line(row)
        for start, end in (*self.pastes.marks(line), cluster_at(line, column)):
            if start < column < end:
                old_row, old_column = self.selection.end
                if old_row == row and old_column in (start, end):
                    return row, (end if old_column == start else start)
                return row, (start if column - start < end - column else end)
        return place

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        row, column = min(start, end)
        if not insert.isspace() and self.document.get_line(row)[:column][-1:].isspace():
            # A word is what is undone at once.
            self.history.checkpoint()
        return super()._replace_via_keyboard(insert, *self._widened(start, end))

    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        return super()._delete_via_keyboard(*self._widened(start, end))

    def _widened(self, start: Location, end: Location) -> tuple[Location, Location]:
        """A mark and a character are deleted as a whole: half of one would be sent as it stands."""
        (top, left), (bottom, right) = sorted((start, end))
        if bottom < self.document.line_count:
            first, last = self.document.get_line(top), self.document.get_line(bottom)
            left, right = cluster_at(first, left)[0], cluster_at(last, right)[1]
            if top == bottom:
                left, right = self.pastes.widened(first, left, right)
            else:
                left = self.pastes.widened(first, left, left)[0]
                right = self.pastes.widened(last, right, right)[1]
        return (top, left), (bottom, right)
