"""Asking the person whether what a project brings may steer, and what follows from the answer."""

from __future__ import annotations

import asyncio
from typing import Literal

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.requests import Answer, Choice, Request, TrustDetail
from nanodeck.engine.permissions.trust import INSTRUCTIONS, Steering
from nanodeck.engine.session import Session

_UNTRUSTED = "this folder is not trusted: what may run its programs asks"
_UNREAD = "--trust-directory lets it count this once; the deck asks once and for all"

Counts = Literal["more", "less", "same"]
"""How much of what a folder brings counts, beside what did before."""


class Trusting:
    """The question of trust in one session; there is at most one at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._trust = session.setup.trust
        self._found: tuple[Steering, ...] = ()
        self._detail = TrustDetail("")
        self._waiting: asyncio.Task[Answer] | None = None
        self._request = ""
        self._asked = False

    async def ask(self, *, wanted: bool = False) -> None:
        """Open the question where there is one; without anybody to ask say what does not count."""
        if self._waiting or (self._asked and not wanted):
            return
        self._asked = True
        found = await asyncio.to_thread(self._trust.found)
        detail = await asyncio.to_thread(self._trust.question, found, wanted=wanted)
        if detail is None:
            return
        if not self._session.setup.asks:
            unread = [file.path for file in detail.files if file.what != INSTRUCTIONS]
            if unread:
                self._say(
                    "warning", f"does not count, as the folder is not trusted: {', '.join(unread)}", _UNREAD
                )
            return
        self._found, self._detail = found, detail
        self._request = self._session.next_id("request")
        request = Request(self._request, MAIN_AGENT, "", detail)
        self._waiting = asyncio.create_task(self._session.requests.ask(request), name="trust")

    def is_about(self, request: str) -> bool:
        """Whether `request` is the question of trust."""
        return self._waiting is not None and request == self._request

    async def settle(self) -> Counts:
        """Carry out the answer that was given; how much counts now. Raises NanodeckError."""
        assert self._waiting is not None
        answer, self._waiting = await self._waiting, None
        try:
            counts = await asyncio.to_thread(self._settled, answer.choice)
        except OSError as error:
            raise NanodeckError(f"your answer could not be kept: {error.strerror}") from None
        if answer.choice == "deny":
            names = ", ".join(file.path for file in self._detail.files)
            said = f"does not count in this session: {names}" if names else _UNTRUSTED
            self._say("info", said, "/trust asks again")
        return counts

    def _settled(self, choice: Choice) -> Counts:
        trust, detail, lasting = self._trust, self._detail, choice == "once"
        if detail.whole and not lasting:
            trust.forget()
        if choice == "deny":
            trust.decline()
            return "less" if detail.whole and detail.trusted else "same"
        trust.accept(self._found, lasting=lasting)
        return "more" if any(file.state != "known" for file in detail.files) else "same"

    async def close(self) -> None:
        """Withdraw the question."""
        waiting, self._waiting = self._waiting, None
        if waiting:
            waiting.cancel()
            await asyncio.wait([waiting])

    def _say(self, level: ev.NoticeLevel, text: str, advice: str = "") -> None:
        self._session.publish(MAIN_AGENT, ev.Noticed(level, text, advice))
