"""The script around a command: it merges the streams and reports how the command ended.

That is the folder it ended in and, where it has a network of its own, what was tried in that.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from itertools import pairwise
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
        "trap '{ set +x; { COUNTS pwd -P && printf \"\\0\"; } 2>/dev/null >&250; } 2>/dev/null' EXIT",
        _RUN,
    )
)
_COUNTS = (
    'mapfile -t nanodeck_lines </proc/self/net/snmp; printf "%s\\n" "${nanodeck_lines[@]}"; printf "\\0";'
)
_NOT_SENT = {b"Ip:": b"OutNoRoutes", b"Udp:": b"NoPorts"}
"""Counts of the kernel that grow where nothing leads on: for packets, and for questions to a name server."""
# Plain sh knows neither BASHPID nor descriptors above 9.
_SH = "; ".join(
    (
        "exec 9>&2 2>&1",
        f"{_STARTED}9",
        "trap '{ set +x; { pwd -P && printf \"\\0\"; } 2>/dev/null >&9; } 2>/dev/null' EXIT",
        _RUN,
    )
)
_DIGITS = 20


def wrapped(command: str, environment: Mapping[str, str], *, counts: bool = False) -> tuple[str, ...]:
    """The arguments that run `command`, byte for byte as given, in bash or else in sh.

    With `counts` it is reported what was tried in the network.
    """
    search = environment.get("PATH", os.defpath)
    if bash := shutil.which("bash", path=search):
        return (bash, "-c", _BASH.replace("COUNTS", _COUNTS if counts else ""), "bash", command)
    return (shutil.which("sh", path=search) or "/bin/sh", "-c", _SH, "sh", command)


def reported_folder(report: bytes) -> Path | None:
    """The last folder a report names, None when it names none that exists."""
    names = [name for name in _records(report) if name.startswith(b"/")]
    if not names:
        return None
    folder = Path(os.fsdecode(names[-1]))
    return folder if os.path.isdir(folder) else None


def reported_attempts(report: bytes) -> int:
    """How often something was sent that leads nowhere in the command's own network, as far as is counted."""
    attempts = 0
    for record in _records(report):
        lines = [line.split() for line in record.splitlines() if line.strip()]
        for names, values in pairwise(lines):
            if names[:1] == values[:1] and names[0] in _NOT_SENT:
                number = dict(zip(names, values, strict=False)).get(_NOT_SENT[names[0]], b"")
                # Whatever a command writes there itself is no reason to fail.
                attempts += int(number) if number.isdigit() and len(number) < _DIGITS else 0
    return attempts


def _records(report: bytes) -> list[bytes]:
    """What a report says, each whole; what was cut off is not among it."""
    return report.split(b"\n\0")[:-1]
