"""The terminal that apps under test believe in, whatever the tests were started from."""

from __future__ import annotations

import os

os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
for name in ("NO_COLOR", "NANODECK_ASCII"):
    os.environ.pop(name, None)
