"""Addresses of model servers as people type them, and what such a server is called."""

from __future__ import annotations

import pytest

from nanodeck.core.addresses import provider_name, whole_url


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("localhost:8080", "http://localhost:8080"),
        ("127.0.0.1:1/v1", "http://127.0.0.1:1/v1"),
        ("api.x.ai", "https://api.x.ai"),
        (" http://a/v1 ", "http://a/v1"),
        ("ftp://a", ""),
        ("", ""),
        ("http://[", ""),
    ],
)
def test_urls_are_completed_or_refused(typed: str, url: str) -> None:
    assert whole_url(typed) == url


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("http://localhost:8080", "localhost-8080"),
        ("http://192.168.1.7:8000/v1", "192-168-1-7-8000"),
        ("http://[::1]:80/", "1-80"),
        ("https://box", "box"),
    ],
)
def test_a_provider_is_named_after_its_host(url: str, name: str) -> None:
    assert provider_name(url) == name
