"""Hosts have one spelling each; what can be read in two ways has none."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from nanodeck.core.hosts import checked_host, host_matches


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("example.org", "example.org"),
        ("Example.ORG.", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[2001:DB8::0:1]", "2001:db8::1"),
        ("localhost", "localhost"),
        ("my_host-1.example", "my_host-1.example"),
    ],
)
def test_a_host_has_one_spelling(typed: str, host: str) -> None:
    assert checked_host(typed) == host


@pytest.mark.parametrize(
    "typed",
    [
        "", ".", "a..b", ".a", "evil.com\0.example.org", "a b", "a\tb", "a\r\nb", "user@host", "a%2eb", "a/b",
        "-a.b", "a-.b", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "1.2.3.4.5", "[::1",
        "[::1%eth0]", "x" * 64 + ".com", "a." * 130 + "com", "a\u2024b..", "a\u200b\0.com", "a:b:c",
    ],
)  # fmt: skip
def test_what_two_programs_could_read_differently_is_no_host(typed: str) -> None:
    with pytest.raises(ValueError):
        checked_host(typed)


@given(st.text(max_size=40))
def test_a_spelling_is_its_own(typed: str) -> None:
    try:
        host = checked_host(typed)
    except ValueError:
        return
    assert checked_host(host) == host
    assert host.isascii()
    assert host.isprintable()
    assert " " not in host


def test_a_pattern_covers_hosts_below_it_only_with_a_star() -> None:
    assert host_matches("example.org", "example.org")
    assert not host_matches("example.org", "www.example.org")
    assert host_matches("*.example.org", "www.example.org")
    assert host_matches("*.example.org", "a.b.example.org")
    assert not host_matches("*.example.org", "example.org")
    assert not host_matches("*.example.org", "evilexample.org")
    assert not host_matches("*.example.org", ".example.org")
