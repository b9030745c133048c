"""The deck as an application: the engine's link, keys before panes, screens, leaving."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events, on
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.screen import Screen

from nanodeck.contracts.commands import MAIN_AGENT, Command, Remember, SavePreference
from nanodeck.contracts.errors import NanodeckError, UsageError
from nanodeck.contracts.link import EngineLink
from nanodeck.contracts.options import Options
from nanodeck.contracts.preferences import Kept
from nanodeck.contracts.queries import Query
from nanodeck.contracts.text import clean, counted
from nanodeck.contracts.views import NoticeEntry
from nanodeck.core.replies import last_exchange
from nanodeck.ui.actions import ACTIONS
from nanodeck.ui.bridge import Batch, Bridge
from nanodeck.ui.calling import Looking, news
from nanodeck.ui.gate import Gate
from nanodeck.ui.ground import GroundTold
from nanodeck.ui.reaching import ReachingApp
from nanodeck.ui.screens.deck import DeckScreen
from nanodeck.ui.skeleton import GROUND
from nanodeck.ui.styles import deck_sheets, dialog_sheets
from nanodeck.ui.terminal import TERMINAL
from nanodeck.ui.themes import find_theme, no_theme, sheet_colours, show_theme
from nanodeck_widgets.chat.preload import preload
from nanodeck_widgets.glyphs import ASCII, choose_signs, glyphs, signs_for
from nanodeck_widgets.keymap import Keymap, pressed
from nanodeck_widgets.palette import palette_of
from nanodeck_widgets.pane import Pane, holds_selection

if TYPE_CHECKING:
    from textual.driver import Driver

AnswerT = TypeVar("AnswerT")
MOST_FAREWELL_LINES = 200
USAGE = 64


class DeckApp(ReachingApp, inherit_bindings=False):
    """Shows the deck first and opens the engine after its first frame."""

    TITLE = "nanodeck"
    CSS_PATH = deck_sheets()
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave_dialog", "quit", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = False
    NOTIFICATION_TIMEOUT = 4
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-short"), (32, "-tall")]  # noqa: RUF012 (Textual declares it as an instance's)

    def __init__(
        self,
        options: Options,
        open_link: Callable[[], EngineLink],
        *,
        kept: Kept = Kept(),  # noqa: B008 (a tuple)
        log_path: Callable[[], str] | None = None,
        gate: Gate | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        # Without colours there are only those of the terminal, and then not even these.
        colours = True if "NO_COLOR" in os.environ else None
        super().__init__(gate or Gate(), kept.preferences, ansi_color=colours)
        self.options = options
        self.kept = kept
        self.keymap = Keymap(ACTIONS, kept.keys, vim=kept.preferences.vim)
        TERMINAL.light = bool(kept.remembered.get("light"))
        show_theme(self, kept.preferences.theme)
        choose_signs(kept.preferences.signs)
        self.remembered = dict(kept.remembered)
        self.log_path = log_path
        self.now = now
        self.crash = ""
        self.problem = ""
        self.looking = Looking(self.gate)
        self.link: EngineLink | None = None
        self.bridge = Bridge(self._deliver)
        self.deck = DeckScreen(options, self)
        self._open_link = open_link
        self.linked = asyncio.Event()
        self._held_back: list[Command] = []

    def get_default_screen(self) -> Screen[None]:
        """The deck is there from the first frame on."""
        self.deck.fit(self.size)
        # The first it does, so that its first frame shows what was typed meanwhile.
        self.deck.call_later(self._take_typed_ahead)
        return self.deck

    def get_css_variables(self) -> dict[str, str]:
        """Those of the theme, with lists and dim words of style sheets drawn as panes draw theirs."""
        variables = super().get_css_variables()
        if not self.native_ansi_color:
            variables.update(sheet_colours(palette_of(self)))
        return variables

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew; before the first time that would only be done twice."""
        if self.deck.is_attached:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_driver_class(self) -> type[Driver]:
        """Our driver on POSIX terminals, Textual's elsewhere."""
        if sys.platform == "win32":
            return super().get_driver_class()
        from nanodeck.ui.driver import DeckDriver

        return DeckDriver

    def on_mount(self) -> None:
        """The engine waits for the first frame."""
        self.apply_preferences()
        self.app_resume_signal.subscribe(self, lambda _: self.window.name_again(), immediate=True)
        TERMINAL.end_with(asyncio.get_running_loop(), self._end)
        self.call_after_refresh(self._first_frame_drawn)

    async def _first_frame_drawn(self) -> None:
        self.stylesheet.read_all(dialog_sheets())
        await self.deck.furnish()
        gc.freeze()
        gc.enable()
        self._remember_ground()
        if self.options.resume or self.options.pick_session:
            # There is a reply to draw as soon as the session is read.
            preload()
        if self.deck.furnished:
            self._start_engine()

    async def _take_typed_ahead(self) -> None:
        self.deck.set_focus(self.deck.area.prompt, scroll_visible=False)
        await self.open_door(0)
        # The prompt's turn to take them: the next the deck does is its first frame.
        await asyncio.sleep(0)

    def meant(self, event: events.Key) -> events.Key:
        """Over the deck the key that interrupts closes what is open, as esc does, unless it can copy."""
        interrupts = self.keymap.name(pressed(event), "deck") == "interrupt"
        if self.screen is self.deck or not interrupts or holds_selection(self.focused):
            return event
        return events.Key("escape", "\x1b")

    async def take_key(self, event: events.Key) -> bool:
        """The deck's own keys, while nothing stands over it."""
        if self.linked.is_set():
            # Who types will see a reply.
            preload()
        return self.screen is self.deck and await self.deck.take_key(event)

    def on_app_focus(self) -> None:
        """The person is back."""
        self.looking.focus(True)

    def on_app_blur(self) -> None:
        """The person looks at something else."""
        self.looking.focus(False)

    @on(Pane.Copied)
    def _selection_copied(self, message: Pane.Copied) -> None:
        self.notify(f"copied {counted(len(message.text), 'character')}", timeout=2)

    # Preferences.

    def prefer(self, name: str, value: bool | str) -> None:
        """Set a preference: it holds at once and from now on."""
        self.preferences = self.preferences._replace(**{name: value})  # type: ignore[arg-type]  # by name
        self.apply_preferences()
        # A theme has its colours a moment later.
        self.call_after_refresh(self._remember_ground)
        self.send(SavePreference(name, value))

    def apply_preferences(self) -> None:
        """Make the deck as `preferences` say."""
        show_theme(self, self.preferences.theme)
        changed = choose_signs(self.preferences.signs)
        self.set_class(glyphs() is ASCII, "-ascii")
        if changed:
            self.theme_changed_signal.publish(self.current_theme)
            self.refresh_css(animate=False)
        self.reach_anew()
        self.keymap = Keymap(ACTIONS, self.kept.keys, vim=self.preferences.vim)
        self.deck.area.prompt.set_vim(self.preferences.vim)
        if self.deck.is_mounted:
            self.deck.show_hints()

    @property
    def settings_path(self) -> str:
        """The file in which preferences and keys are set."""
        return self.kept.settings_path

    @property
    def settings_problems(self) -> tuple[str, ...]:
        """What stands there and cannot hold."""
        theme = self.preferences.theme
        unknown = () if find_theme(theme) else (f"deck.theme: {no_theme(theme)}",)
        return (*self.kept.problems, *unknown, *self.keymap.problems)

    def remember(self, name: str, value: Any) -> None:
        """Keep something that nobody set for later starts; None forgets it."""
        if self.remembered.get(name) != value:
            self.remembered[name] = value
            self.send(Remember(name, value))

    def on_ground_told(self, message: GroundTold) -> None:
        """The terminal says how light it is; the next start knows it from the beginning."""
        self.remember("light", message.light or None)
        if message.light is not TERMINAL.light:
            TERMINAL.light = message.light
            show_theme(self, self.preferences.theme)
            self.call_after_refresh(self._remember_ground)

    def _remember_ground(self) -> None:
        """The first picture of the next start is drawn in these colours."""
        palette = palette_of(self)
        colours = [colour.triplet for colour in (palette.frame.color, palette.base.bgcolor) if colour]
        ground = tuple(part for triplet in colours if triplet for part in triplet)
        self.remember("ground", None if ground in (GROUND, ()) else " ".join(map(str, ground)))

    # The engine.

    def send(self, command: Command) -> None:
        """Ask the engine for something; before it is there, the command waits."""
        if self.link is None:
            self._held_back.append(command)
        else:
            self.link.send(command)

    async def ask(self, query: Query[AnswerT]) -> AnswerT:
        """Answer a query, waiting for the engine if need be. Raises NanodeckError."""
        await self.linked.wait()
        assert self.link is not None
        return await self.link.ask(query)

    def close_link(self) -> None:
        """End the session; safe to call when there is none."""
        link, self.link = self.link, None
        if link is not None:
            link.close()

    def _start_engine(self) -> None:
        loop = asyncio.get_running_loop()

        def open_it() -> None:
            try:
                link = self._open_link()
            except Exception as error:
                problem = error
                details = traceback.format_exc()
                loop.call_soon_threadsafe(self._could_not_open, problem, details)
                return
            try:
                loop.call_soon_threadsafe(self.call_later, self._opened, link)
            except RuntimeError:  # the deck was left meanwhile
                link.close()

        # A daemon: leaving must never wait for an engine that does not come up.
        threading.Thread(target=open_it, name="open-engine", daemon=True).start()

    def _opened(self, link: EngineLink) -> None:
        self.link = link
        self.bridge.connect(link)
        self.linked.set()
        waiting, self._held_back = self._held_back, []
        for command in waiting:
            link.send(command)
        for problem in self.settings_problems:
            self.notify(clean(problem), severity="warning", timeout=10, markup=False)
        self.deck.engine_opened()

    def _could_not_open(self, error: Exception, details: str) -> None:
        if isinstance(error, NanodeckError):
            self.problem = f"{error.message} ({error.advice})" if error.advice else error.message
        else:
            self.crash = details
        self.exit(return_code=USAGE if isinstance(error, UsageError) else 1)

    def _deliver(self, batch: Batch) -> None:
        known = self.deck.session
        try:
            self.deck.apply(batch)
        except Exception as error:
            # The loop's own handler would log it and leave a deck that has stopped moving.
            self._handle_exception(error)
            return
        if not batch.reset:
            words = news(known, batch.state)
            if words and not self.looking.looks:
                self.call_person(words)
            if self.screen is not self.deck:
                self._say_behind(batch)

    def _say_behind(self, batch: Batch) -> None:
        """What went wrong is said over a dialog that hides the chat, too."""
        transcript = batch.state.agent(MAIN_AGENT).transcript
        for position in sorted(batch.touched):
            entry = transcript[position]
            if isinstance(entry, NoticeEntry) and entry.level == "error":
                self.notify(clean(entry.text), severity="error", markup=False)

    # Leaving.

    def action_leave_dialog(self) -> None:
        """Leave from a screen above the deck; the deck has a key of its own."""
        if self.screen is self.deck:
            raise SkipAction
        self.deck.action_quit()

    def _end(self, code: int) -> None:
        self.exit(return_code=code)

    def on_unmount(self) -> None:
        """Nothing is delivered to a deck that is gone, and its signs are not the next one's."""
        self.bridge.close()
        choose_signs("auto")
        TERMINAL.light = False

    def farewell(self) -> str:
        """The last exchange, for the scrollback of the shell."""
        said, reply = last_exchange(self.bridge.state)
        if not said:
            return ""
        sign = signs_for(self.preferences.signs).prompt
        lines = [f"{' ' if number else sign} {line}" for number, line in enumerate(said.split("\n"))]
        text = clean("\n".join([*lines, "", *reply.split("\n")])).rstrip()
        kept = text.split("\n")
        if len(kept) > MOST_FAREWELL_LINES:
            kept = [*kept[:MOST_FAREWELL_LINES], "…"]
        return "\n".join(kept)

    def _fatal_error(self) -> None:
        # One readable message on the normal screen instead of pages of frames.
        self.crash = traceback.format_exc()
        self._close_messages_no_wait()
