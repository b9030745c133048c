"""An engine that only answers queries, for screens that only ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar, TypeVar, cast

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from nanodeck.contracts.queries import Query
from nanodeck.ui.styles import deck_sheets, dialog_sheets
from tests.flows.keyboard import settle

AnswerT = TypeVar("AnswerT")


class Answering:
    """Answers by the type of the query: with a value, an error to raise, or what a function gives."""

    def __init__(self, answers: dict[type[Query[Any]], object]) -> None:
        self.answers = answers
        self.asked: list[Query[Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, query: Query[AnswerT]) -> AnswerT:
        self.asked.append(query)
        await self.gate.wait()
        answer = self.answers[type(query)]
        if callable(answer):
            answer = cast(Callable[[Query[AnswerT]], object], answer)(query)
        if isinstance(answer, Exception):
            raise answer
        return cast(AnswerT, answer)


class ScreenStage(App[None]):
    """Shows one screen and keeps what it was dismissed with."""

    CSS_PATH: ClassVar = [*deck_sheets(), *dialog_sheets()]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []

    def drawn(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@asynccontextmanager
async def screen_stage(
    screen: Screen[Any], width: int = 80, height: int = 24
) -> AsyncIterator[tuple[ScreenStage, Pilot[None]]]:
    """`screen` on top, its first answers shown."""
    app = ScreenStage()
    async with app.run_test(size=(width, height)) as pilot:
        app.push_screen(screen, app.results.append)
        await settled(app, pilot)
        yield app, pilot


async def settled(app: ScreenStage, pilot: Pilot[None]) -> None:
    """Everything that was asked is answered and shown."""
    await settle(pilot)
