"""The log: private, bounded, and without keys or controls."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from nanodeck.store.keys import Redactor
from nanodeck.store.log import start_log, stop_log
from nanodeck.store.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path / "home")


@pytest.fixture
def handler(places: Places) -> Iterator[logging.Handler]:
    handler = start_log(places, Redactor(["canary-secret"]).redact)
    yield handler
    stop_log(handler)


@pytest.mark.usefixtures("handler")
def test_the_log_is_made_private_with_its_first_line(places: Places) -> None:
    assert not places.log.exists()
    logging.getLogger("nanodeck.test").info("hello")
    assert places.log.read_text().endswith("INFO " + places.log.read_text().split("INFO ")[1])
    assert stat.S_IMODE(places.log.stat().st_mode) == 0o600


@pytest.mark.usefixtures("handler")
def test_keys_and_controls_never_reach_it_not_even_in_tracebacks(places: Places) -> None:
    log = logging.getLogger("nanodeck.test")
    log.warning("said %s", "canary-secret \x1b]0;title\x07\x1b[2J\u202e")
    try:
        raise ValueError("canary-secret\nsecond line")
    except ValueError:
        log.exception("failed")
    text = places.log.read_text()
    assert "canary" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "ValueError: [key]" in text
    assert "\n    second line" in text


@pytest.mark.usefixtures("handler")
def test_it_does_not_grow_without_end(places: Places) -> None:
    for _ in range(50):
        logging.getLogger("nanodeck.test").info("x" * 100_000)
    files = sorted(path.name for path in places.log.parent.iterdir())
    assert files == ["nanodeck.log", "nanodeck.log.1", "nanodeck.log.2"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in places.log.parent.iterdir()} == {0o600}


def test_a_log_that_cannot_be_written_stops_nothing(
    places: Places, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    handler = start_log(places, str)
    logging.getLogger("nanodeck.test").error("lost")
    stop_log(handler)
    assert capfd.readouterr().err == ""
