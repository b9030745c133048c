"""The command: the version, or the face that its arguments ask for.

The first picture waits for what is imported here: so little that not even `typing` is.
"""

from __future__ import annotations

import gc
import io
import os
import sys

from nanodeck import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodeck.contracts.link import EngineLink
    from nanodeck.contracts.options import Options
    from nanodeck.contracts.preferences import Kept

EXIT_ERROR = 1
EXIT_USAGE = 64
EXIT_INTERRUPTED = 130


def main() -> int:
    """Run nanodeck; answers the exit code."""
    _fill_streams()
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except OSError as error:
        import errno

        # What has no name is the standard output.
        if error.filename or error.errno not in (errno.ENOSPC, errno.EPIPE, errno.EIO):
            raise
        print(f"nanodeck: nothing can be written: {error.strerror}", file=sys.stderr)
        return EXIT_ERROR


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        print(f"nanodeck {__version__}")
        return 0
    # Little of what a start or a long session makes is garbage: to look for some every 700 objects is dear.
    gc.set_threshold(10_000)
    if not arguments and _shows_a_deck() and (folder := _working_folder()):
        return _run_deck(folder, None)
    from nanodeck.arguments import parse
    from nanodeck.contracts.errors import UsageError

    try:
        if report := _report_named(arguments[:1]):
            return report(arguments[1:])
        options = parse(arguments)
        if sys.platform == "win32":
            raise UsageError("nanodeck runs on Linux and macOS; on Windows run it inside WSL")
        if not (options.headless or options.plain or _shows_a_deck()):
            raise UsageError("the deck needs a terminal; without one: nanodeck -p PROMPT or nanodeck --plain")
    except UsageError as error:
        print(f"nanodeck: {error.message}", file=sys.stderr)
        return EXIT_USAGE
    if options.headless:
        from nanodeck.faces.headless import run_headless

        return run_headless(options)
    if options.plain:
        from nanodeck.faces.plain.run import run_plain

        return run_plain(options, _load_kept)
    return _run_deck(options.folder, options)


def _report_named(words: list[str]) -> Callable[[list[str]], int] | None:
    """What prints the report that the first word asks for; None where it asks for none."""
    # A report may hold what the terminal's encoding has no character for.
    if words in (["doctor"], ["permissions"]) and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if words == ["doctor"]:
        from nanodeck.faces.doctor.run import run_doctor

        return run_doctor
    if words == ["permissions"]:
        from nanodeck.faces.permissions import run_permissions

        return run_permissions
    return None


def _fill_streams() -> None:
    """Let a stream that was closed lead nowhere, or the first file that is opened would be in its place."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        for number in range(3):
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, os.O_RDWR)
        sys.stdin = sys.stdin or os.fdopen(0)
        sys.stdout = sys.stdout or os.fdopen(1, "w")
        sys.stderr = sys.stderr or os.fdopen(2, "w")


def leave(code: int) -> None:
    """End the process, all work being done: to take the interpreter down would be a tenth of a short run."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream:
                stream.flush()
        except (OSError, ValueError):  # nobody reads it any more
            pass
    os._exit(code)


def _shows_a_deck() -> bool:
    return sys.platform != "win32" and os.isatty(0) and os.isatty(2)


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return ""


def _run_deck(folder: str, options: Options | None) -> int:
    """Run the deck in `folder`; options that nobody gave are made when the first picture is drawn."""
    from nanodeck.store.ground import last_ground
    from nanodeck.ui.start import run_deck

    def chosen() -> Options:
        from nanodeck.contracts.options import Options

        return options or Options(folder)

    return run_deck(folder, last_ground(), chosen, _open_engine, _load_kept, _log_path)


def _open_engine(options: Options) -> EngineLink:
    """The engine, imported only once the deck's first frame is on the screen."""
    from nanodeck.engine.composition import open_engine

    return open_engine(options)


def _load_kept() -> Kept:
    from nanodeck.store.places import Places
    from nanodeck.store.preferences import load_kept

    return load_kept(Places.from_environment())


def _log_path() -> str:
    from nanodeck.engine.composition import log_path

    return log_path()
