"""The terminal that apps under test believe in, whatever the tests were started from."""

from __future__ import annotations

import os

os.environ["COLORTERM"] = "truecolor"
os.environ.pop("NO_COLOR", None)
