"""What /sandbox does, the same in every face: a command for the engine, or how commands are confined."""

from __future__ import annotations

from typing import NamedTuple, get_args

from nanodeck.contracts.commands import SetSandbox
from nanodeck.contracts.sandbox import Access
from nanodeck.contracts.views import SessionView

_ACCESS: dict[str, Access] = {name: name for name in get_args(Access)} | {
    "on": "workspace-write",
    "off": "full",
    "read": "read-only",
    "write": "workspace-write",
}
_NETWORK = {"network": True, "net": True, "no-network": False, "no-net": False}


class Confined(NamedTuple):
    """What /sandbox leads to."""

    command: SetSandbox | None = None
    said: str = ""


def sandbox_command(state: SessionView, argument: str) -> Confined:
    """Carry out `/sandbox`, alone or with an access and `network` or `no-network`."""
    access: Access | None = None
    network: bool | None = None
    for word in argument.lower().split():
        if word in _ACCESS:
            access = _ACCESS[word]
        elif word in _NETWORK:
            network = _NETWORK[word]
        else:
            return Confined(said=f"/sandbox takes {', '.join(get_args(Access))}, network or no-network")
    if argument.split():
        return Confined(SetSandbox(access, network))
    return Confined(said=f"sandbox: {sandbox_status(state)}")


def sandbox_status(state: SessionView) -> str:
    """What confines the commands of agents now, and what would confine them more."""
    sandbox = state.sandbox
    if sandbox is None:
        return "not tried yet"
    cure = f"; {sandbox.cure}" if sandbox.cure and sandbox.access != "full" else ""
    return f"{sandbox.words}{cure}"
