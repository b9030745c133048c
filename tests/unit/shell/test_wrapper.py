"""What the script around a command reports, whatever the command itself writes there."""

from __future__ import annotations

from hypothesis import given, strategies as st

from nanodeck.shell.wrapper import reported_attempts, reported_folder

COUNTS = b"\n\0Ip: In OutNoRoutes\nIp: 3 2\nUdp: NoPorts\nUdp: 1\n\0/\n\0"


def test_the_folder_and_what_was_tried_are_told_apart() -> None:
    assert str(reported_folder(COUNTS)) == "/"
    assert reported_attempts(COUNTS) == 3
    assert reported_attempts(b"\n\0/\n\0") == 0


@given(
    st.lists(st.sampled_from([b"Ip: ", b"Udp: ", b"OutNoRoutes", b"9" * 300, b"\xb2 ", b"\n", b"\n\0", b"/"]))
)
def test_whatever_stands_in_a_report_is_read(pieces: list[bytes]) -> None:
    report = b"".join(pieces)
    assert reported_attempts(report) >= 0
    reported_folder(report)
