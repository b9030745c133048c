"""Merging pieces of a reply changes nothing of what they say."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from nanodeck.contracts.messages import AssistantMessage, Origin
from nanodeck.contracts.model import CallDelta, ModelEvent, ReasoningDelta, Reply, TextDelta, Usage
from nanodeck.providers.merging import merged

_TEXT = st.text(max_size=3)
_PIECES = st.one_of(
    st.builds(TextDelta, _TEXT),
    st.builds(ReasoningDelta, _TEXT),
    st.builds(CallDelta, st.sampled_from(["a", "b"]), st.just("edit"), _TEXT),
    st.just(Reply(AssistantMessage((), "stop", Origin("p", "m")), Usage())),
)


def _kind(event: ModelEvent) -> tuple[str, str]:
    return type(event).__name__, event.id if isinstance(event, CallDelta) else ""


def _letters(events: list[ModelEvent]) -> list[tuple[tuple[str, str], str]]:
    """Every character in its order with what it is a part of."""
    said = []
    for event in events:
        match event:
            case TextDelta(text=text) | ReasoningDelta(text=text) | CallDelta(arguments=text):
                said += [(_kind(event), letter) for letter in text]
            case _:
                said.append((_kind(event), ""))
    return said


@given(st.lists(_PIECES, max_size=12))
def test_what_is_said_stays_in_its_order(events: list[ModelEvent]) -> None:
    assert _letters(merged(events)) == _letters(events)


@given(st.lists(_PIECES, max_size=12))
def test_no_two_neighbours_could_be_one(events: list[ModelEvent]) -> None:
    kinds = [_kind(event) for event in merged(events)]
    assert all(before != after for before, after in pairwise(kinds) if before[0] != "Reply")
