"""The system calls that a confined command is refused, as a filter the kernel runs (seccomp BPF).

Sources: seccomp(2), linux/{audit,filter,seccomp}.h, the system call tables of x86-64 and arm64.
"""

from __future__ import annotations

import errno
import socket
import struct
from functools import cache

from msgspec import Struct

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW = 0x7FFF0000
_ERROR = 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24
"""Where the kernel lays out a call's number, its architecture, the low half of its arguments."""
_X32 = 0x40000000
_NEW_NAMESPACES = 0x7E020000
_INJECTING = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX type into the terminal
_TYPE_BITS = 0xF

# What takes over other processes, mounts, loads code into the kernel, or makes calls past this filter.
_REFUSED = {
    "x86_64": (
        101, 103, 155, 161, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 175, 176, 179, 212,
        246, 248, 249, 250, 272, 279, 298, 304, 308, 310, 311, 312, 313, 320, 321, 323,
    ),
    "aarch64": (
        18, 39, 40, 41, 51, 60, 89, 97, 104, 105, 106, 116, 117, 142, 161, 162, 170, 217, 218, 219, 224,
        225, 239, 241, 265, 268, 270, 271, 272, 273, 280, 282, 294,
    ),
}  # fmt: skip
# io_uring_*, open_tree to fspick, pidfd_getfd, mount_setattr, quotactl_fd, open_tree_attr.
_REFUSED_ANYWHERE = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 443, 467)
_CLONE3 = 435


class _Machine(Struct, frozen=True):
    audit: int
    clone: int
    ioctl: int
    socket: int
    socketpair: int
    truncate: int


_MACHINES = {
    "x86_64": _Machine(0xC000003E, clone=56, ioctl=16, socket=41, socketpair=53, truncate=76),
    "aarch64": _Machine(0xC00000B7, clone=220, ioctl=29, socket=198, socketpair=199, truncate=45),
}
MACHINES = frozenset(_MACHINES)
"""The machines a filter can be made for, as `os.uname` calls them."""
INTERNET = (socket.AF_INET, socket.AF_INET6)
_NETLINK = 16  # socket.AF_NETLINK is known to Linux alone


@cache
def call_filter(machine: str, *, internet: bool, truncating: bool = True) -> bytes:
    """The filter for `machine`; sockets are refused but those of the internet, if it is given at all.

    `truncating`: files may be cut by their names, where something else decides which.
    """
    of = _MACHINES[machine]
    refuse = _returned(_ERROR | errno.EPERM)
    program = [_load(_ARCHITECTURE), _jump(_EQUAL, of.audit, 1, 0), refuse, _load(_NUMBER)]
    if machine == "x86_64":
        program += [_jump(_AT_LEAST, _X32, 0, 1), refuse]
    for number in (*_REFUSED[machine], *_REFUSED_ANYWHERE, *(() if truncating else (of.truncate,))):
        program += [_jump(_EQUAL, number, 0, 1), refuse]
    # Its flags lie in memory, where no filter sees them: C libraries then call clone instead.
    program += [_jump(_EQUAL, _CLONE3, 0, 1), _returned(_ERROR | errno.ENOSYS)]
    program += _call(of.clone, [_load(_FIRST), _jump(_ANY_BIT, _NEW_NAMESPACES, 0, 1), refuse])
    program += _call(of.ioctl, [_load(_SECOND), *_any(_INJECTING, refuse)])
    families = (*INTERNET, _NETLINK) if internet else ()
    allow = _returned(_ALLOW)
    program += _call(of.socket, [_load(_FIRST), *_any(families, allow), refuse])
    # A pair of datagram sockets could still be connected to any path.
    connected = (socket.SOCK_STREAM, socket.SOCK_SEQPACKET)
    pair = [_load(_FIRST), _jump(_EQUAL, socket.AF_UNIX, 1, 0), refuse]
    pair += [_load(_SECOND), _with(_TYPE_BITS), *_any(connected, allow), refuse]
    program += _call(of.socketpair, pair)
    return b"".join((*program, allow))


def _call(number: int, body: list[bytes]) -> list[bytes]:
    """What decides on the call `number` alone; what `body` lets pass is allowed."""
    body = [*body, _returned(_ALLOW)]
    return [_jump(_EQUAL, number, 0, len(body)), *body]


def _any(values: tuple[int, ...], then: bytes) -> list[bytes]:
    return [step for value in values for step in (_jump(_EQUAL, value, 0, 1), then)]


def _load(offset: int) -> bytes:
    return _step(_LOAD, 0, 0, offset)


def _jump(test: int, value: int, yes: int, no: int) -> bytes:
    return _step(test, yes, no, value)


def _with(bits: int) -> bytes:
    return _step(_AND, 0, 0, bits)


def _returned(value: int) -> bytes:
    return _step(_RETURN, 0, 0, value)


def _step(code: int, yes: int, no: int, value: int) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)
