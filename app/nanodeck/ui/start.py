"""From the command line to a running deck and back to the shell.

The first picture waits for what is imported here.
"""

from __future__ import annotations

import gc
import os
import sys

from nanodeck.ui import skeleton
from nanodeck.ui.terminal import TERMINAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nanodeck.contracts.link import EngineLink
    from nanodeck.contracts.options import Options
    from nanodeck.contracts.preferences import Kept
    from nanodeck.ui.app import DeckApp

INTERRUPTED = 130


def run_deck(
    folder: str,
    ground: tuple[int, ...],
    options: Callable[[], Options],
    open_link: Callable[[Options], EngineLink],
    load_kept: Callable[[], Kept],
    log_path: Callable[[], str] | None = None,
) -> int:
    """Run the deck in `folder` until it is left; returns the exit code.

    `ground` are the first picture's colours (see `skeleton.draw`); when it is drawn `options` and `open_link`
    are called; `load_kept` reads what was set and remembered, `log_path` is for what a crash leaves.
    """
    if problem := TERMINAL.refusal():
        print(f"nanodeck: {problem} (without a screen: -p PROMPT; in lines: --plain)", file=sys.stderr)
        return 1
    # Read when Textual is imported: paint up to 120 times a second, decide on Esc after 25 ms.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    os.environ.setdefault("ESCDELAY", "25")
    shown = skeleton.shown_folder(folder)
    app: DeckApp | None = None
    crash, code = "", 1
    # Nothing made while starting is garbage soon; the app turns collection on after its first frame.
    gc.disable()
    try:
        TERMINAL.take_over(lambda columns, rows: skeleton.draw(columns, rows, shown, ground))
        from nanodeck.desktop.depth import colours_of

        os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", colours_of(os.environ))
        from nanodeck.ui.app import DeckApp

        chosen = options()
        app = DeckApp(chosen, lambda: open_link(chosen), kept=load_kept(), log_path=log_path)
        app.run(mouse=app.has_mouse)
        crash, code = app.crash, app.return_code or 0
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception:
        import traceback

        crash = traceback.format_exc()
    finally:
        TERMINAL.give_back()
        gc.enable()
    if app is not None:
        code = _leave(app) or code
    if crash:
        _tell_crash(crash, log_path)
        return 1
    return code


def _leave(app: DeckApp) -> int:
    _say(app.farewell())
    if app.problem:
        _complain(app.problem)
    try:
        app.close_link()
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _say(text: str) -> None:
    # Jobs have to end also when there is nobody left to tell.
    if text and not TERMINAL.refusal():
        stream = sys.stdout if sys.stdout.isatty() else sys.stderr
        # A reply may hold what the terminal's encoding has no character for.
        print(text.encode(stream.encoding, "replace").decode(stream.encoding), file=stream, flush=True)


def _complain(text: str) -> None:
    if not TERMINAL.refusal():
        print(f"nanodeck: {text}", file=sys.stderr)


def _tell_crash(crash: str, log_path: Callable[[], str] | None) -> None:
    last = crash.strip().rsplit("\n", 1)[-1]
    path = _write_down(crash, log_path)
    details = f"the details are in {path}" if path else crash
    _complain(f"something went wrong inside the deck: {last}\n{details}")


def _write_down(crash: str, log_path: Callable[[], str] | None) -> str:
    if log_path is None:
        return ""
    try:
        path = log_path()
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8", errors="replace") as log:
            log.write(crash)
    except OSError:
        return ""
    return path
