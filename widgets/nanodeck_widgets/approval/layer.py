"""The approval layer: below the panes, with the keys, while a request is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TypeAlias

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from nanodeck.contracts.requests import CommandDetail, NetworkDetail, Request, ToolDetail
from nanodeck.contracts.rules import RuleTrial
from nanodeck.contracts.text import clean
from nanodeck_widgets.approval import messages
from nanodeck_widgets.approval.card import Card, build_card
from nanodeck_widgets.approval.docket import Docket, Outcome
from nanodeck_widgets.approval.pen import Pen
from nanodeck_widgets.approval.view import View, view_of
from nanodeck_widgets.frame import frame_line
from nanodeck_widgets.glyphs import glyphs, in_signs
from nanodeck_widgets.keymap import keymap_of
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.strips import fitted

_EDGES = 4
_BESIDE = "-beside"
_PLAIN_KEYS = "enter tab escape up down left right home end backspace delete space shift+enter"
_WRITING_KEYS = (
    "ctrl+a ctrl+e ctrl+b ctrl+f ctrl+u ctrl+k ctrl+w ctrl+j ctrl+left ctrl+right "
    "alt+backspace ctrl+backspace alt+delete"
)
_KEYS = frozenset(f"{_PLAIN_KEYS} {_WRITING_KEYS}".split(" "))
_SCROLLS = {"up": -1, "down": 1, "home": -(10**9), "end": 10**9}


class ApprovalLayer(Widget, can_focus=True):
    """Shows one waiting request whole and takes the answer. Nothing on it is ever pre-selected.

    It belongs below what may give it rows: it is as high as the request, and only while it is open.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ApprovalLayer {
        display: none; height: auto; max-height: 85%;
    }
    ApprovalLayer.-beside { max-height: 50%; }
    ApprovalLayer.-whole { max-height: 100%; }
    """

    Answered: TypeAlias = messages.Answered
    Left: TypeAlias = messages.Left
    ReviewWanted: TypeAlias = messages.ReviewWanted
    ReviewShown: TypeAlias = messages.ReviewShown
    Rewritten: TypeAlias = messages.Rewritten
    RuleWritten: TypeAlias = messages.RuleWritten
    KeysChanged: TypeAlias = messages.KeysChanged
    DraftReturned: TypeAlias = messages.DraftReturned

    def __init__(self, *, clock: Callable[[], float] = monotonic, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.clock = clock
        self._docket = Docket(lambda: self.clock(), lambda: keymap_of(self.app))
        self._titles: Mapping[str, str] = {}
        self._came_from: Widget | None = None
        self._top = 0
        self._height = 0
        self._card: tuple[Pen, Card] | None = None
        self._timer: Timer | None = None
        self._keys: tuple[tuple[str, str], ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a request is shown."""
        return bool(self.display)

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """(key, what it does) for a line of hints."""
        return self._docket.keys

    @property
    def shown(self) -> str:
        """The id of the shown request; empty for none."""
        return self._docket.shown.id if self._docket.shown else ""

    @property
    def subject(self) -> str:
        """What the shown request is about, to be copied: the command or the arguments; empty for none."""
        match self._docket.shown:
            case Request(
                detail=CommandDetail(command=text) | NetworkDetail(command=text) | ToolDetail(arguments=text)
            ):
                return text
        return ""

    @property
    def is_beside(self) -> bool:
        """Whether it was opened without the keys and has not got them yet."""
        return self.is_open and self.has_class(_BESIDE) and not self.has_focus

    def offer(
        self, requests: Sequence[Request], agent_titles: Mapping[str, str], *, beside: bool = False
    ) -> None:
        """Show `requests` in this order; none closes the layer. `beside`: keys stay where they are."""
        was_open, docket = self.is_open, self._docket
        shown = docket.shown
        self._titles = agent_titles
        docket.offer(requests)
        if orphan := docket.take_orphan():
            self.post_message(self.DraftReturned(orphan))
        if docket.shown is None:
            if was_open:
                self._close(docket.note)
            return
        if not was_open:
            self._open()
        if self.is_beside and not beside:
            self._take_keys()
        self._changed(to_top=shown is None or shown.id != docket.shown.id)

    def describe(self, detail: CommandDetail) -> None:
        """This is known about an edited command."""
        self._docket.describe(detail)
        self._changed()

    def try_out(self, rule: str, trial: RuleTrial) -> None:
        """This is known about a rule that may be kept."""
        self._docket.try_out(rule, trial)
        self._changed()

    def turn_to(self, request: str) -> None:
        """Show this one of the requests that wait."""
        before = self._docket.shown
        self._docket.turn_to(request)
        self._changed(to_top=self._docket.shown is not before)

    def leave(self) -> None:
        """Close with nothing answered."""
        if self.is_open:
            self._close("")

    def _open(self) -> None:
        self._came_from = self.screen.focused
        self.display = True
        self.add_class(_BESIDE)

    def _take_keys(self) -> None:
        self._came_from = self.screen.focused
        self.remove_class(_BESIDE)
        self._docket.guard.arm()
        # `focus()` would wait for its turn, and keys pressed until then would go to the prompt.
        self.screen.set_focus(self, scroll_visible=False)

    def _close(self, note: str | None) -> None:
        """Give the keys back; `note` None: the person answered."""
        self._docket.put_away()
        target = self._came_from
        if self.has_focus and target is not None and target.is_attached and target.focusable:
            self.screen.set_focus(target, scroll_visible=False)
        self.display = False
        self.post_message(self.KeysChanged())
        if note is not None:
            self.post_message(self.Left(tuple(request.id for request in self._docket.requests), note))

    # Keys.

    async def _on_key(self, event: events.Key) -> None:
        if not (event.key in _KEYS or event.is_printable or keymap_of(self.app).name(event.key, "approval")):
            return
        event.stop()
        event.prevent_default()
        docket = self._docket
        if docket.guard.absorbs():
            self._changed()
        elif docket.editor is None and event.key in _SCROLLS:
            self._scroll(_SCROLLS[event.key])
        elif docket.editor is None and keymap_of(self.app).name(event.key, "approval") == "whole":
            self.toggle_class("-whole")
        else:
            shown = docket.shown
            key = "ctrl+j" if event.key == "shift+enter" else event.key
            self._follow(docket.press(key, event.character))
            if docket.shown is not None and docket.shown is not shown and docket.shown.changeset:
                self.post_message(self.ReviewShown(docket.shown.changeset))
            if docket.mode == "confirm" and docket.described is None and shown is not None:
                self.post_message(self.Rewritten(shown.id, docket.edited or ""))
            self._mind_rule()
            self._changed(to_top=docket.shown is not shown)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not self._docket.guard.absorbs():
            self._docket.paste(clean(event.text))
            self._mind_rule()
        self._changed()

    def _mind_rule(self) -> None:
        """Have it found out what a rule means that nothing is known about yet."""
        if rule := self._docket.take_untried():
            self.post_message(self.RuleWritten(self.shown, rule))

    def _follow(self, outcome: Outcome | None) -> None:
        if outcome is None:
            return
        if outcome.request is None:
            self._close("")
        elif outcome.answer is not None:
            self.post_message(self.Answered(outcome.request.id, outcome.answer))
            if self._docket.shown is None:
                self._close(None)
        elif outcome.request.changeset:
            self.post_message(self.ReviewWanted(outcome.request.changeset))

    def on_focus(self) -> None:
        """Keys that come along with the focus were meant for what had it before."""
        self.remove_class(_BESIDE)
        self._docket.guard.arm()
        self._changed()

    def on_blur(self) -> None:
        """The state line says where the keys go."""
        self._changed()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll a command that is higher than the room."""
        event.stop()
        self._scroll(2)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll a command that is higher than the room."""
        event.stop()
        self._scroll(-2)

    def _scroll(self, rows: int) -> None:
        self._top += rows
        self.refresh()

    # Drawing.

    def _changed(self, *, to_top: bool = False) -> None:
        self._card = None
        if self.keys != self._keys:
            self._keys = self.keys
            self.post_message(self.KeysChanged())
        if to_top:
            self._top = 0
            self.remove_class("-whole")
        # Another height moves everything above, which is drawn again only for that.
        height = self.get_content_height(self.size, self.size, self.size.width)
        self.refresh(layout=height != self._height)
        self._height = height
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        remaining = self._docket.guard.remaining
        if self.is_open and remaining > 0:
            self._timer = self.set_timer(remaining + 0.01, self._changed)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows the shown request takes with everything about it visible."""
        card = self._laid_out(width)
        return card.height() + 2 if card else 0

    def render_line(self, y: int) -> Strip:
        """One row of the frame or of what is in it."""
        palette, signs, width, height = palette_of(self.app), glyphs(), *self.size
        card = self._laid_out(width)
        if card is None:
            return Strip.blank(width, palette.base)
        view = view_of(card, height - 2, self._top)
        self._top = view.top
        focused = self.has_focus
        if y == 0:
            return frame_line(
                width,
                card.title,
                card.badge,
                top=True,
                focused=focused,
                palette=palette,
                glyphs=signs,
                call=True,
            )
        if y == height - 1:
            return frame_line(
                width,
                self._hint(),
                self._scrolled(view),
                top=False,
                focused=focused,
                palette=palette,
                glyphs=signs,
                call=True,
            )
        pieces = signs.heavy if focused else signs.light
        edge = Segment(pieces[1], palette.attention)
        row = view.rows[y - 1] if y - 1 < len(view.rows) else []
        inner = fitted(Strip([Segment(" "), *row]), width - 2, palette.base)
        return fitted(Strip([edge, *inner, edge]), width, palette.base)

    def _laid_out(self, width: int) -> Card | None:
        shown = self._docket.shown
        if shown is None:
            return None
        live = self.has_focus and self._docket.guard.remaining <= 0
        pen = Pen(palette_of(self.app), glyphs(), width - _EDGES, live)
        if self._card is None or self._card[0] != pen:
            asker = self._titles.get(shown.asker, shown.asker)
            self._card = (pen, build_card(self._docket, shown, asker, pen))
        return self._card[1]

    def _scrolled(self, view: View) -> str:
        """Which part of what scrolls is seen."""
        signs = glyphs()
        if view.whole:
            return ""
        more = "" if self.has_class("-whole") else f"{keymap_of(self.app).first('approval.whole')} more, "
        return f"{more}{signs.up}{signs.down} rows {view.top + 1}-{view.top + view.seen} of {view.length}"

    def _hint(self) -> str:
        """Where the keys go; what they do that is no choice."""
        docket, remaining = self._docket, self._docket.guard.remaining
        if self.is_beside:
            return "keys stay where they were: ctrl+x ! comes here to answer"
        if not self.has_focus:
            return "keys go elsewhere now: ctrl+x ! comes back here"
        if remaining > 0:
            return f"keys live in {remaining:.1f} s"
        if docket.mode != "choose":
            return "esc goes back" if docket.editor is None else ""
        others = " · ← → others" if len(docket.requests) > 1 else ""
        return in_signs(f"no key is pre-selected · esc later{others}")
