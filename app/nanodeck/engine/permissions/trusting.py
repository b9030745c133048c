"""Asking the person whether what a project brings may steer, and what follows from the answer."""

from __future__ import annotations

import asyncio

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.requests import Answer, Request, TrustDetail
from nanodeck.contracts.rules import Why
from nanodeck.engine.permissions.trust import INSTRUCTIONS, Steering
from nanodeck.engine.session import Session

_UNTIL = "until you trust them, none of them counts"
_ANYMORE = "without them from now on, should you no longer trust them"
_UNREAD = "--trust-directory lets it count this once; the deck asks once and for all"


class Trusting:
    """The question of trust in one session; there is at most one at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._trust = session.setup.trust
        self._found: tuple[Steering, ...] = ()
        self._detail = TrustDetail("")
        self._again = False
        self._waiting: asyncio.Task[Answer] | None = None
        self._request = ""
        self._asked = False

    async def ask(self, *, again: bool = False) -> None:
        """Open the question where there is one; without anybody to ask say what does not count."""
        if self._waiting or (self._asked and not again):
            return
        self._asked = True
        found = await asyncio.to_thread(self._trust.found)
        detail = await asyncio.to_thread(self._trust.question, found, again=again)
        if detail is None:
            if again:
                self._say("info", "nothing in this folder steers nanodeck")
            return
        if not self._session.setup.asks:
            unread = [file.path for file in detail.files if file.what != INSTRUCTIONS]
            if unread:
                self._say(
                    "warning", f"does not count, as the folder is not trusted: {', '.join(unread)}", _UNREAD
                )
            return
        reason = _ANYMORE if all(file.state == "known" for file in detail.files) else _UNTIL
        self._found, self._detail, self._again = found, detail, again
        self._request = self._session.next_id("request")
        request = Request(self._request, MAIN_AGENT, "", detail, Why("ask", reason, "trust"))
        self._waiting = asyncio.create_task(self._session.requests.ask(request), name="trust")

    def is_about(self, request: str) -> bool:
        """Whether `request` is the question of trust."""
        return self._waiting is not None and request == self._request

    async def settle(self) -> bool:
        """Carry out the answer that was given; whether more counts now than before. Raises NanodeckError."""
        assert self._waiting is not None
        answer, self._waiting = await self._waiting, None
        try:
            if answer.choice == "deny":
                await asyncio.to_thread(lambda: self._trust.decline(forget=self._again))
                names = ", ".join(file.path for file in self._detail.files)
                self._say("info", f"does not count in this session: {names}", "/trust asks again")
                return False
            await asyncio.to_thread(self._trust.accept, self._found, lasting=answer.choice == "once")
        except OSError as error:
            raise NanodeckError(f"your answer could not be kept: {error.strerror}") from None
        return True

    async def close(self) -> None:
        """Withdraw the question."""
        waiting, self._waiting = self._waiting, None
        if waiting:
            waiting.cancel()
            await asyncio.wait([waiting])

    def _say(self, level: ev.NoticeLevel, text: str, advice: str = "") -> None:
        self._session.publish(MAIN_AGENT, ev.Noticed(level, text, advice))
