"""Which hosts confined commands reach: those that rules allow, and those the person lets them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.events import Event, Noticed
from nanodeck.contracts.requests import Answer, NetworkDetail, Request
from nanodeck.contracts.rules import Rule, Why
from nanodeck.contracts.views import SessionView
from nanodeck.core.hosts import checked_host
from nanodeck.core.rules import Piece, parse_rule
from nanodeck.engine.permissions.rulebook import RuleBook
from nanodeck.engine.requests import Requests

NETWORK = "network"


class Asker(NamedTuple):
    """The call on whose behalf somebody is asked: its agent, its id, the `command` it runs in `folder`."""

    agent: str
    call: str
    command: str = ""
    folder: str = ""


class Hosts:
    """The hosts of a session, whose `state` is as of now; `asks`: there is somebody to be asked."""

    def __init__(
        self,
        rules: RuleBook,
        requests: Requests,
        next_id: Callable[[str], str],
        state: Callable[[], SessionView],
        publish: Callable[[Event], None],
        *,
        asks: bool,
    ) -> None:
        self._rules = rules
        self._requests = requests
        self._next_id = next_id
        self._state = state
        self._publish = publish
        self._asks = asks
        self._answered: dict[tuple[str, str], Answer] = {}
        self._asking = asyncio.Lock()

    @property
    def allowed(self) -> tuple[str, ...]:
        """What the rules say of hosts that every command reaches: names, or `*.` and what they are below."""
        allowing = (rule.text for rule in self._rules.rules if rule.verdict == "allow")
        patterns = (parse_rule(text) for text in allowing if text.startswith(NETWORK))
        return tuple(dict.fromkeys(pattern.target for pattern in patterns if pattern.tool == NETWORK))

    def any_for(self, call: str) -> bool:
        """Whether the command of a call reaches any host."""
        answers = (answer for (known, _), answer in self._answered.items() if known == call)
        return bool(self.allowed) or any(answer.choice != "deny" for answer in answers)

    async def may(self, asker: Asker, host: str) -> bool:
        """Whether the command of a call reaches `host`, after the person was asked, once for each call."""
        try:
            host = checked_host(host)
        except ValueError:
            return False
        async with self._asking:
            verdict = self._ruled(host)
            if verdict != "ask":
                return verdict == "allow"
            known = asker.call, host
            if known not in self._answered:
                self._answered[known] = await self._ask(asker, host) if self._asks else Answer("deny")
            return self._answered[known].choice != "deny"

    def said(self, call: str, host: str) -> str:
        """What the person wrote when they did not let the command of a call reach `host`."""
        answer = self._answered.get((call, host))
        return answer.message if answer else ""

    def _ruled(self, host: str) -> str:
        rules, mode = self._rules.ruleset, self._state().mode
        about = mode, NETWORK, "execute", (Piece(host),)
        if rules.touching("deny", *about):
            return "deny"
        return "allow" if not rules.touching("ask", *about) and rules.allowing(*about) else "ask"

    async def _ask(self, asker: Asker, host: str) -> Answer:
        why = Why("ask", f"commands have no network, and one wants to reach {host}", "sandbox.network")
        rule, detail = f"{NETWORK}({host})", NetworkDetail(host, asker.command, asker.folder)
        answer = await self._requests.ask(
            Request(self._next_id("request"), asker.agent, asker.call, detail, why, rule)
        )
        if answer.choice in ("session", "project", "user"):
            try:
                await self._rules.add(Rule("allow", (answer.rule or rule).strip(), scope=answer.choice))
            except NanodeckError as error:
                # It holds for this command all the same.
                self._publish(Noticed("error", error.message, error.advice))
        return answer
