"""How long a server asks to wait, in every form servers use."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

_UNIT = r"(?:ms|milliseconds?|hours?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])"
_TEXT = re.compile(
    rf"(?:try again|retry|wait)[^.\n\d]{{0,30}}((?:\d{{1,9}}(?:\.\d{{1,9}})? ?{_UNIT} ?)+)", re.IGNORECASE
)
_SPAN = re.compile(r"(\d+(?:\.\d+)?) ?(ms|mil|h|m|s)", re.IGNORECASE)
_UNITS = {"ms": 0.001, "mil": 0.001, "h": 3600.0, "m": 60.0, "s": 1.0}


def wait_asked(headers: Mapping[str, str], body: Any, now: float | None = None) -> float | None:
    """Seconds the server asks to wait, from headers or a parsed error body; None when it does not say.

    Header names are in lower case. A date in the past is 0. `now` is seconds since the epoch.
    """
    now = time.time() if now is None else now
    asked = _milliseconds(headers.get("retry-after-ms"))
    if asked is None:
        asked = _header(headers.get("retry-after"), now)
    for value in _in_body(body) if asked is None else ():
        return value
    return asked


def _header(value: str | None, now: float) -> float | None:
    if value is None:
        return None
    number = _number(value)
    if number is not None:
        return number
    spans = _spans(value)
    if spans is not None:
        return spans
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _milliseconds(value: Any) -> float | None:
    number = _number(value)
    return None if number is None else number / 1000


def _spans(value: str) -> float | None:
    """Seconds of a text such as `1.5s`, `20ms` or `6m0s`."""
    value = value.strip()
    if not re.fullmatch(rf"(?:\d{{1,9}}(?:\.\d{{1,9}})? ?{_UNIT} ?)+", value, re.IGNORECASE):
        return None
    found = _SPAN.findall(value)
    return sum(float(number) * _UNITS[unit.lower()] for number, unit in found) if found else None


def _in_body(body: Any) -> Iterator[float]:
    """Waits named anywhere in an error body: by field, by Google's retry details, by its words."""
    for key, value in _fields(body, 0):
        folded = re.sub("[_-]", "", key.lower())
        wait: float | None = None
        if folded == "retryafterms":
            wait = _milliseconds(value)
        elif folded in ("retryafter", "retryafterseconds", "retrydelay"):
            wait = _number(value) if not isinstance(value, str) else _header(value, time.time())
        elif isinstance(value, str) and (match := _TEXT.search(value)):
            wait = _spans(match.group(1))
        if wait is not None:
            yield wait


def _fields(node: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > 6:
        return
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key), value
            yield from _fields(value, depth + 1)
    elif isinstance(node, list):
        for item in node[:20]:
            yield from _fields(item, depth + 1)
