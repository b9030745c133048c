"""The deck's panes on one screen: where they stand, where the focus is, the keys that move it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import import_module

from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from nanodeck import __version__
from nanodeck.contracts.slash import COMMANDS
from nanodeck.ui.actions import hints_for, leader_choices
from nanodeck.ui.compositor import DeckCompositor
from nanodeck.ui.layout import NARROW, PANES, WIDE, DeckLayout
from nanodeck.ui.screens.desk import Desk
from nanodeck.ui.skeleton import SMALLEST, TOO_SMALL
from nanodeck_widgets.actions import Where
from nanodeck_widgets.approval import messages as approval
from nanodeck_widgets.chat.pane import ChatPane
from nanodeck_widgets.keymap import LEADER, Keymap, is_plain, keymap_of, pressed, shown_key
from nanodeck_widgets.pane import Pane
from nanodeck_widgets.prompt.area import PromptArea
from nanodeck_widgets.prompt.tokens import Item
from nanodeck_widgets.status import Hint, HintLine, StateBar, TitleBar
from nanodeck_widgets.status.choices import ChoiceGrid
from nanodeck_widgets.status.line import StatusLine, Word

SIZES = {"wider": "x", "narrower": "x", "higher": "y", "lower": "y"}
"""Actions that move a divider, and along which axis."""
LATE = "nanodeck.ui.screens.late"
EMPTY_PANES = {
    "diff": "no changes yet: what the model wants to change comes here",
    "tasks": "no tasks yet: the model plans longer work as tasks",
    "jobs": "no background jobs yet: commands that keep running come here",
}


class TooSmall(StatusLine):
    """All there is on a terminal too small for the deck."""

    def words(self, width: int) -> list[Word]:
        """One line."""
        return [Word(TOO_SMALL, self.palette.warning)]


class DeckFrame(Screen[None]):
    """Title, chat | diff over (tasks | jobs), prompt, state and hints; arranged by the style sheets."""

    AUTO_FOCUS = "Prompt"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (Textual declares it as an instance's)
        (0, "-tiny"),
        (SMALLEST[0], NARROW),
        (100, "-medium"),
        (160, WIDE),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 (Textual declares it as an instance's)
        (0, "-flat"),
        (SMALLEST[1], "-short"),
        (32, "-tall"),
    ]

    def __init__(self, now: Callable[[], float], clock: Callable[[], float]) -> None:
        super().__init__(id="deck")
        self._compositor = DeckCompositor()
        self.title_bar = TitleBar(id="title")
        self.chat = ChatPane("1 Chat", id="chat", now=now)
        self.chat.about = f"nanodeck {__version__}"
        self.area = PromptArea([Item(command.name, command.title) for command in COMMANDS], id="prompt")
        self.state_bar = StateBar(id="state")
        self.state_bar.clock = now
        self.hint_line = HintLine(id="hints")
        self.choices = ChoiceGrid(id="choices")
        self.panes: dict[str, Pane] = {"chat": self.chat}
        self.furnished = False
        self._now, self._monotonic = now, clock
        self.body = Desk(id="body")
        self.arrangement = DeckLayout(self)
        # Before the first styling, which would have to be done again otherwise.
        self.arrangement.apply()
        self.leading = False
        self._had_focus: Widget | None = None

    async def furnish(self) -> None:
        """Put up the panes that have nothing to show at first: their code would delay the first frame."""
        await asyncio.to_thread(import_module, LATE)
        if not self.query_one("#side").is_attached:
            # The deck was left meanwhile.
            return
        from nanodeck.ui.screens.late import ApprovalLayer, DiffPane, JobsPane, TasksPane

        self.diff = DiffPane("2 Diff", id="diff", clock=self._monotonic)
        self.tasks = TasksPane("3 Tasks", id="tasks")
        self.jobs = JobsPane("4 Jobs", id="jobs", now=self._now)
        self.approval = ApprovalLayer(id="approval", clock=self._monotonic)
        right, side = self.query_one("#right"), self.query_one("#side")
        with self.app.batch_update():
            await right.mount(self.diff, before=side)
            await side.mount(self.tasks, self.jobs)
            await self.query_one("#desk").mount(self.approval)
        self.panes.update(zip(PANES[1:], (self.diff, self.tasks, self.jobs), strict=True))
        self.furnished = True

    def fit(self, size: Size) -> None:
        """Take the classes of a terminal of `size` cells before the first styling, as those of its panes."""
        for breakpoints, length in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            self.add_class(*self._get_breakpoint_classes(length, breakpoints), update=False)

    def compose(self) -> ComposeResult:
        """The parts of the first frame and room for the others; which are seen is a matter of classes."""
        yield TooSmall(id="too-small")
        yield self.title_bar
        with Container(id="desk"), self.body:
            yield self.chat
            with Container(id="right"):
                yield Container(id="side")
        yield self.area
        yield self.choices
        yield self.state_bar
        yield self.hint_line

    def on_mount(self) -> None:
        """Say which keys there are."""
        self.show_hints()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first time everything has just been styled."""
        if not self.stack_updates:
            event.refresh_styles = False

    def on_resize(self, event: events.Resize) -> None:
        """Tabs come and go with the width."""
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        if self.arrangement.narrow and self.place not in PANES:
            self.arrangement.show("chat")
        if self.focused is None:
            # It was hidden while the terminal was too small.
            self.set_focus(self._had_focus, scroll_visible=False)
        if self.focused is None:
            self.go_to("prompt")
        self.rearranged()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The hints follow the focus, and so does the tab of a narrow deck when the mouse moved it."""
        self._had_focus = event.widget
        place = self.place
        if place in PANES and place != self.arrangement.on:
            self.arrangement.show(place)
            self.rearranged()
        self.show_hints()

    def rearranged(self) -> None:
        """Something about the arrangement changed: subclasses draw what depends on it."""

    @property
    def keymap(self) -> Keymap:
        """Which keys do what."""
        return keymap_of(self.app)

    @property
    def place(self) -> Where:
        """Where the focus is."""
        focused = self.focused
        if focused is None:
            return "deck"
        for name, pane in self.panes.items():
            if focused is pane or pane in focused.ancestors:
                return name  # type: ignore[return-value]  # PANES are places
        if self.furnished and (focused is self.approval or self.approval in focused.ancestors):
            return "approval"
        return "prompt"

    @property
    def pane_in_focus(self) -> Pane | None:
        """The pane with the focus, if one has it."""
        return self.panes.get(self.place)

    async def take_key(self, event: events.Key) -> bool:
        """Do what a key means to the deck, before anything else sees it. True when it is used up."""
        key, pane = pressed(event), self.pane_in_focus
        if self.leading:
            self._lead(False)
            name = self.keymap.name(key, LEADER)
            if name:
                self.used(f"deck.{name}")
                await self.run_action(name)
            return True
        in_pane = pane is not None and pane is self.focused and not pane.finder.typing
        if pane is not None and in_pane and self.keymap.name(key, pane.PLACE, "pane"):
            return False
        name = self.keymap.name(key, "deck")
        # Letters and digits are keys of the deck only in a pane where nobody types.
        if not name or (is_plain(key) and not in_pane):
            return False
        done = await self.app.run_action(name, self)
        if done:
            self.used(f"deck.{name}")
        return done

    def used(self, use: str) -> None:
        """An action (its id) or a slash command was used: subclasses take note."""

    @property
    def something_runs(self) -> bool:
        """Whether there is something to stop; subclasses know what."""
        return False

    def show_hints(self) -> None:
        """Say which keys help where the focus is."""
        here, busy = self.place, self.something_runs
        if self.furnished:
            self.area.set_class(self.approval.is_open and here != "prompt", "-aside")
            self.approval.set_class(here in PANES, "-behind")
        pairs = self.approval.keys if here == "approval" else hints_for(here, self.keymap, busy=busy)
        self.hint_line.show((*self.first_hints(), *(Hint(*pair) for pair in pairs)))

    @on(approval.KeysChanged)
    def _keys_changed(self) -> None:
        self.show_hints()

    def first_hints(self) -> tuple[Hint, ...]:
        """Keys that matter more than those of the place; subclasses know."""
        return ()

    def _reachable(self, name: str) -> bool:
        if name in SIZES:
            return any(divider.axis == SIZES[name] for divider in self.arrangement.dividers)
        pane = name.removeprefix("focus_")
        return pane not in PANES or pane in self.arrangement.present

    def action_leader(self) -> None:
        """Wait for the key that says which pane."""
        self._lead(True)

    def _lead(self, leading: bool) -> None:
        self.leading = leading
        choices = tuple(
            Hint(shown_key(key), action.title.removeprefix("Go to the ").lower())
            for key, action in leader_choices(self.keymap)
            if leading and self._reachable(action.name)
        )
        self.choices.show(self.keymap.first("deck.leader"), choices, self.size.width)

    # Focus and arrangement.

    def go_to(self, place: str) -> bool:
        """Focus a pane or the prompt; an empty pane says so instead."""
        if place not in PANES:
            if self.arrangement.narrow:
                self.arrangement.show("chat")
                self.rearranged()
            open_layer = self.furnished and self.approval.is_open and not self.approval.is_beside
            target: Widget = self.approval if open_layer else self.area.prompt
            self.set_focus(target, scroll_visible=False)
            return True
        if place not in self.arrangement.present:
            self.app.notify(EMPTY_PANES[place], timeout=3)
            return False
        self.arrangement.show(place)
        self.rearranged()
        self.set_focus(self.panes[place], scroll_visible=False)
        return True

    def action_focus_chat(self) -> None:
        """Go to the chat."""
        self.go_to("chat")

    def action_focus_diff(self) -> None:
        """Go to the diff."""
        self.go_to("diff")

    def action_focus_tasks(self) -> None:
        """Go to the tasks."""
        self.go_to("tasks")

    def action_focus_jobs(self) -> None:
        """Go to the jobs."""
        self.go_to("jobs")

    def action_page_up(self) -> None:
        """Scroll what is above the prompt or a request, which keep the focus."""
        self._page("page_up")

    def action_page_down(self) -> None:
        """The same downwards."""
        self._page("page_down")

    def _page(self, move: str) -> None:
        prompt = self.area.prompt
        if self.place == "prompt" and (prompt.has_list or prompt.max_scroll_y):
            raise SkipAction
        name = "chat" if self.arrangement.visible("chat") else self.arrangement.on
        self.panes[name].act(move)

    def action_next_pane(self) -> None:
        """The next of prompt, chat, diff, tasks, jobs."""
        self._walk(1)

    def action_previous_pane(self) -> None:
        """The one before."""
        self._walk(-1)

    def _walk(self, step: int) -> None:
        stops = ["prompt", *(pane for pane in PANES if pane in self.arrangement.present)]
        here = self.place if self.place in stops else "prompt"
        self.go_to(stops[(stops.index(here) + step) % len(stops)])

    def action_zoom(self) -> None:
        """Give the pane in focus all the room, or give it back."""
        self.arrangement.zoom()
        self.rearranged()

    def action_fold_sides(self) -> None:
        """Fold tasks and jobs away, or bring them back."""
        if self.place in ("tasks", "jobs"):
            self.go_to("prompt")
        self.arrangement.fold()
        self.rearranged()

    def action_toggle_tasks(self) -> None:
        """To the task tree, or back to the prompt."""
        self.go_to("prompt" if self.place == "tasks" else "tasks")

    def action_expand_output(self) -> None:
        """Expand or fold all tool output of the chat."""
        self.chat.unfold_all()
