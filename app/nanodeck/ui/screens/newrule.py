"""A rule is written by hand, with what it is about seen at once, and kept where the person says."""

from __future__ import annotations

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import TryRule
from nanodeck.contracts.reasons import PLACES, rule_facts, written_rule
from nanodeck.contracts.rules import Rule, RuleTrial
from nanodeck.ui.asking import Asking
from nanodeck.ui.screens.facts import fact_table
from nanodeck.ui.screens.filtered import FilteredScreen
from nanodeck_widgets.glyphs import in_signs

_EXAMPLES = "such as allow bash(npm test *), ask edit(src/**), deny network(example.org)"
_BEGINS = "it begins with allow, ask or deny"


class NewRuleScreen(FilteredScreen[Rule]):
    """Dismissed with the rule, or None."""

    def __init__(self, link: Asking) -> None:
        super().__init__()
        self.add_class("rules")
        self._link = link
        self._rule: Rule | None = None

    def compose(self) -> ComposeResult:
        """Heading, the rule, where it holds, what is known about it, the keys."""
        with Vertical(id="box"):
            yield Static(Text("A rule: allow, ask or deny, and what", style="bold"), markup=False)
            yield Input(placeholder="type a rule", compact=True)
            yield OptionList(*(Option(label) for _, label in PLACES), markup=False)
            yield Static(id="said", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self, event: events.Mount) -> None:
        """Nothing yet."""
        self.query_one("#keys", Static).update(in_signs("↑↓ where it holds · enter keeps it · esc closes"))
        self.fill()

    def fill(self) -> None:
        """Find out what the rule that is written would do; until then it cannot be kept."""
        self._offer(None)
        self._say(_BEGINS if self.words else _EXAMPLES)
        self._try(written_rule(self.words))

    def _offer(self, rule: Rule | None) -> None:
        self._rule = rule
        places = self.query_one(OptionList)
        places.display = rule is not None
        places.highlighted = None if rule is None else 0

    @work(exclusive=True)
    async def _try(self, rule: Rule | None) -> None:
        if rule is None:
            return
        try:
            trial = await self._link.ask(TryRule(rule.text))
        except NanodeckError as error:
            trial = RuleTrial(problem=error.message)
        self._offer(None if trial.problem else rule)
        self.query_one("#said", Static).update(fact_table(self.app, rule_facts("", trial)))

    def _say(self, words: str) -> None:
        self.query_one("#said", Static).update(Text(words))

    def picked(self, place: int) -> Rule | None:
        """The rule, to be kept at `place`."""
        assert self._rule is not None
        scope, _ = PLACES[place]
        return Rule(self._rule.verdict, self._rule.text, scope=scope)
