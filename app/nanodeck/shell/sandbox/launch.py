"""Starting a command confined."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.sandbox import Level
from nanodeck.shell.sandbox import seatbelt
from nanodeck.shell.sandbox.bubblewrap import bubblewrap, forbids_namespaces, mounts_of, readable
from nanodeck.shell.sandbox.confinement import Confinement, Launch, Limits
from nanodeck.shell.sandbox.environment import seen_variables
from nanodeck.shell.sandbox.landlock import TRUNCATES_SINCE, ruleset, version
from nanodeck.shell.sandbox.seccomp import MACHINES, call_filter

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
    seen = seen_variables(environment)
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
    mounts = mounts_of(confinement, folder, environment, old=not forbids_namespaces(program))
    machine = os.uname().machine
    if machine in MACHINES:
        mounts.add("--seccomp", mounts.data(call_filter(machine, internet=True)))
    if confinement.proxy and not confinement.network:
        mounts.descriptors.append(confinement.proxy())
        argv = (*_python("listener.py"), str(mounts.descriptors[-1]), *argv)
    # By a descriptor: the list of processes shows neither paths nor variables.
    given = mounts.data(b"".join(os.fsencode(argument) + b"\0" for argument in mounts.arguments))
    return Launch((program, "--args", given, "--", *argv), _BARE, tuple(mounts.descriptors))


def _by_landlock(argv: Sequence[str], confinement: Confinement, environment: Mapping[str, str]) -> Launch:
    writable = [confinement.temp]
    if confinement.access == "workspace-write":
        writable += [confinement.root, *confinement.writable]
    machine = os.uname().machine
    truncating = version() >= TRUNCATES_SINCE
    rules = ruleset(writable, network=confinement.network)
    code = readable(call_filter(machine, internet=confinement.network, truncating=truncating))
    launcher = (*_python("launcher.py"), str(rules), str(code))
    return Launch((*launcher, *argv), {**environment, "TMPDIR": str(confinement.temp)}, (rules, code))


def _python(program: str) -> tuple[str, ...]:
    """One of the programs beside this module, run by our own interpreter and nothing of its environment."""
    return (os.path.realpath(sys.executable), "-I", "-S", str(Path(__file__).with_name(program)))


def limited(argv: Sequence[str], limits: Limits) -> tuple[str, ...]:
    """`argv` started by a shell that sets its limits first."""
    asked = (("f", limits.file_bytes // _BLOCK), ("t", limits.cpu_seconds), ("v", limits.memory_bytes >> 10))
    lines = ["ulimit -c 0"]
    lines += [f"ulimit -{letter} {number}" for letter, number in asked if number]
    if limits.processes:
        lines.append(f"ulimit -u {limits.processes} || ulimit -p {limits.processes}")
    return ("/bin/sh", "-c", f'{{ {"; ".join(lines)}; }} 2>/dev/null; exec "$@"', "sh", *argv)
