"""How often a stream is read."""

from __future__ import annotations

from nanodeck.providers.pace import INTERVAL, LARGE, QUICK, Pace


def after(*reads: tuple[float, int]) -> float:
    pace = Pace()
    for seconds, size in reads:
        pace.note(seconds, size)
    return pace.wait


def test_the_first_reads_never_wait() -> None:
    assert after() == 0
    assert after(*[(0.0, 100)] * (QUICK - 1)) == 0


def test_a_quick_stream_of_small_pieces_is_read_together() -> None:
    assert after(*[(0.005, 100)] * QUICK) == INTERVAL
    assert after(*[(0.0, 100)] * (QUICK + 100)) == INTERVAL


def test_one_slow_piece_makes_it_a_slow_stream_again() -> None:
    assert after(*[(0.005, 100)] * QUICK, (INTERVAL, 100)) == 0


def test_a_flood_is_read_as_fast_as_it_comes() -> None:
    assert after(*[(0.0, 100)] * QUICK, (0.0, LARGE)) == 0
