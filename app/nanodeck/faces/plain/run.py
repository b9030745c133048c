"""The face in lines: what is typed goes to the engine, what happens is said below."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import NamedTuple, TypeVar

from nanodeck import __version__
from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT, Cancel, Command, RunTyped, Send, StopTyped
from nanodeck.contracts.errors import NanodeckError, UsageError
from nanodeck.contracts.link import Delivery, EngineLink
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import Query
from nanodeck.contracts.requests import Request, ReviewDetail
from nanodeck.contracts.slash import BARE_EXITS
from nanodeck.contracts.text import clean, one_line
from nanodeck.contracts.views import ReplyEntry, SaidEntry, SessionView, Snapshot
from nanodeck.core.fold import fold
from nanodeck.engine.composition import open_engine
from nanodeck.faces.outcome import EXIT_APPROVAL, EXIT_DONE, EXIT_ERROR, EXIT_INTERRUPTED, EXIT_USAGE
from nanodeck.faces.plain.keyboard import Hear, listen
from nanodeck.faces.plain.questions import NO_CHOICE, Approval, Question, Review, Step
from nanodeck.faces.plain.slash import run_slash
from nanodeck.faces.plain.telling import Teller

AnswerT = TypeVar("AnswerT")
ENDINGS = (signal.SIGTERM, signal.SIGHUP)
_CODES: dict[ev.TurnEnd, int] = {"done": EXIT_DONE, "interrupted": EXIT_INTERRUPTED}


def run_plain(options: Options) -> int:
    """Run the face in lines until it is left; answers the exit code."""
    try:
        link = open_engine(options)
    except NanodeckError as error:
        print(f"nanodeck: {error.message}", *([f"  {error.advice}"] if error.advice else []), sep="\n")
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_ERROR
    try:
        return asyncio.run(PlainFace(options, link, listen, _print).run())
    finally:
        link.close()


def _told_to(loop: asyncio.AbstractEventLoop, do: Callable[..., object], *arguments: object) -> None:
    """Have something done on `loop`, from any thread; nothing once it has ended."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(do, *arguments)


def _print(line: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "replace").decode(encoding), flush=True)


class _Typed(NamedTuple):
    """A line, and how many questions had been asked when it arrived."""

    text: str
    asked: int


class _Stay(NamedTuple):
    """The question before leaving."""

    running: tuple[str, ...]

    def lines(self) -> list[str]:
        """What would end."""
        return [f"Still running: {', '.join(self.running)}", "  1 or y: end it and leave", "  2 or n: stay"]

    def take(self, line: str) -> Step:
        """Yes or no."""
        if line.strip().lower() in ("1", "y"):
            raise _Left
        return Step(over=True, said="Staying.") if line.strip() else Step(said=NO_CHOICE)


class _Left(Exception):
    """The person leaves."""


class PlainFace:
    """One session in lines: `listen` hands over what is typed, from any thread, `say` puts a line out."""

    def __init__(
        self, options: Options, link: EngineLink, listen: Callable[[Hear], None], say: Callable[[str], None]
    ) -> None:
        self.state = SessionView()
        self._options = options
        self._link = link
        self._listen = listen
        self._say = say
        self._teller = Teller()
        self._inbox: asyncio.Queue[_Typed | None] = asyncio.Queue()
        self._stirred = asyncio.Event()
        self._questions: dict[str, Question] = {}
        self._asked = 0
        self._pieces: list[str] = []
        self._warned = False
        self._ended: int | None = None
        self._deaf = self._sent = False
        self._typed = 0
        self._code = 0

    async def run(self) -> int:
        """Say what happens and take lines until the person leaves."""
        loop = asyncio.get_running_loop()
        for number in ENDINGS:
            loop.add_signal_handler(number, self._end, 128 + number)
        loop.add_signal_handler(signal.SIGINT, self._interrupt)

        subscription = self._link.subscribe(lambda urgent: _told_to(loop, self._stirred.set))
        self._listen(partial(_told_to, loop, self._arrived))
        typed = asyncio.ensure_future(self._inbox.get())
        stirred = asyncio.ensure_future(self._stirred.wait())
        try:
            while self._ended is None:
                await asyncio.wait((typed, stirred), return_when=asyncio.FIRST_COMPLETED)
                if stirred.done():
                    self._stirred.clear()
                    while deliveries := subscription.drain():
                        await self._happened(deliveries)
                    stirred = asyncio.ensure_future(self._stirred.wait())
                elif typed.done():
                    await self._take(typed.result())
                    typed = asyncio.ensure_future(self._inbox.get())
        except (_Left, BrokenPipeError):
            self._end(self._code if self._deaf else EXIT_DONE)
        except OSError as error:
            print(f"nanodeck: nothing more can be said: {error.strerror}", file=sys.stderr)
            self._end(EXIT_ERROR)
        finally:
            subscription.close()
            typed.cancel()
            stirred.cancel()
        return self._ended or 0

    # What commands need.

    def say(self, *lines: str) -> None:
        """Say lines, cleaned whoever made them."""
        for line in lines:
            self._say(clean(line))

    def send(self, command: Command) -> None:
        """Ask the engine for something."""
        self._sent = self._sent or isinstance(command, Send)
        self._typed += isinstance(command, RunTyped)
        self._link.send(command)

    async def query(self, query: Query[AnswerT]) -> AnswerT:
        """Ask the engine a question. Raises NanodeckError."""
        return await self._link.ask(query)

    def wait_for(self, question: Question) -> None:
        """Let the next line answer `question`, before all that waited already."""
        self._questions = {"": question, **{name: one for name, one in self._questions.items() if name}}
        self._ask()

    def leave(self) -> None:
        """End, after a question if something runs."""
        running = ["the agent's turn"] * bool(self._turn_runs)
        running += [one_line(typed.title) for typed in self.state.agent(MAIN_AGENT).typed]
        running += [f"{job.id} {one_line(job.title)}" for job in self.state.jobs if job.status == "running"]
        if running:
            self.wait_for(_Stay(tuple(running)))
        else:
            raise _Left

    @property
    def _turn_runs(self) -> bool:
        return bool(self.state.agent(MAIN_AGENT).turn)

    @property
    def _works(self) -> bool:
        """Whether something that was asked for here has not ended."""
        return self._sent or self._turn_runs or self._typed > 0

    # What happened.

    async def _happened(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            if isinstance(delivery, Snapshot):
                await self._begin(delivery.state)
                continue
            self.state = fold(self.state, delivery)
            self.say(*self._teller.tell(delivery))
            match delivery.event:
                case ev.RequestOpened(request=request):
                    self._request(request)
                case ev.RequestClosed(request=request, answer=answer):
                    self._closed(request, withdrawn=answer is None)
                case ev.TurnEnded(end=end):
                    self._warned = self._sent = False
                    self._code = _CODES.get(end, EXIT_ERROR) if self._code != EXIT_APPROVAL else self._code
                case ev.TypedEnded():
                    self._typed -= 1
                case ev.Noticed(level="error") if not self._turn_runs:
                    self._sent, self._typed, self._code = False, 0, EXIT_ERROR
                case _:
                    pass
            if self._deaf and not self._works:
                self._end(self._code)

    async def _begin(self, state: SessionView) -> None:
        """A session is shown from here on."""
        first, self.state = not self.state.session, state
        if first:
            self.say(f"nanodeck {__version__} in lines, in {clean(state.folder)}")
            self.say("Say what should change; /help lists the commands, /exit leaves.")
        self.say(f"Model: {state.model or 'none yet'}. Mode: {state.mode.value}.")
        for entry in state.agent(MAIN_AGENT).transcript:
            if isinstance(entry, SaidEntry | ReplyEntry) and entry.text.strip():
                self.say(*clean(("You: " if isinstance(entry, SaidEntry) else "") + entry.text).split("\n"))
        self._questions = {}
        for request in state.requests:
            self._request(request)
        if first:
            await self._first(state)

    async def _first(self, state: SessionView) -> None:
        if state.model is None:
            await self._slash("/model")
        if self._options.pick_session:
            await self._slash("/resume")
        if self._options.prompt:
            self.send(Send(self._options.prompt))

    def _request(self, request: Request) -> None:
        question: Question = Approval(request)
        if isinstance(request.detail, ReviewDetail):
            views = [view for view in self.state.reviews if view.request == request.id]
            if not views:
                return
            question = Review(request.id, views[0])
        self._questions[request.id] = question
        if self._deaf:
            self._unanswerable()
        elif len(self._questions) == 1:
            self._ask()
        else:
            self.say(f"{len(self._questions)} questions wait; the others come after this one.")

    def _closed(self, request: str, *, withdrawn: bool) -> None:
        if self._questions.pop(request, None) is not None and withdrawn:
            self.say("The question is withdrawn.")
            self._ask()

    def _ask(self) -> None:
        """Ask what waits first."""
        if self._questions:
            self._asked += 1
            self.say(*next(iter(self._questions.values())).lines())

    # What the person types.

    def _arrived(self, line: str | None) -> None:
        self._inbox.put_nowait(None if line is None else _Typed(line, self._asked))

    async def _take(self, typed: _Typed | None) -> None:
        if typed is None:
            self._no_more()
            return
        self._warned = False
        if typed.text.endswith("\\"):
            self._pieces.append(typed.text[:-1])
            return
        text, self._pieces = "\n".join([*self._pieces, typed.text]), []
        if text.startswith("/") and "\n" not in text:
            await self._slash(text)
        elif self._questions and typed.asked == self._asked:
            self._answer(text)
        elif text.strip().lower() in BARE_EXITS:
            self.leave()
        elif text.startswith("!") and text.strip("! "):
            self.send(RunTyped(text.lstrip("!").strip(), joins=not text.startswith("!!")))
        elif text.strip():
            self.send(Send(text))

    def _answer(self, text: str) -> None:
        name, question = next(iter(self._questions.items()))
        step = question.take(text)
        for command in step.commands:
            self.send(command)
        if step.said:
            self.say(step.said)
        if step.over:
            self._questions.pop(name, None)
            self._ask()
        elif step.said != NO_CHOICE:
            self.say(*question.lines())

    async def _slash(self, line: str) -> None:
        try:
            await run_slash(self, line)
        except NanodeckError as error:
            self.say(f"Error: {error.message}", *([f"  {error.advice}"] if error.advice else []))

    def _no_more(self) -> None:
        """Nothing can be typed any more: what runs comes to its end, what asks cannot be answered."""
        self._deaf = True
        if not self._works:
            raise _Left
        if any(self._questions):
            self._unanswerable()

    def _unanswerable(self) -> None:
        self._code = EXIT_APPROVAL
        self.say("Nobody can answer any more: stopping.")
        self.send(Cancel())

    def _interrupt(self) -> None:
        if self._turn_runs:
            self.send(Cancel())
        elif self._typed > 0:
            self.send(StopTyped())
        elif self._warned:
            self._end(EXIT_INTERRUPTED)
        else:
            self._warned = True
            self.say("ctrl+c again leaves nanodeck.")

    def _end(self, code: int) -> None:
        self._ended = code
        self._stirred.set()
