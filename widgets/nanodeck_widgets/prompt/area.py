"""The bottom of the deck: waiting texts, the framed prompt with its hints, the completion list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from nanodeck_widgets.frame import frame_line
from nanodeck_widgets.glyphs import glyphs, in_signs
from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.prompt.completion import CompletionPopup
from nanodeck_widgets.prompt.prompt import Prompt
from nanodeck_widgets.prompt.queue import QueueLines
from nanodeck_widgets.prompt.searchlist import SearchPopup
from nanodeck_widgets.prompt.tokens import Item
from nanodeck_widgets.strips import fitted

_SIGNS = "@ file  / command  ! shell"
_SHELL_HINTS = {
    "shell": "the model is told the output",
    "shell-apart": "the model is not told",
}


class PromptFrame(Widget):
    """Draws frame, sign and hint line around the prompt."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PromptFrame { height: auto; layout: vertical; }
    PromptFrame > Prompt { margin: 1 2 2 4; }
    """

    def __init__(self, prompt: Prompt) -> None:
        super().__init__()
        self._prompt = prompt
        self.tip = ""

    def compose(self) -> ComposeResult:
        """The prompt alone."""
        yield self._prompt

    def render_line(self, y: int) -> Strip:
        """A row of the frame; the prompt covers what is its own."""
        palette, signs, width = palette_of(self.app), glyphs(), self.size.width
        focused = self._prompt.has_focus
        if y in (0, self.size.height - 1):
            title = self._title() if y == 0 else ""
            return frame_line(width, title, "", top=y == 0, focused=focused, palette=palette, glyphs=signs)
        pieces, style = (signs.heavy, palette.frame_focused) if focused else (signs.light, palette.frame)
        edge = Segment(pieces[1], style)
        inner: list[Segment] = []
        if y == 1:
            sign = signs.prompt if self._prompt.meaning == "prompt" else "!"
            inner = [Segment(sign, palette.primary if focused else palette.muted)]
        elif y == self.size.height - 2:
            inner = self._hints(width - 4)
        row = fitted(Strip([Segment(" "), *inner]), width - 2, palette.base)
        return fitted(Strip([edge, *row, edge]), width, palette.base)

    def _title(self) -> str:
        if self._prompt.has_focus:
            return self._prompt.vim.word if self._prompt.vim else ""
        return "draft kept" if self._prompt.text else ""

    def _hints(self, room: int) -> list[Segment]:
        palette = palette_of(self.app)
        keys = keymap_of(self.app)
        send, queue = keys.first("prompt.send"), keys.first("prompt.queue")
        right = f"{send} steer · {queue} queue · esc stop" if self._prompt.busy else f"{send} send"
        if self._prompt.escapes:
            right = "esc again clears" if self._prompt.text else "esc again goes back to before a turn"
        elif self._prompt.meaning in _SHELL_HINTS:
            right = f"{send} runs it · {_SHELL_HINTS[self._prompt.meaning]}"
        right = in_signs(right)
        fitting = (text for text in (self.tip, _SIGNS) if room >= cell_len(text) + cell_len(right) + 2)
        left = next(filter(None, fitting), "")
        if len(right) > room:
            return []
        gap = " " * (room - cell_len(left) - cell_len(right))
        return [Segment(left + gap + right, palette.muted)]


class PromptArea(Widget):
    """Everything about writing to the agent. Messages are those of `Prompt`."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "PromptArea { height: auto; layout: vertical; }"

    def __init__(self, commands: Sequence[Item] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.prompt = Prompt(commands)
        self._queue = QueueLines()
        self._popups = CompletionPopup(self.prompt.completion), SearchPopup(lambda: self.prompt.search)
        self._frame = PromptFrame(self.prompt)
        self.prompt.popup_changed = self._show_lists
        self.prompt.meaning_changed = self._redraw_frame

    def compose(self) -> ComposeResult:
        """From top to bottom; the completion list lies over what is above the frame."""
        yield self._queue
        yield from self._popups
        yield self._frame

    def set_busy(self, busy: bool) -> None:
        """Whether a turn runs: enter steers then, and tab queues."""
        if busy != self.prompt.busy:
            self.prompt.busy = busy
            self._frame.refresh()

    def show_tip(self, tip: str) -> None:
        """What could help now, instead of the signs a prompt can begin with; empty for none."""
        if tip != self._frame.tip:
            self._frame.tip = tip
            self._frame.refresh()

    def show_queue(self, steer: Sequence[str], queued: Sequence[str]) -> None:
        """Texts that wait for the running turn."""
        self._queue.show(steer, queued)

    def load_history(self, entries: Iterable[str]) -> None:
        """What was sent before in this folder, oldest first."""
        self.prompt.load_history(entries)

    def offer(self, pattern: str, items: Iterable[Item]) -> None:
        """Answer `CompletionWanted`."""
        self.prompt.offer(pattern, items)

    def _show_lists(self) -> None:
        for popup in self._popups:
            popup.show()

    def _redraw_frame(self) -> None:
        self._frame.refresh()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The frame shows where the keys go."""
        self._frame.refresh()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """The frame shows where the keys go; a list nobody can use is closed."""
        self.prompt.close_lists()
        self._frame.refresh()
