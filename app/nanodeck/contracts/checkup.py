"""What a look over the whole installation finds, with the cure for each fault."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from msgspec import Struct

from nanodeck.contracts.queries import Query

Standing = Literal["good", "note", "fault"]
"""All right; worth knowing; something that does not work as it should."""


class Finding(Struct, frozen=True, omit_defaults=True):
    """One thing that was looked at. `origin` is where a value comes from, `cure` what mends a fault."""

    topic: str
    standing: Standing
    text: str
    origin: str = ""
    cure: str = ""


class CheckUp(Query[tuple[Finding, ...]], frozen=True):
    """Look over settings, sandbox, programs, providers, sessions and checkpoints."""


def by_topic(findings: tuple[Finding, ...]) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """The findings of each topic, in their order."""
    for topic, of_topic in groupby(findings, lambda finding: finding.topic):
        yield topic, tuple(of_topic)


def tally(findings: tuple[Finding, ...]) -> str:
    """How it stands in all, in a few words."""
    faults = sum(finding.standing == "fault" for finding in findings)
    if not faults:
        return "nothing is wrong"
    return f"{faults} thing{'s are' if faults > 1 else ' is'} wrong"
