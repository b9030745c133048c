"""What leaves events with the secrets that are known."""

from __future__ import annotations

from nanodeck.contracts.events import Noticed
from nanodeck.engine.discretion import discreet


def test_a_planted_secret_that_is_called_like_an_event_breaks_none() -> None:
    event = Noticed("info", "said Noticed to ToolStarted", "half \ud800 Noticed")
    told = discreet(event, lambda: ("Noticed", "ToolStarted"))
    assert (told.level, told.text) == ("info", "said [key] to [key]")


def test_an_event_without_secrets_is_the_same() -> None:
    event = Noticed("info", "nothing")
    assert discreet(event, lambda: ("canary-12345",)) is event
