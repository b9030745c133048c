"""Which hosts confined commands reach: those that are allowed, and those the person lets them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nanodeck.contracts.requests import Request, ToolDetail
from nanodeck.contracts.rules import Why
from nanodeck.core.hosts import checked_host
from nanodeck.engine.requests import Requests

TOOL = "network"


class Hosts:
    """The hosts of a session. `asks`: there is somebody to be asked; `changed` is told of every new one."""

    def __init__(
        self, requests: Requests, next_id: Callable[[str], str], changed: Callable[[], None], *, asks: bool
    ) -> None:
        self._requests = requests
        self._next_id = next_id
        self._changed = changed
        self._asks = asks
        self._allowed: set[str] = set()
        self._answered: dict[tuple[str, str], bool] = {}
        self._asking = asyncio.Lock()

    @property
    def allowed(self) -> tuple[str, ...]:
        """Those that every command reaches."""
        return tuple(sorted(self._allowed))

    def any_for(self, call: str) -> bool:
        """Whether the command of a call reaches any host."""
        return bool(self._allowed) or any(known == call and may for (known, _), may in self._answered.items())

    async def may(self, agent: str, call: str, host: str) -> bool:
        """Whether the command of a call reaches `host`, after the person was asked, once for each call."""
        try:
            host = checked_host(host)
        except ValueError:
            return False
        async with self._asking:
            if host in self._allowed:
                return True
            if (call, host) not in self._answered:
                self._answered[call, host] = self._asks and await self._ask(agent, call, host)
            return self._answered[call, host]

    async def _ask(self, agent: str, call: str, host: str) -> bool:
        why = Why(
            "ask", f"the sandbox has no network, and the command wants to reach {host}", "sandbox.network"
        )
        detail = ToolDetail(TOOL, host)
        suggestion = f"{TOOL}({host})"
        answer = await self._requests.ask(
            Request(self._next_id("request"), agent, call, detail, why, suggestion)
        )
        if answer.choice == "session":
            self._allowed.add(host)
            self._changed()
        return answer.choice != "deny"
