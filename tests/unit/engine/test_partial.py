"""The open reply is kept as it comes, and a disk that takes nothing stops nothing."""

from __future__ import annotations

from pathlib import Path

from nanodeck.engine.records.partial import Partial, left_of


def test_the_reply_that_came_last_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "main.partial"
    assert left_of(path) == ("", "")
    for reply, pieces in (("r1", ("a longer one\n", "日本")), ("r2", ("short",)), ("r3", ())):
        kept = Partial(path, reply)
        for piece in pieces:
            kept.add(piece)
        kept.close()
    assert left_of(path) == ("r2", "short")
    assert path.stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_kept_it_goes_on(tmp_path: Path) -> None:
    kept = Partial(tmp_path / "no such folder" / "main.partial", "r1")
    kept.add("text")
    kept.add("more")
    kept.close()
    assert left_of(tmp_path / "no such folder" / "main.partial") == ("", "")
