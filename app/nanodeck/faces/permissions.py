"""What would happen to shell commands, one answer a line: `nanodeck permissions check`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Why
from nanodeck.contracts.text import show_controls
from nanodeck.engine.composition import try_commands
from nanodeck.faces.parsing import Parser, folder_named, mode_of
from nanodeck.faces.printing import print_nowhere

_UNREADABLE = "this line is no object with a command"


def run_permissions(arguments: list[str]) -> int:
    """Answer for the commands given, or for those that stdin brings. Raises UsageError."""
    given = _parser().parse_args(arguments)
    decided = try_commands(folder_named(given.cwd))
    as_json = given.json or not given.command
    try:
        for command in given.command or _asked():
            why = Why(reason=_UNREADABLE) if command is None else decided(command, given.mode)
            # A program that asks line by line waits for each answer.
            print((_as_json if as_json else _as_lines)(command or "", why), flush=True)
    except BrokenPipeError:
        print_nowhere()
    return 0


def _asked() -> Iterator[str | None]:
    """The commands that stdin asks about; None where a line does not."""
    for line in sys.stdin.buffer:
        if line.strip():
            try:
                asked = json.loads(line)
            except (ValueError, RecursionError):
                asked = None
            command = asked.get("command") if isinstance(asked, dict) else None
            yield command if isinstance(command, str) else None


def _as_json(command: str, why: Why) -> str:
    return json.dumps(
        {"command": command, "verdict": why.verdict, "reason": _reason(why), "rule": _rule(why)}
    )


def _as_lines(command: str, why: Why) -> str:
    return f"{why.verdict:5}  {show_controls(command)}\n       {show_controls(_reason(why))} ({_rule(why)})"


def _reason(why: Why) -> str:
    """The reason, with the part that decided where the command has several."""
    return f"{why.reason} (in: {why.part})" if why.part else why.reason


def _rule(why: Why) -> str:
    return f"{why.rule} ({why.file}:{why.line})" if why.file else why.rule


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="nanodeck permissions", allow_abbrev=False)
    check = parser.add_subparsers(required=True, metavar="check").add_parser(
        "check",
        description="Say whether shell commands would run unasked, ask or be denied, and why.",
        epilog='Without a COMMAND, stdin brings one {"command": "..."} a line; each is answered by one.',
        allow_abbrev=False,
    )
    add = check.add_argument
    add("command", nargs="*", metavar="COMMAND", help="as a shell would be given it")
    add("--mode", type=mode_of, default=Mode.NORMAL, metavar="MODE", help="normal unless given")
    add("--json", action="store_true", help="answer in JSON, one object a line")
    add("--cwd", default=".", metavar="FOLDER", help="the folder they would run in")
    return parser
