"""The face in lines: what is typed goes to the engine, what happens is said below."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import nullcontext, suppress
from functools import partial
from typing import Any, NamedTuple, TypeVar

from nanodeck import __version__
from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import MAIN_AGENT, AskTrust, Cancel, Command, RunTyped, Send, StopTyped
from nanodeck.contracts.errors import NanodeckError, UsageError
from nanodeck.contracts.link import Delivery, EngineLink
from nanodeck.contracts.mentions import mention_of
from nanodeck.contracts.options import Options
from nanodeck.contracts.preferences import Kept
from nanodeck.contracts.queries import Query, TryRule
from nanodeck.contracts.rules import RuleTrial
from nanodeck.contracts.slash import BARE_EXITS
from nanodeck.contracts.text import clean, one_line
from nanodeck.contracts.views import ReplyEntry, SaidEntry, SessionView, Snapshot
from nanodeck.core.fold import fold
from nanodeck.engine.composition import open_engine
from nanodeck.faces.outcome import EXIT_APPROVAL, EXIT_DONE, EXIT_ERROR, EXIT_INTERRUPTED, EXIT_USAGE
from nanodeck.faces.plain.keyboard import Hear, hiding, listen
from nanodeck.faces.plain.slash import run_slash
from nanodeck.faces.plain.talk import Dialog
from nanodeck.faces.plain.telling import Teller
from nanodeck.faces.plain.waiting import Waiting

AnswerT = TypeVar("AnswerT")
ENDINGS = (signal.SIGTERM, signal.SIGHUP)
READING_SECONDS = 0.4
"""For so long nobody at a keyboard has read a question."""
_CODES: dict[ev.TurnEnd, int] = {"done": EXIT_DONE, "interrupted": EXIT_INTERRUPTED}


def run_plain(options: Options, load_kept: Callable[[], Kept]) -> int:
    """Run the face in lines until it is left; answers the exit code."""
    try:
        link = open_engine(options)
    except NanodeckError as error:
        print(f"nanodeck: {error.message}", *([f"  {error.advice}"] if error.advice else []), sep="\n")
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_ERROR
    try:
        reading = READING_SECONDS if os.isatty(0) else 0.0
        return asyncio.run(PlainFace(options, link, listen, _print, load_kept, reading=reading).run())
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
    """A line, None where there can be no more; `stamp` says which question was open then."""

    text: str | None
    stamp: int


class _Left(Exception):
    """The person leaves."""


class PlainFace:
    """One session in lines: `listen` hands over what is typed, from any thread, `say` puts a line out.

    For `reading` seconds a question takes no answer.
    """

    def __init__(
        self,
        options: Options,
        link: EngineLink,
        listen: Callable[[Hear], None],
        say: Callable[[str], None],
        load_kept: Callable[[], Kept] = Kept,
        *,
        reading: float = 0.0,
    ) -> None:
        self.state = SessionView()
        self.load_kept = load_kept
        self._link = link
        self._listen = listen
        self._say = say
        self._teller = Teller()
        self._typed: deque[_Typed] = deque()
        self._stirred = asyncio.Event()
        self._waiting = Waiting(self, reading, time.monotonic)
        self._dialog: Dialog | None = None
        self._options = options
        self._prompt = options.prompt
        self._pieces: list[str] = []
        self._mentions: tuple[str, ...] = ()
        self._warned = False
        self._ended: int | None = None
        self._deaf = self._sent = False
        self._running = 0
        self._code = 0

    async def run(self) -> int:
        """Say what happens and take lines until the person leaves."""
        loop = asyncio.get_running_loop()
        for number in ENDINGS:
            loop.add_signal_handler(number, self._end, 128 + number)
        loop.add_signal_handler(signal.SIGINT, self._interrupt)
        subscription = self._link.subscribe(lambda urgent: _told_to(loop, self._stirred.set))
        self._listen(partial(_told_to, loop, self._arrived))
        try:
            while self._ended is None:
                await self._stirred.wait()
                self._stirred.clear()
                while deliveries := subscription.drain():
                    self._happened(deliveries)
                self._go_on()
        except (_Left, BrokenPipeError):
            self._end(self._code if self._deaf else EXIT_DONE)
        except OSError as error:
            print(f"nanodeck: nothing more can be said: {error.strerror}", file=sys.stderr)
            self._end(EXIT_ERROR)
        finally:
            subscription.close()
            if self._dialog is not None:
                self._dialog.give_up()
        return self._ended or 0

    def _go_on(self) -> None:
        """One line, if somebody is there to take it, and what was held back for a model."""
        if self._dialog is not None and self._dialog.over:
            dialog, self._dialog = self._dialog, None
            dialog.end()
            if dialog.talked:
                self._waiting.ask()
        if self._dialog is None and self._prompt and self.state.model is not None:
            prompt, self._prompt = self._prompt, ""
            self.send(Send(prompt))
        if self._typed and (self._dialog is None or self._dialog.hears):
            self._take(self._typed.popleft())
            self._stirred.set()
        if self._deaf and not self._works:
            self._end(self._code)

    # What commands need.

    def say(self, *lines: str) -> None:
        """Say lines, cleaned whoever made them."""
        for line in lines:
            self._say(clean(line))

    def send(self, command: Command) -> None:
        """Ask the engine for something."""
        self._sent = self._sent or isinstance(command, Send)
        self._running += isinstance(command, RunTyped)
        self._link.send(command)

    async def query(self, query: Query[AnswerT]) -> AnswerT:
        """Ask the engine a question. Raises NanodeckError."""
        return await self._link.ask(query)

    def look_up(self, query: TryRule, told: Callable[[RuleTrial], None]) -> None:
        """Have the engine answer, and hand its answer on."""

        async def find_out() -> None:
            try:
                told(await self.query(query))
            except NanodeckError as error:
                told(RuleTrial(problem=error.message))

        self._start(find_out())

    async def hear(self, *lines: str, secret: bool = False) -> str:
        """Say lines; the next line that is typed, not shown if it is `secret`."""
        self.say(*lines)
        assert self._dialog is not None
        with hiding() if secret else nullcontext():
            return await self._dialog.line()

    def ask_trust(self) -> None:
        """Ask whether the folder is trusted, with the question that waits if there is one."""
        beside = next((request.id for request in self.state.requests if request.beside), None)
        if beside is None:
            self.send(AskTrust())
        else:
            self._waiting.bring(beside)

    def mention(self, paths: Iterable[str]) -> None:
        """Let files go along with the next message."""
        self._mentions = tuple(dict.fromkeys((*self._mentions, *paths)))

    async def leave(self) -> None:
        """End, after a question if something runs."""
        running = ["the agent's turn"] * bool(self._turn_runs)
        running += [one_line(typed.title) for typed in self.state.agent(MAIN_AGENT).typed]
        running += [f"{job.id} {one_line(job.title)}" for job in self.state.jobs if job.status == "running"]
        if running and not self._deaf:
            asked = (f"Still running: {', '.join(running)}", "  1 or y: end it and leave", "  2 or n: stay")
            if (await self.hear(*asked)).strip().lower() not in ("1", "y"):
                self.say("Staying.")
                return
        raise _Left

    @property
    def _turn_runs(self) -> bool:
        return bool(self.state.agent(MAIN_AGENT).turn)

    @property
    def _works(self) -> bool:
        """Whether something that was asked for here has not ended."""
        return self._sent or self._turn_runs or self._running > 0 or self._dialog is not None

    # What happened.

    def _happened(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            if isinstance(delivery, Snapshot):
                self._begin(delivery.state)
                continue
            self.state = fold(self.state, delivery)
            self.say(*self._teller.tell(delivery))
            self._ask_about(delivery.event)
            match delivery.event:
                case ev.TurnEnded(end=end):
                    self._warned = self._sent = False
                    self._code = _CODES.get(end, EXIT_ERROR) if self._code != EXIT_APPROVAL else self._code
                case ev.TypedEnded():
                    self._running -= 1
                case ev.Noticed(level="error") if not self._turn_runs:
                    self._sent, self._running, self._code = False, 0, EXIT_ERROR
                case _:
                    pass

    def _ask_about(self, event: ev.Event) -> None:
        """A request came, went, or is another one now."""
        match event:
            case ev.RequestOpened(request=request):
                first = self._waiting.open(request, self.state)
                if self._deaf:
                    if self._waiting:
                        self._unanswerable()
                elif not first:
                    self._waiting.say_more()
                elif self._dialog is None or not self._dialog.talked:
                    self._waiting.ask()
                else:
                    self.say("The agent asks something: that comes after this.")
            case ev.RequestClosed(request=request, answer=answer):
                if self._waiting.close(request):
                    self.say("The question is withdrawn." if answer is None else "It was answered elsewhere.")
                    self._waiting.ask()
            case ev.HunksMarked(changeset=changeset) | ev.HunksRevised(changeset=changeset):
                if self._waiting.renew(changeset, self.state, event) and self._dialog is None:
                    self._waiting.ask()
            case ev.CommentWritten() | ev.CommentDropped() | ev.CommentsSent():
                self._waiting.remarked(self.state.comments)
            case _:
                pass

    def _begin(self, state: SessionView) -> None:
        """A session is shown from here on."""
        first, self.state = not self.state.session, state
        if first:
            self.say(f"nanodeck {__version__} in lines, in {clean(state.folder)}")
            self.say("Say what should change; /help lists the commands, /exit leaves.")
        self.say(f"Model: {state.model or 'none yet'}. Mode: {state.mode.value}.")
        for entry in state.agent(MAIN_AGENT).transcript:
            if isinstance(entry, SaidEntry | ReplyEntry) and entry.text.strip():
                self.say(*clean(("You: " if isinstance(entry, SaidEntry) else "") + entry.text).split("\n"))
        self._waiting.begin(state)
        self._waiting.ask()
        if first and (state.model is None or self._options.pick_session):
            self._start(self._first())

    async def _first(self) -> None:
        if self.state.model is None:
            await self._command("/model")
        if self._options.pick_session:
            await self._command("/resume")

    # What the person types.

    def _arrived(self, line: str | None) -> None:
        self._typed.append(_Typed(line, self._waiting.stamp))
        self._stirred.set()

    def _take(self, typed: _Typed) -> None:
        if typed.text is None:
            self._no_more()
            return
        self._warned = False
        question = self._waiting.first if self._dialog is None else None
        if question is not None and question.verbatim:
            self._waiting.answer(typed.text, typed.stamp)
            return
        if typed.text.endswith("\\"):
            self._pieces.append(typed.text[:-1])
            return
        text, self._pieces = "\n".join([*self._pieces, typed.text]), []
        if text.startswith("/") and "\n" not in text:
            self._start(self._command(text))
        elif self._dialog is not None:
            self._dialog.hear(text)
        elif self._waiting.answer(text, typed.stamp):
            pass
        elif text.strip().lower() in BARE_EXITS:
            self._start(self.leave())
        elif text.startswith("!") and text.strip("! "):
            self.send(RunTyped(text.lstrip("!").strip(), joins=not text.startswith("!!")))
        elif self._turn_runs and len(text.strip()) == 1:
            self.say("No question is open: nothing was sent.")
        elif text.strip():
            mentions, self._mentions = self._mentions, ()
            self.send(Send(" ".join((*map(mention_of, mentions), text))))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._dialog is not None:
            self._dialog.give_up()
        self._dialog = Dialog(work, self._stirred.set)

    async def _command(self, line: str) -> None:
        try:
            await run_slash(self, line)
        except NanodeckError as error:
            self.say(f"Error: {error.message}", *([f"  {error.advice}"] if error.advice else []))

    def _no_more(self) -> None:
        """Nothing can be typed any more: what runs comes to its end, what asks cannot be answered."""
        self._deaf = True
        if self._dialog is not None:
            self._dialog.give_up()
        if self._waiting:
            self._unanswerable()

    def _unanswerable(self) -> None:
        self._code = EXIT_APPROVAL
        self.say("Nobody can answer any more: stopping.")
        self.send(Cancel())

    def _interrupt(self) -> None:
        if self._dialog is not None:
            self._dialog.give_up()
            self.say("Given up.")
        elif self._turn_runs:
            self.send(Cancel())
        elif self._running > 0:
            self.send(StopTyped())
        elif self._warned:
            self._end(EXIT_INTERRUPTED)
        else:
            self._warned = True
            self.say("ctrl+c again leaves nanodeck.")

    def _end(self, code: int) -> None:
        self._ended = code
        self._stirred.set()
