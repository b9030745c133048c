"""`/permissions`: the rules that hold and where each stands: filter, delete, and what else there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

from rich.text import Text
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.commands import Command, DeleteRule
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import ListRules
from nanodeck.contracts.reasons import modes_of, origin_of
from nanodeck.contracts.rules import Rule
from nanodeck.contracts.text import counted, one_line
from nanodeck.ui.asking import Asking
from nanodeck.ui.dialogs.steplist import StepList
from nanodeck_widgets.approval.marks import mark_of
from nanodeck_widgets.glyphs import glyphs, in_signs
from nanodeck_widgets.palette import palette_of

LINE_LENGTH = 400
_EMPTY = "No rules yet. A at a command that asks makes one from it; a writes one here."
_KEYS = "t tests a command · a adds a rule · s looks into past sessions · esc closes"
Wanted = Literal["add", "test", "scan"]


class RulesScreen(ModalScreen[Wanted | None]):
    """Dismissed with what the person wants beside the list. `words` filter it from the start."""

    AUTO_FOCUS = "StepList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", priority=True),
        Binding("slash", "filter", "filter"),
        Binding("d,delete", "delete", "delete"),
        Binding("t", "want('test')", "test a command"),
        Binding("a", "want('add')", "add"),
        Binding("s", "want('scan')", "scan past sessions"),
    ]

    def __init__(self, link: Asking, send: Callable[[Command], None], words: str = "") -> None:
        super().__init__(classes="dialog picker rules")
        self._link = link
        self._send = send
        self._words = words
        self._rules: tuple[Rule, ...] = ()
        self._shown: list[Rule] = []
        self._deleting: Rule | None = None

    def compose(self) -> ComposeResult:
        """Heading, filter, the rules, what is to be said, the keys."""
        with Vertical(id="box"):
            yield Static(Text("Rules: deny comes before ask, ask before allow", style="bold"), markup=False)
            yield Input(self._words, placeholder="type to filter", compact=True)
            yield StepList(markup=False)
            yield Static(id="said", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """All of them, or those that were asked for."""
        self._filter.display = bool(self._words)
        self._say("reading …")
        self._read(0)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _filter(self) -> Input:
        return self.query_one(Input)

    @work(exclusive=True)
    async def _read(self, place: int) -> None:
        try:
            self._rules = await self._link.ask(ListRules())
        except NanodeckError as error:
            self._fill(0)
            self._say(f"the rules cannot be read: {one_line(error.message, 500)}", error=True)
            return
        self._fill(place)

    def _fill(self, place: int) -> None:
        wanted = self._filter.value.lower().split()
        self._shown = [rule for rule in self._rules if all(word in _searched(rule) for word in wanted)]
        options = self._list
        options.clear_options()
        options.add_options([Option(self._row(rule)) for rule in self._shown])
        options.display = bool(self._shown)
        options.highlighted = min(place, len(self._shown) - 1) if self._shown else None
        if not self._filter.has_focus:
            options.focus()
        self._say(self._summary())
        there = "/ filters · d deletes · " if self._shown else ""
        self.query_one("#keys", Static).update(in_signs(there + _KEYS))

    def _summary(self) -> str:
        if not self._rules:
            return _EMPTY
        if not self._shown:
            return f"nothing fits “{self._filter.value}”: take a letter away"
        of = f" of {len(self._rules):,}" if len(self._shown) < len(self._rules) else ""
        return counted(len(self._shown), "rule") if not of else f"{len(self._shown):,}{of} rules"

    def _row(self, rule: Rule) -> Text:
        palette = palette_of(self.app)
        _, style = mark_of(rule.verdict, palette, glyphs())
        row = Text.assemble((f"{rule.verdict:<7}", style), (one_line(rule.text, LINE_LENGTH), "bold"))
        row.append(f"  {modes_of(rule)}" if rule.modes else "", palette.muted)
        return row.append(f"\n       {one_line(origin_of(rule), LINE_LENGTH)}", palette.muted)

    def _say(self, words: str, *, error: bool = False) -> None:
        line = self.query_one("#said", Static)
        line.update(Text(in_signs(words)))
        line.set_class(error, "-error")

    # What the person does.

    def action_close(self) -> None:
        """From the filter back to all rules, from there to the deck."""
        if not self._filter.has_focus:
            self.dismiss(None)
            return
        self._filter.value = ""
        self._filter.display = False
        self._list.focus()

    def action_filter(self) -> None:
        """Type what rules must have in them."""
        self._filter.display = True
        self._filter.focus()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._fill(0)

    @on(Input.Submitted)
    def _entered(self) -> None:
        self._list.focus()

    def action_want(self, what: Wanted) -> None:
        """Something beside the list."""
        self.dismiss(what)

    def action_delete(self) -> None:
        """Delete the rule; the first time it is only said."""
        place = self._list.highlighted
        if place is None:
            return
        rule = self._shown[place]
        if self._deleting != rule:
            self._deleting = rule
            self._say(f"d again deletes {one_line(rule.text, 80)} ({one_line(origin_of(rule))})")
        else:
            self._send(DeleteRule(rule))
            self._read(place)

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._deleting = None


def _searched(rule: Rule) -> str:
    return f"{rule.verdict} {rule.text} {modes_of(rule)} {origin_of(rule)}".lower()
