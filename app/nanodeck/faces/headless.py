"""The face without a screen: one prompt in, the answer (or JSON, or events) out."""

from __future__ import annotations

import os
import select
import signal
import sys
from typing import Any

import msgspec

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import Cancel, Send
from nanodeck.contracts.errors import NanodeckError, UsageError
from nanodeck.contracts.link import EngineLink
from nanodeck.contracts.messages import UserMessage, attached_words
from nanodeck.contracts.options import Options
from nanodeck.contracts.text import clean
from nanodeck.engine.composition import open_engine
from nanodeck.faces.doorbell import Doorbell
from nanodeck.faces.outcome import EXIT_ERROR, EXIT_INTERRUPTED, EXIT_USAGE, Outcome
from nanodeck.faces.printing import print_nowhere

STDIN_SECONDS = 3.0
"""How long a silent pipe on stdin is waited for when there is a prompt anyway."""


def run_headless(options: Options) -> int:
    """Run one prompt to its end; answers the exit code."""
    try:
        prompt = _with_stdin(options.prompt, quiet=options.quiet)
        if not prompt.strip():
            print("nanodeck: there is no prompt: nanodeck -p PROMPT, or pipe one in", file=sys.stderr)
            return EXIT_USAGE
        link = open_engine(options)
    except UsageError as error:
        print(f"nanodeck: {error.message}", file=sys.stderr)
        return EXIT_USAGE
    except NanodeckError as error:
        return _not_started(error, options)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    bell = Doorbell()
    try:
        return _Run(options, link, bell).run(prompt)
    finally:
        link.close()
        bell.close()


def _not_started(error: NanodeckError, options: Options) -> int:
    """Say why nothing could be run, as one object where that is asked for."""
    print(f"nanodeck: {error.message}", file=sys.stderr)
    if error.advice:
        print(f"  {error.advice}", file=sys.stderr)
    if options.output_format == "json":
        outcome = Outcome()
        outcome.fail(error.message)
        print(msgspec.json.encode(outcome.as_json(EXIT_ERROR)).decode())
    return EXIT_ERROR


def _with_stdin(prompt: str, *, quiet: bool) -> str:
    """The prompt and what is piped in."""
    if sys.stdin is None or sys.stdin.closed or os.isatty(0):
        return prompt
    if prompt:
        ready, _, _ = select.select([0], [], [], STDIN_SECONDS)
        if not ready:
            if not quiet:
                print("nanodeck: nothing came on stdin, going on without it", file=sys.stderr)
            return prompt
    piped = sys.stdin.buffer.read().decode("utf-8", "replace").strip("\n")
    return "\n\n".join(part for part in (prompt, piped) if part)


class _Run:
    """One prompt on its way."""

    def __init__(self, options: Options, link: EngineLink, bell: Doorbell) -> None:
        self._options = options
        self._link = link
        self._bell = bell
        self._outcome = Outcome()
        self._interrupted = self._unwritten = False
        self._told: set[str] = set()
        self._encode = msgspec.json.Encoder().encode

    def run(self, prompt: str) -> int:
        """Send the prompt, follow the events, print the result."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._interrupt)
        subscription = self._link.subscribe(lambda urgent: self._bell.ring())
        self._link.send(Send(prompt))
        while not self._outcome.ended:
            self._bell.wait()
            while subscription.pending and not self._outcome.ended:
                for delivery in subscription.drain():
                    if isinstance(delivery, ev.Envelope):
                        self._take(delivery)
        exit_code = EXIT_INTERRUPTED if self._interrupted else self._outcome.exit_code
        self._print_result(exit_code)
        return EXIT_ERROR if self._unwritten else exit_code

    def _interrupt(self, *_: Any) -> None:
        self._interrupted = True
        self._link.send(Cancel())

    def _take(self, envelope: ev.Envelope) -> None:
        self._outcome.take(envelope)
        if self._options.output_format == "stream-json":
            self._write(self._encode(envelope))
        if isinstance(envelope.event, ev.RequestOpened):
            self._link.send(Cancel())
        if not self._options.quiet:
            self._tell(envelope.event)

    def _tell(self, event: ev.Event) -> None:
        """Say on stderr what goes on."""
        match event:
            case ev.MessageSent(message=UserMessage(attachments=attachments)):
                for attached in attachments:
                    self._say(attached_words(attached))
            case ev.ToolEnded(title=title, outcome=outcome, summary=summary):
                sign = "ok" if outcome == "ok" else outcome
                self._say(f"{title}  {sign}{'  ' + summary if summary else ''}")
            case ev.Noticed(text=text, advice=advice):
                self._told.add(text)
                self._say(text + (f"\n  {advice}" if advice else ""))
            case ev.RetryScheduled(attempt=attempt, seconds=seconds, reason=reason):
                self._say(f"{reason}: trying again in {seconds:.0f} s (attempt {attempt})")
            case ev.OutputStreamed(text=text) if self._options.verbose:
                sys.stderr.write(clean(text))
            case ev.ReplyEnded(message=message) if self._options.verbose and message.calls:
                self._say("\n".join(part for part in (message.reasoning, message.text) if part))
            case _:
                pass

    def _say(self, text: str) -> None:
        if text:
            print(clean(text), file=sys.stderr, flush=True)

    def _print_result(self, exit_code: int) -> None:
        if self._options.output_format == "json":
            self._write(self._encode(self._outcome.as_json(exit_code)))
        elif self._options.output_format == "text" and self._outcome.text:
            self._write(clean(self._outcome.text).encode("utf-8", "replace"))
        problem = self._outcome.problem(exit_code)
        if problem and problem not in self._told:
            self._say(f"nanodeck: {problem}")

    def _write(self, line: bytes) -> None:
        try:
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()
        except OSError as error:
            # Nobody reads or there is no room: let the work end.
            print_nowhere()
            self._link.send(Cancel())
            if not isinstance(error, BrokenPipeError):
                self._unwritten = True
                self._say(f"nanodeck: the answer cannot be written: {error.strerror}")
