"""What a shell's variables may hold while a command is read: enough to see through them, never all."""

from __future__ import annotations

import os

from msgspec import Struct, field

UNKNOWN = "\ue000"
"""Stands for text that only the run can tell."""
UNSET = "\ue001"
"""Stands for the value of a variable that nothing seems to set: most probably empty."""
BREAK = "\ue002"
"""Stands where the shell may break a word in two."""
_LONGEST = 100_000


class Scope(Struct):
    """Possible values of variables by name, arguments by place, functions by name, and the folder.

    `folder` is None where a `cd` leads somewhere only the run can tell.
    """

    home: str
    folder: str | None
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    arguments: tuple[str, ...] | None = None
    functions: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> tuple[str, ...]:
        """What the variable or argument `name` may hold."""
        if name in self.values:
            return tuple(UNKNOWN if len(value) > _LONGEST else value for value in self.values[name])
        if name in "@*" or name.isdecimal():
            return self._argument(name)
        known = {
            "HOME": self.home,
            "PWD": self.folder if self.folder is not None else UNKNOWN,
            "IFS": " ",
            "PATH": "/usr/bin:/bin",
            "SHELL": "/bin/bash",
            "USER": os.path.basename(self.home),
            "LOGNAME": os.path.basename(self.home),
            **dict.fromkeys("?#!-", "0"),
            "$": "1000",
        }
        if name in known:
            return (known[name],)
        return (UNKNOWN if name in os.environ or name in ("OLDPWD", "RANDOM", "_") else UNSET,)

    def _argument(self, name: str) -> tuple[str, ...]:
        if self.arguments is None:
            return (UNKNOWN,)
        if name in "@*":
            return (BREAK.join(self.arguments[1:]),)
        place = int(name) if len(name) < 6 else len(self.arguments)
        return (self.arguments[place],) if place < len(self.arguments) else ("",)

    def called(self, arguments: tuple[str, ...]) -> Scope:
        """The scope of a script or function that is given `arguments`, its own name first."""
        return Scope(self.home, self.folder, dict(self.values), arguments, self.functions)
