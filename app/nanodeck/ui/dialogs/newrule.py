"""A rule is written by hand, with what it is about seen at once, and kept where the person says."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import TryRule
from nanodeck.contracts.reasons import PLACES, rule_facts, written_rule
from nanodeck.contracts.rules import Rule, RuleTrial
from nanodeck.ui.asking import Asking
from nanodeck.ui.dialogs.facts import FactPane, fact_table
from nanodeck.ui.dialogs.filtered import FilteredScreen
from nanodeck_widgets.glyphs import in_signs

_EXAMPLES = "such as allow bash(npm test *), ask edit(src/**), deny network(example.org)"
_BEGINS = "it begins with allow, ask or deny"


class NewRuleScreen(FilteredScreen[Rule]):
    """Dismissed with the rule, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [*FactPane.PAGING]

    def __init__(self, link: Asking) -> None:
        super().__init__()
        self.add_class("rules")
        self._link = link
        self._rule: Rule | None = None
        self._facts = FactPane(beside=10)

    def compose(self) -> ComposeResult:
        """Heading, the rule, where it holds, what is known about it, the keys."""
        with Vertical(id="box"):
            yield Static(Text("A rule: allow, ask or deny, and what", style="bold"), markup=False)
            yield Input(placeholder="type a rule", compact=True)
            yield OptionList(*(Option(label) for _, label in PLACES), markup=False)
            yield self._facts
            yield Static(id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """Nothing yet."""
        self.fill()

    def fill(self) -> None:
        """Find out what the rule that is written would do; until then it cannot be kept."""
        self._offer(None)
        self._facts.show(Text(_BEGINS if self.words else _EXAMPLES))
        self._try(written_rule(self.words))

    def _offer(self, rule: Rule | None) -> None:
        self._rule = rule
        places = self.query_one(OptionList)
        places.display = rule is not None
        places.highlighted = None if rule is None else 0
        keys = "↑↓ where it holds · enter keeps it · " if rule else ""
        self.query_one("#keys", Static).update(in_signs(f"{keys}esc closes"))

    @work(exclusive=True)
    async def _try(self, rule: Rule | None) -> None:
        if rule is None:
            return
        try:
            trial = await self._link.ask(TryRule(rule.text))
        except NanodeckError as error:
            trial = RuleTrial(problem=error.message)
        self._offer(None if trial.problem else rule)
        self._facts.show(fact_table(self.app, rule_facts("", trial)))

    def action_page(self, pages: int) -> None:
        """Scroll what is known about the rule."""
        self._facts.page(pages)

    def picked(self, place: int) -> Rule | None:
        """The rule, to be kept at `place`."""
        assert self._rule is not None
        scope, _ = PLACES[place]
        return Rule(self._rule.verdict, self._rule.text, scope=scope)
