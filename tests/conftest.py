"""The terminal that apps under test believe in, whatever the tests were started from."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
for name in ("NO_COLOR", "NANODECK_ASCII"):
    os.environ.pop(name, None)

# How long an example takes says how busy the machine is, not whether it holds.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
