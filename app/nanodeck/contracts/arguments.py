"""Arguments of tool calls as models write them: JSON, nearly."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

_ESCAPE = re.compile(r"\\([\"\\/bfnrt]|u[0-9a-fA-F]{4})?")


def read_arguments(text: str) -> Any:
    """The value of JSON `text`, strings of which may be flawed. Raises ValueError, RecursionError.

    Raw line ends within strings are wrong, but there is no doubt what they mean; nor is there about a
    backslash that begins no escape, as models forget to double those of patterns.
    """
    with suppress(ValueError):
        return json.loads(text, strict=False)
    return json.loads(_ESCAPE.sub(_doubled, text), strict=False)


def _doubled(escape: re.Match[str]) -> str:
    return escape[0] if escape[1] else "\\\\"
