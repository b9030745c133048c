"""The script around a command: it merges the streams and reports the folder the command ended in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_RUN = 'nanodeck_command=$1; shift; eval "$nanodeck_command"'

# What a report begins with once the shell is there: a command that writes to it cannot say it is not.
_STARTED = 'printf "\\n\\0" >&'
# The report pipe arrives as stderr and moves out of the way. `cd` reports too, because `exec`, a
# command's own EXIT trap and a kill end the shell without ours; in a subshell it must not.
_BASH = "; ".join(
    (
        "exec 250>&2 2>&1",
        f"{_STARTED}250",
        "cd() { { local nanodeck_options=$- nanodeck_code; set +x; } 2>/dev/null",
        'builtin cd "$@"',
        'nanodeck_code=$?; { [ "$BASHPID" != "$$" ] || { pwd -P && printf "\\0"; } 2>/dev/null >&250',
        "case $nanodeck_options in *x*) set -x;; esac",
        "return $nanodeck_code; } 2>/dev/null; }",
        "trap '{ set +x; { pwd -P && printf \"\\0\"; } 2>/dev/null >&250; } 2>/dev/null' EXIT",
        _RUN,
    )
)
# Plain sh knows neither BASHPID nor descriptors above 9.
_SH = "; ".join(
    (
        "exec 9>&2 2>&1",
        f"{_STARTED}9",
        "trap '{ set +x; { pwd -P && printf \"\\0\"; } 2>/dev/null >&9; } 2>/dev/null' EXIT",
        _RUN,
    )
)


def wrapped(command: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The arguments that run `command`, byte for byte as given, in bash or else in sh."""
    search = environment.get("PATH", os.defpath)
    if bash := shutil.which("bash", path=search):
        return (bash, "-c", _BASH, "bash", command)
    return (shutil.which("sh", path=search) or "/bin/sh", "-c", _SH, "sh", command)


def reported_folder(report: bytes) -> Path | None:
    """The last folder a report names, None when it names none that exists."""
    names = report.split(b"\n\0")
    if len(names) < 2 or not names[-2]:
        return None
    folder = Path(os.fsdecode(names[-2]))
    return folder if folder.is_dir() else None
