"""Style sheets parsed once for each theme: half of what a scene would cost in every look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_parse_rules = Stylesheet._parse_rules
_parsed: dict[tuple[Any, ...], list[RuleSet]] = {}


def _parse_once(self: Stylesheet, css: str, read_from: Any, *others: Any, **named: Any) -> list[RuleSet]:
    key = (css, read_from, others, frozenset(named.items()), frozenset(self._variables.items()))
    if key not in _parsed:
        _parsed[key] = _parse_rules(self, css, read_from, *others, **named)
    return _parsed[key]


@contextmanager
def sheets_parsed_once() -> Iterator[None]:
    """Keep what was parsed for the apps that come after."""
    with patch.object(Stylesheet, "_parse_rules", _parse_once):
        yield
