"""Level 1: Landlock rules made here, put on itself by the launcher that becomes the command.

Source: the kernel's userspace-api/landlock and linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

_CREATE, _ADD_RULE = 444, 445
_ASK_VERSION = 1
_BENEATH = 1
_WRITE_FILE, _TRUNCATE, _REFER = 1 << 1, 1 << 14, 1 << 13
_MAKE_AND_REMOVE = sum(1 << bit for bit in range(4, 13))
_BIND_TCP, _CONNECT_TCP = 1 << 0, 1 << 1
_ABSTRACT_SOCKETS, _SIGNALS = 1 << 0, 1 << 1
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

TRUNCATES_SINCE = 3
"""The first version that also keeps files outside from being cut, without opening them."""
SIGNALS_SINCE = 6
_TCP_SINCE = 4
_REFER_SINCE = 2


@cache
def version() -> int:
    """The version of Landlock that the kernel has; 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    found = _libc().syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    return max(int(found), 0)


def ruleset(writable: Iterable[Path], *, network: bool) -> int:
    """The descriptor of rules by which only `writable` folders are written. Raises OSError."""
    known = version()
    rights = _rights(known)
    tcp = 0 if network or known < _TCP_SINCE else _BIND_TCP | _CONNECT_TCP
    scope = _ABSTRACT_SOCKETS | _SIGNALS if known >= SIGNALS_SINCE else 0
    fields = [rights] + [tcp] * (known >= _TCP_SINCE) + [scope] * (known >= SIGNALS_SINCE)
    attributes = struct.pack(f"{len(fields)}Q", *fields)
    rules = _checked(
        _libc().syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    )
    try:
        for folder in writable:
            _allow(rules, folder, rights)
        for device in _DEVICES:
            with suppress(FileNotFoundError):
                _allow(rules, Path("/dev") / device, _WRITE_FILE)
    except BaseException:
        os.close(rules)
        raise
    return rules


def _rights(known: int) -> int:
    rights = _WRITE_FILE | _MAKE_AND_REMOVE
    if known >= _REFER_SINCE:
        rights |= _REFER
    if known >= TRUNCATES_SINCE:
        rights |= _TRUNCATE
    return rights


def _allow(rules: int, path: Path, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        attributes = struct.pack("=Qi", rights, place)
        _checked(_libc().syscall(_ADD_RULE, ctypes.c_int(rules), _BENEATH, attributes, ctypes.c_uint32(0)))
    finally:
        os.close(place)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
