"""Starting a command confined."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.sandbox import Level
from nanodeck.shell.sandbox.bubblewrap import PROGRAM, mounts_of
from nanodeck.shell.sandbox.confinement import Confinement, Launch, Limits
from nanodeck.shell.sandbox.environment import seen_variables
from nanodeck.shell.sandbox.seccomp import MACHINES, socket_filter

_BLOCK = 512
"""What POSIX shells count the size of files in."""


def confined(
    argv: Sequence[str],
    confinement: Confinement,
    *,
    folder: Path,
    environment: Mapping[str, str],
    level: Level,
) -> Launch:
    """How to start `argv` in `folder`, confined at `level`; as it is at level 0 and with full access.

    Raises ToolError, saying which and why, where the workspace cannot be protected.
    """
    if level == 0 or confinement.access == "full":
        return Launch(tuple(argv), environment)
    seen = seen_variables(environment)
    return _in_bubblewrap(argv, confinement, folder, seen)


def _in_bubblewrap(
    argv: Sequence[str], confinement: Confinement, folder: Path, environment: Mapping[str, str]
) -> Launch:
    program = shutil.which(PROGRAM, path=os.environ.get("PATH", os.defpath))
    if program is None:
        raise ToolError("nothing was run: bubblewrap is no longer there")
    mounts = mounts_of(confinement, folder, environment)
    machine = os.uname().machine
    if machine in MACHINES:
        mounts.add("--seccomp", mounts.data(socket_filter(machine, internet=True)))
    arguments = b"".join(os.fsencode(argument) + b"\0" for argument in mounts.arguments)
    # By a descriptor: the list of processes shows neither paths nor variables.
    given = mounts.data(arguments)
    outer = (program, "--args", given, "--", *limited(argv, confinement.limits))
    return Launch(outer, {"PATH": os.defpath}, tuple(mounts.descriptors))


def limited(argv: Sequence[str], limits: Limits) -> tuple[str, ...]:
    """`argv` started by a shell that sets its limits first."""
    asked = (("f", limits.file_bytes // _BLOCK), ("t", limits.cpu_seconds), ("v", limits.memory_bytes >> 10))
    lines = ["ulimit -c 0"]
    lines += [f"ulimit -{letter} {number}" for letter, number in asked if number]
    if limits.processes:
        lines.append(f"ulimit -u {limits.processes} || ulimit -p {limits.processes}")
    return ("/bin/sh", "-c", f'{{ {"; ".join(lines)}; }} 2>/dev/null; exec "$@"', "sh", *argv)
