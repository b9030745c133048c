"""Rules, from the keys to commands: kept at a request, listed, written, and asked why one decided."""

from __future__ import annotations

from textual import on, work

from nanodeck.contracts.commands import MAIN_AGENT, AddRule
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.queries import TryRule
from nanodeck.contracts.reasons import why_facts
from nanodeck.contracts.rules import RuleTrial
from nanodeck.contracts.views import ToolEntry
from nanodeck.ui.dialogs.dialog import dialog
from nanodeck.ui.screens.asking import Asking
from nanodeck_widgets.approval import messages
from nanodeck_widgets.chat.pane import ChatPane


class Ruling(Asking):
    """Finds out about rules, lists them, keeps new ones."""

    @on(messages.RuleWritten)
    def _rule_written(self, message: messages.RuleWritten) -> None:
        self._try_rule(TryRule(message.rule, message.request))

    @work(exclusive=True, group="try-rule")
    async def _try_rule(self, query: TryRule) -> None:
        try:
            trial = await self.host.ask(query)
        except NanodeckError as error:
            trial = RuleTrial(problem=error.message)
        self.approval.try_out(query.rule, trial)

    @dialog
    async def list_rules(self, words: str) -> None:
        """The rules, until nothing more is to be done with them."""
        from nanodeck.ui.dialogs.rules import RulesScreen

        while wanted := await self.app.push_screen_wait(RulesScreen(self.host, self.host.send, words)):
            match wanted:
                case "add":
                    await self._write_rule()
                case "test":
                    await self._try_command("")
                case "scan":
                    await self._propose()

    @dialog
    async def propose_rules(self) -> None:
        """Rules that past answers speak for."""
        await self._propose()

    @dialog
    async def try_command(self, command: str) -> None:
        """What would be decided on a command."""
        await self._try_command(command)

    async def _write_rule(self) -> None:
        from nanodeck.ui.dialogs.newrule import NewRuleScreen

        if rule := await self.app.push_screen_wait(NewRuleScreen(self.host)):
            self.host.send(AddRule(rule))

    async def _try_command(self, command: str) -> None:
        from nanodeck.ui.dialogs.tryout import TryoutScreen

        await self.app.push_screen_wait(TryoutScreen(self.host, self.session.mode, command))

    async def _propose(self) -> None:
        from nanodeck.ui.dialogs.proposed import ProposedScreen

        for rule in await self.app.push_screen_wait(ProposedScreen(self.host)):
            self.host.send(AddRule(rule))

    @on(ChatPane.WhyWanted)
    def _why_wanted(self, message: ChatPane.WhyWanted) -> None:
        entries = self.session.agent(MAIN_AGENT).transcript
        entry = next((one for one in reversed(entries) if one.id == message.call_id), None)
        if isinstance(entry, ToolEntry):
            self.show_why(entry)

    def show_why(self, entry: ToolEntry) -> None:
        """Which rule decided on a call."""
        from nanodeck.ui.dialogs.facts import FactsScreen

        self.app.push_screen(FactsScreen("Why", why_facts(entry)))
