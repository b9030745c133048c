"""The program that confines itself and becomes a command: `launcher RULES FILTER VARIABLES COMMAND…`.

The first three are descriptors: of a Landlock ruleset, of a seccomp filter, and of the command's variables,
each ended by a NUL. It starts for every command, so it imports what it cannot do without.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

_RESTRICT_SELF = 446
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES_VERSION = 0x20080522
_SET_SECCOMP, _FILTER, _SET_SECUREBITS, _SET_NO_NEW_PRIVILEGES = 22, 2, 28, 38
_ROOT_IS_NOBODY = 0b11  # SECBIT_NOROOT, locked: starting a program brings no capabilities back
_INSTRUCTION = 8


def main() -> None:
    """Confine this process, then run the command in its place."""
    rules, program, variables = (int(number) for number in sys.argv[1:4])
    with open(variables, encoding="utf-8", errors="surrogateescape") as file:
        environment = dict(each.split("=", 1) for each in file.read().split("\0")[:-1])
    os.close(int(sys.argv[0].rpartition("/")[2]))  # this script
    try:
        _confine(rules, program)
        os.execvpe(sys.argv[4], sys.argv[4:], environment)
    except OSError as error:
        sys.stderr.write(f"sandbox: {error.strerror}\n")
        sys.exit(126)


def _confine(rules: int, program: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)

    def call(done: int) -> None:
        if done:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    if os.geteuid() == 0:
        # What root may do beyond files (mounts, owners, other people's processes) is no part of a command.
        call(libc.prctl(_SET_SECUREBITS, ctypes.c_ulong(_ROOT_IS_NOBODY), 0, 0, 0))
        header = struct.pack("Ii", _CAPABILITIES_VERSION, 0)
        call(libc.syscall(_CAPSET[os.uname().machine], header, bytes(24)))
    call(libc.prctl(_SET_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), 0, 0, 0))
    call(libc.syscall(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0)))
    os.close(rules)
    code = os.read(program, 1 << 16)
    os.close(program)
    steps = ctypes.create_string_buffer(code, len(code))
    described = struct.pack("HP", len(code) // _INSTRUCTION, ctypes.addressof(steps))
    call(libc.prctl(_SET_SECCOMP, ctypes.c_ulong(_FILTER), described, 0, 0))


if __name__ == "__main__":
    main()
