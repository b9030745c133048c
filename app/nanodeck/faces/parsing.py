"""How the command line's words are read, whatever face they are for."""

from __future__ import annotations

import argparse
import os
from typing import NoReturn

from nanodeck.contracts.errors import UsageError
from nanodeck.contracts.modes import Mode, parse_mode


class Parser(argparse.ArgumentParser):
    """Wrong arguments are one line, not a page. Its methods raise UsageError."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} ({self.prog} -h lists the arguments)")


def folder_named(named: str) -> str:
    """The folder that --cwd names, absolute. Raises UsageError."""
    try:
        folder = os.path.abspath(os.path.expanduser(named))
    except FileNotFoundError:
        raise UsageError("the folder this was started in is gone") from None
    if not os.path.isdir(folder):
        raise UsageError(f"--cwd {named} is not a folder")
    return folder


def mode_of(value: str) -> Mode:
    """The mode of this name. Raises argparse.ArgumentTypeError."""
    try:
        return parse_mode(value)
    except ValueError:
        names = ", ".join(mode.value for mode in Mode)
        raise argparse.ArgumentTypeError(f"{value!r} is not one of {names}") from None
