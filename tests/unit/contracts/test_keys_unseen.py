"""Keys on their way to the engine: in no text that is made of what carries them."""

from __future__ import annotations

import pytest
from rich.pretty import pretty_repr

from nanodeck.contracts.commands import AddProvider
from nanodeck.contracts.queries import TryProvider
from nanodeck.providers.endpoint import Endpoint
from nanodeck.store.keys import KeyFile


@pytest.mark.parametrize(
    "carrier",
    [
        AddProvider("mine", "http://h/v1", "m", "canary-1234"),
        TryProvider("http://h/v1", "canary-1234"),
        Endpoint("mine", "http://h/v1", "canary-1234", query="k=canary-5678"),
        KeyFile({"mine": "canary-1234"}, ("http://h/v1",)),
    ],
)
def test_what_carries_a_key_never_shows_it(carrier: object) -> None:
    for text in (repr(carrier), str(carrier), f"{[carrier]}", pretty_repr(carrier)):
        assert "canary" not in text
        assert "http://h/v1" in text
