"""The command line's arguments as options."""

from __future__ import annotations

import argparse
import re

from nanodeck import __version__
from nanodeck.contracts.errors import UsageError
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.options import Options
from nanodeck.faces.parsing import Parser, folder_named, mode_of

RESERVED = (
    "attach",
    "acp",
    "config",
    "daemon",
    "export",
    "import",
    "login",
    "mcp",
    "plugin",
    "sessions",
    "update",
)
"""Words that are commands of later versions: never taken for a prompt."""

_SESSION_ID = re.compile(r"\d{8}-\d{6}(-[0-9a-f]+)?")
_EPILOG = """\
commands:
  run PROMPT            same as -p PROMPT
  permissions check     what would happen to a command (permissions check --help)
  doctor                what is set, what works here, what does not and its cure (doctor --help)

exit codes of -p and run:
  0 done   1 error   2 an approval was needed and nobody could give it   64 wrong arguments   130 interrupted

A word that is also a command is sent as a prompt after --:  nanodeck -- run
"""


def parse(arguments: list[str]) -> Options:
    """The options that `arguments` ask for. Raises UsageError; -h and --version print and exit."""
    words, sent = _split(arguments)
    given = _parser().parse_args(words)
    command = given.prompt[0] if given.prompt else ""
    if command in RESERVED:
        raise UsageError(
            f"{command} is reserved for a later version; to send the word: nanodeck -- {command}"
        )
    prompt_words = [*given.prompt[command == "run" :], *sent]
    headless = given.print is not None or command == "run"
    if given.print:
        prompt_words.insert(0, given.print)
    if given.accept_all and given.mode not in (None, Mode.YOLO):
        raise UsageError(f"--accept-all is --mode yolo, so --mode {given.mode.value} contradicts it")
    if headless and given.pick_session:
        raise UsageError("-r shows a list, which needs the deck; name the session: -r=ID")
    if headless and given.plain:
        raise UsageError("-p and run print the answer alone; --plain is for a conversation")
    if given.output_format != "text" and not headless:
        raise UsageError("--output-format goes with -p or run")
    folder = folder_named(given.cwd)
    return Options(
        folder=folder,
        prompt=" ".join(prompt_words),
        headless=headless,
        plain=given.plain,
        model=given.model,
        mode=Mode.YOLO if given.accept_all else given.mode,
        output_format=given.output_format,
        tools=given.tools,
        system_prompt=given.system_prompt,
        append_system_prompt=given.append_system_prompt,
        context_files=not given.no_context_files,
        max_turns=given.max_turns,
        resume=given.session or ("last" if given.continue_last else ""),
        pick_session=given.pick_session,
        trust=given.trust_directory,
        quiet=given.quiet,
        verbose=given.verbose,
    )


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Arguments for the parser, and the words after `--` that are sent as they are."""
    sent: list[str] = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, sent = arguments[:at], arguments[at + 1 :]
    words = []
    for number, word in enumerate(arguments):
        following = arguments[number + 1] if number + 1 < len(arguments) else ""
        if word in ("-r", "--resume"):
            words.append("--session" if _SESSION_ID.fullmatch(following) else "--pick-session")
        elif word.startswith(("-r=", "--resume=")):
            words += ["--session", word.split("=", 1)[1]]
        else:
            words.append(word)
    return words, sent


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="nanodeck",
        usage="nanodeck [options] [PROMPT]\n       nanodeck -p PROMPT [options]",
        description="A full-screen deck for coding agents: see every edit as a diff before it lands.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("prompt", nargs="*", metavar="PROMPT", help="sent at once; the deck opens all the same")
    add("-p", "--print", nargs="?", const="", metavar="PROMPT", help="run without a screen, print the answer")
    add("--plain", action="store_true", help="the deck in lines: for screen readers and simple terminals")
    add("-m", "--model", type=_text, help="provider/model, or demo (scripted, needs nothing)")
    add("--mode", type=mode_of, metavar="MODE", help="normal, auto-accept, yolo, plan or manual")
    add("--accept-all", action="store_true", help="same as --mode yolo: nothing asks")
    add("--output-format", choices=("text", "json", "stream-json"), default="text", help="with -p")
    add("--tools", type=_tools, metavar="A,B|none", help="the only tools the model gets")
    add("--system-prompt", type=_text, metavar="TEXT|FILE", help="replace the system prompt")
    add("--append-system-prompt", type=_text, metavar="TEXT|FILE", help="add to the system prompt")
    add("--no-context-files", action="store_true", help="leave out AGENTS.md, CLAUDE.md and the like")
    add("--max-turns", type=_count, metavar="N", help="end a turn after N model calls")
    add("-c", "--continue", dest="continue_last", action="store_true", help="go on with the last session")
    add("-r", "--resume", metavar="ID", help="choose a session from a list, or name one: -r=ID")
    add("--trust-directory", action="store_true", help="let the folder's own settings count, this once")
    add("--cwd", default=".", metavar="DIR", help="work in DIR")
    add("--quiet", action="store_true", help="nothing on stderr but errors")
    add("--verbose", action="store_true", help="more on stderr and in the log")
    add("-V", "--version", action="version", version=f"nanodeck {__version__}")
    add("--session", help=argparse.SUPPRESS)
    add("--pick-session", action="store_true", help=argparse.SUPPRESS)
    return parser


def _text(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return value


def _tools(value: str) -> tuple[str, ...]:
    if value.strip() == "none":
        return ()
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _count(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 1 up")
    return int(value)
