"""How the command line's words are read, whatever face they are for."""

from __future__ import annotations

import argparse
from typing import NoReturn

from nanodeck.contracts.errors import UsageError
from nanodeck.contracts.modes import Mode, parse_mode


class Parser(argparse.ArgumentParser):
    """Wrong arguments are one line, not a page. Its methods raise UsageError."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} ({self.prog} -h lists the arguments)")


def mode_of(value: str) -> Mode:
    """The mode of this name. Raises argparse.ArgumentTypeError."""
    try:
        return parse_mode(value)
    except ValueError:
        names = ", ".join(mode.value for mode in Mode)
        raise argparse.ArgumentTypeError(f"{value!r} is not one of {names}") from None
