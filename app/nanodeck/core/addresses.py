"""Addresses of model servers as people type them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LOCAL = re.compile(r"(localhost|127\.|\[::1\]|0\.0\.0\.0)")


def whole_url(typed: str) -> str:
    """The URL meant by `typed`, empty if it is none; without a scheme, http is for this machine alone."""
    url = typed.strip()
    if url and "://" not in url:
        url = f"{'http' if _LOCAL.match(url) else 'https'}://{url}"
    try:
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def provider_name(url: str) -> str:
    """A short name for the server at `url`, fit to stand before a model's name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    labels = host.split(".")
    if _LOCAL.match(host) or ":" in host or labels[-1].isdigit() or len(labels) < 2:
        host = f"{host}-{parts.port}" if parts.port else host
    else:
        host = labels[-2]
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-") or "provider"
