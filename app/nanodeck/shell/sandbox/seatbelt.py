"""macOS: the profile by which `sandbox-exec` confines a command. Written from the documents, untested.

Sources: sandbox-exec(1) and the profiles that macOS ships in /System/Library/Sandbox/Profiles.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.sandbox.masked import secret_places
from nanodeck.shell.sandbox.protected import protected_in

PROGRAM = "/usr/bin/sandbox-exec"

# Programs run and talk among themselves; of the system they reach what their libraries cannot do without.
_BASE = """\
(version 1)
(deny default)
(allow process-exec process-fork)
(allow signal process-info* (target same-sandbox))
(allow sysctl-read)
(allow file-read*)
(allow ipc-posix-sem ipc-posix-shm-read* ipc-posix-shm-write-create ipc-posix-shm-write-data)
(allow pseudo-tty)
(allow mach-lookup
  (global-name "com.apple.system.opendirectoryd.libinfo")
  (global-name "com.apple.system.opendirectoryd.membership")
  (global-name "com.apple.system.notification_center")
  (global-name "com.apple.system.logger")
  (global-name "com.apple.logd")
  (global-name "com.apple.bsd.dirhelper")
  (global-name "com.apple.trustd.agent"))
(allow file-write-data file-ioctl
  (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/dtracehelper"))
"""
_NETWORK = """\
(allow network*)
(allow system-socket)
(allow mach-lookup
  (global-name "com.apple.dnssd.service")
  (global-name "com.apple.SystemConfiguration.configd")
  (global-name "com.apple.SystemConfiguration.DNSConfiguration"))
"""


def profile(confinement: Confinement) -> str:
    """The profile in seatbelt's own language: a later rule overrules an earlier one.

    Raises ToolError where the workspace cannot be protected.
    """
    writable = [confinement.temp]
    kept: list[tuple[Path, Path]] = []
    secrets = {*secret_places(confinement.home), *(Path(os.path.realpath(p)) for p in confinement.masked)}
    for place in (confinement.root, *confinement.writable):
        protected = protected_in(place)
        secrets.update(protected.masked)
        if confinement.access == "workspace-write":
            writable.append(place)
            kept += ((place, path) for path in protected.kept)
    lines = [_BASE]
    if confinement.network:
        lines.append(_NETWORK)
    lines.append(_rule("allow file-write*", "subpath", writable))
    if kept:
        lines.append(_rule("deny file-write*", "subpath", (path for _, path in kept)))
    if above := sorted({folder for root, path in kept for folder in _between(root, path)}):
        # What lies in a folder moves with it.
        lines.append(_rule("deny file-write-unlink", "literal", above))
    if hidden := sorted(path for path in secrets if not confinement.root.is_relative_to(path)):
        lines.append(_rule("deny file-read* file-write*", "subpath", hidden))
    return "".join(lines)


def _between(root: Path, path: Path) -> Iterator[Path]:
    """The folders above `path`, the workspace among them."""
    return (folder for folder in path.parents if folder.is_relative_to(root))


def _rule(what: str, kind: str, paths: Iterable[Path]) -> str:
    return f"({what}{''.join(f' ({kind} {_quoted(path)})' for path in paths)})\n"


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
