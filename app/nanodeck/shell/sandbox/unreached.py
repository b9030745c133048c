"""What a command without network did not reach, going by what it printed, what it says and what it tried."""

from __future__ import annotations

import re
from pathlib import Path

from nanodeck.shell.walls import Denied

NETWORK = "the network"
_HOST = r"['\"‘]?([a-z0-9.-]*[a-z0-9])"
_NAMED = re.compile(
    r"(?:could not resolve host:? |unable to resolve host address |failed to connect to |enotfound "
    r"|eai_again |dial tcp:? lookup |host=)" + _HOST,
    re.IGNORECASE,
)
_OFFLINE = re.compile(
    r"network is unreachable|name resolution|name or service not known|socket: operation not permitted"
    r"|nodename nor servname|tunnel.{0,40} 403|403 from proxy"
    r"|socket\.py[^\n]*\n(?:[^\n]*\n){0,4}PermissionError: \[Errno 1\]",
    re.IGNORECASE,
)
_SSH = re.compile(r"could not resolve hostname " + _HOST, re.IGNORECASE)
_FETCHING = re.compile(r"(?:^|[|;&(\n])\s*(?:curl|wget)\s")
_URL = re.compile(r"\b(?:https?|ftp|git|ssh)://(?:[^/\s@'\"]*@)?" + _HOST, re.IGNORECASE)
_NOBODY_LISTENS = re.compile(r"connection refused|econnrefused|couldn't connect to server", re.IGNORECASE)
_LOCAL = r"(?:localhost|127\.0\.0\.1|::1)"
_LOCAL_HOST = re.compile(_LOCAL + "$", re.IGNORECASE)
_LOCAL_PORT = re.compile(_LOCAL + r"\D{1,12}?(\d{2,5})\b", re.IGNORECASE)
_LISTENING = "0A"
_SOCKETS = ("/proc/net/tcp", "/proc/net/tcp6")


def unreached(output: str, command: str, attempts: int, *, timed_out: bool = False) -> Denied | None:
    """The host that `command` needed, or NETWORK where it is not known which; None where none was needed.

    `attempts` is how often it tried in vain to reach something.
    """
    if found := _hosts(_NAMED, output):
        return Denied(found[0], host=True)
    if by_ssh := _SSH.search(output):
        # No proxy leads it there.
        return Denied(by_ssh[1])
    meant = _hosts(_URL, command)
    if _OFFLINE.search(output) or (attempts and meant):
        return Denied(meant[0], host=True) if meant else Denied(NETWORK)
    if attempts and timed_out:
        return Denied(NETWORK)
    here = _unreached_here(output, command)
    return Denied(here) if here else None


def fetches(command: str) -> bool:
    """Whether a command is known to want a network, whatever it says of that."""
    return bool(_FETCHING.search(command))


def _unreached_here(output: str, command: str) -> str:
    """The address of this machine that `command` needed, where somebody listens that it cannot see."""
    if _NOBODY_LISTENS.search(output):
        for port in _LOCAL_PORT.findall(f"{output}\n{command}"):
            if _is_listened_to(int(port)):
                return f"localhost:{port}"
    return ""


def _hosts(pattern: re.Pattern[str], text: str) -> list[str]:
    """The hosts in a text that are not this machine."""
    return [found[1] for found in pattern.finditer(text) if not _LOCAL_HOST.match(found[1])]


def _is_listened_to(port: int) -> bool:
    ending = f":{port:04X}"
    for name in _SOCKETS:
        try:
            rows = [line.split() for line in Path(name).read_text().splitlines()[1:]]
        except OSError:
            continue
        if any(row[1].endswith(ending) and row[3] == _LISTENING for row in rows):
            return True
    return False
