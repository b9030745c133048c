"""`/tour`: the keys page by page, to be tried out where they do nothing."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from nanodeck.ui.actions import BY_ID
from nanodeck_widgets.glyphs import glyphs, in_signs
from nanodeck_widgets.keymap import LEADER, keymap_of, pressed
from nanodeck_widgets.palette import palette_of

KEY_WIDTH = 26


class Page(NamedTuple):
    """What belongs together; `actions` by their ids."""

    title: str
    about: str
    actions: tuple[str, ...]


PAGES = (
    Page(
        "Write",
        "You write below all panes. While the agent works, what you send steers it.",
        ("prompt.send", "prompt.newline", "prompt.queue", "deck.history", "deck.editor"),
    ),
    Page(
        "Find your way",
        "Every pane has a number; from the prompt the leader key goes there.",
        ("deck.focus_chat", "deck.focus_diff", "deck.focus_jobs", "deck.next_pane", "deck.zoom"),
    ),
    Page(
        "Read",
        "Every pane finds, selects and copies; tool calls unfold.",
        ("pane.find", "pane.select_down", "deck.copy", "deck.expand_output", "chat.output"),
    ),
    Page(
        "Review",
        "A change is decided hunk by hunk, and nothing is written before you send.",
        ("diff.next_hunk", "diff.accept", "diff.reject", "diff.accept_all", "diff.undo", "diff.send"),
    ),
    Page(
        "Answer",
        "Commands ask. Nothing is pre-selected, and a key pressed too soon answers nothing.",
        ("deck.oldest_request", "approval.once", "approval.session", "approval.deny", "approval.reason"),
    ),
    Page(
        "And the rest",
        "Every key can be changed: [keys] in the settings.",
        ("deck.palette", "deck.help", "deck.cycle_mode", "deck.settings", "deck.interrupt"),
    ),
)


class TourScreen(ModalScreen[None]):
    """Keys that are pressed here are ticked off and do nothing else."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close"),
        Binding("pagedown", "turn(1)", "next page"),
        Binding("pageup", "turn(-1)", "page before"),
    ]

    def __init__(self) -> None:
        super().__init__(classes="dialog tour")
        self._at = 0
        self._led = False
        self._tried: set[str] = set()

    def compose(self) -> ComposeResult:
        """One page."""
        with Vertical(id="box"):
            yield Static(id="page", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """The first page."""
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Tick off what the key would do."""
        key = f"{LEADER} {pressed(event)}" if self._led else pressed(event)
        keymap = keymap_of(self.app)
        self._led = not self._led and key in keymap.keys("deck.leader")
        tried = {action for action in PAGES[self._at].actions if key in keymap.keys(action)}
        if tried:
            event.prevent_default()
        self._tried |= tried
        self._show()

    def action_turn(self, pages: int) -> None:
        """Go to another page; after the last one it is over."""
        self._at = max(0, self._at + pages)
        if self._at >= len(PAGES):
            self.dismiss(None)
        else:
            self._show()

    def action_close(self) -> None:
        """Back to the deck."""
        self.dismiss(None)

    def _show(self) -> None:
        page, keymap, signs = PAGES[self._at], keymap_of(self.app), glyphs()
        text = Text.assemble(
            (f"{page.title}", "bold"),
            (f"   {self._at + 1} of {len(PAGES)}\n", palette_of(self.app).muted),
            f"{page.about}\n\n",
        )
        for action in page.actions:
            keys = "  ".join(keymap.shown(action)) or "(no key)"
            sign = signs.done if action in self._tried else " "
            text.append(f"{sign} ", "bold")
            text.append(f"{keys:<{KEY_WIDTH}}", "bold")
            text.append(f"{BY_ID[action].title}\n")
        text.append(f"\n{self._advice(page)}", palette_of(self.app).muted)
        self.query_one("#page", Static).update(text)

    def _advice(self, page: Page) -> str:
        if self._led:
            return "the leader key: now the second one"
        last = self._at == len(PAGES) - 1
        tried = "all tried" if self._tried.issuperset(page.actions) else "try them here"
        way = f"pgdn {'ends the tour' if last else 'goes on'} · pgup back · esc closes"
        return in_signs(f"{tried}: {way}")
