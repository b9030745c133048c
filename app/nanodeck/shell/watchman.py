"""Whoever kills nanodeck the hard way does not leave its commands running: a watchman ends them."""

from __future__ import annotations

import logging
import os
import subprocess

# It waits for the end of its input, which comes with the end of nanodeck, however that ends. Whoever
# carries the mark and starts another process meanwhile is found by the next round.
_WATCH = """\
trap '' HUP INT TERM
while read -r _; do :; done
for round in 1 2 3 4 5; do
  found=$(grep -lsF -- "$1" /proc/[0-9]*/environ)
  [ "$found" ] || exit 0
  for file in $found; do pid=${file#/proc/}; kill -9 "${pid%/environ}"; done
done
"""

_log = logging.getLogger(__name__)


class Watchman:
    """A small process that kills what carries `mark` in its environment, once this one is gone.

    Needs /proc; elsewhere only an orderly end takes the commands along.
    """

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Watch from now on."""
        if self._process or not os.path.isdir("/proc/self"):
            return
        try:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _WATCH, "nanodeck-watchman", self._mark],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.defpath},
                start_new_session=True,
            )
        except OSError as error:
            _log.warning("nobody watches over commands: %s", error)

    def end(self) -> None:
        """Nothing is left to watch over."""
        if self._process and self._process.stdin:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process = None
