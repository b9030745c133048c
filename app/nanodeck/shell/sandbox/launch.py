"""Starting a command confined."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.sandbox import Level
from nanodeck.shell.sandbox import seatbelt
from nanodeck.shell.sandbox.bubblewrap import add_mounts, bubblewrap
from nanodeck.shell.sandbox.confinement import Confinement, Launch, Limits
from nanodeck.shell.sandbox.environment import seen_variables
from nanodeck.shell.sandbox.landlock import TRUNCATES_SINCE, ruleset, version
from nanodeck.shell.sandbox.mounts import Mounts, readable
from nanodeck.shell.sandbox.seccomp import MACHINES, call_filter

# Read once: commands may be able to write where nanodeck itself is installed.
_LAUNCHER = Path(__file__).with_name("launcher.py").read_bytes()
_LISTENER = Path(__file__).with_name("listener.py").read_bytes()
_INTERPRETER = os.path.realpath(sys.executable)
_BARE = {"PATH": os.defpath}

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
    confinement = replace(
        confinement,
        root=Path(os.path.realpath(confinement.root)),
        writable=tuple(Path(os.path.realpath(path)) for path in confinement.writable),
    )
    seen = seen_variables(environment, confinement.variables)
    bounded = limited(argv, confinement.limits)
    if sys.platform == "darwin":
        by_profile = (seatbelt.PROGRAM, "-p", seatbelt.profile(confinement), *bounded)
        return Launch(by_profile, {**seen, "TMPDIR": str(confinement.temp)})
    if level == 1:
        return _by_landlock(bounded, confinement, seen)
    return _in_bubblewrap(bounded, confinement, folder, seen)


def _in_bubblewrap(
    argv: Sequence[str], confinement: Confinement, folder: Path, environment: Mapping[str, str]
) -> Launch:
    program = bubblewrap()
    if program is None:
        raise ToolError("nothing was run: bubblewrap is no longer there", "restart nanodeck")
    mounts = Mounts()
    try:
        add_mounts(mounts, program, confinement, folder, environment)
        machine = os.uname().machine
        if machine in MACHINES:
            mounts.add("--seccomp", mounts.data(call_filter(machine, internet=True)))
        # By a descriptor: the list of processes shows neither paths nor variables.
        given = mounts.data(_lines(mounts.arguments))
        if confinement.proxy and not confinement.network:
            listener = mounts.data(_LISTENER)
            mounts.descriptors.append(confinement.proxy())
            argv = (*_python(listener), str(mounts.descriptors[-1]), *argv)
    except BaseException:
        mounts.close()
        raise
    return Launch((program, "--args", given, "--", *argv), _BARE, tuple(mounts.descriptors))


def _by_landlock(argv: Sequence[str], confinement: Confinement, environment: Mapping[str, str]) -> Launch:
    writable = [confinement.temp]
    if confinement.access == "workspace-write":
        writable += [confinement.root, *confinement.writable]
    machine = os.uname().machine
    truncating = version() >= TRUNCATES_SINCE
    rules = ruleset(writable, network=confinement.network)
    code = readable(call_filter(machine, internet=confinement.network, truncating=truncating))
    seen = {**environment, "TMPDIR": str(confinement.temp)}
    # None of them before the walls are up: they may name libraries that commands have written.
    variables = readable(_lines(f"{name}={value}" for name, value in seen.items()))
    descriptors = (rules, code, variables, readable(_LAUNCHER))
    rest = map(str, descriptors[:-1])
    return Launch((*_python(str(descriptors[-1])), *rest, *argv), _BARE, descriptors)


def _python(script: str) -> tuple[str, ...]:
    """Our own interpreter, and none of the environment's, with what the descriptor `script` holds."""
    return (_INTERPRETER, "-I", "-S", f"/dev/fd/{script}")


def _lines(texts: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(text) + b"\0" for text in texts)


def limited(argv: Sequence[str], limits: Limits) -> tuple[str, ...]:
    """`argv` started by a shell that sets its limits first."""
    asked = (("f", limits.file_bytes // _BLOCK), ("t", limits.cpu_seconds), ("v", limits.memory_bytes >> 10))
    lines = ["ulimit -c 0"]
    lines += [f"ulimit -{letter} {number}" for letter, number in asked if number]
    if limits.processes:
        lines.append(f"ulimit -u {limits.processes} || ulimit -p {limits.processes}")
    return ("/bin/sh", "-c", f'{{ {"; ".join(lines)}; }} 2>/dev/null; exec "$@"', "sh", *argv)
