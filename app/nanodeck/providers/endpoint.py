"""Where a provider is reached: its base URL, made usable, and its key, kept out of sight."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

from msgspec import Struct

from nanodeck.contracts.discreet import Discreet
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.text import one_line
from nanodeck.providers.catalogue import KNOWN

REDACTED = "[key]"
_ENDINGS = ("/chat/completions", "/completions", "/models")
_KEY_SHAPES = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|csk|tgp)[-_][A-Za-z0-9_*.\-]{6,}|\bAIza[\w\-]{10,}|(?<=Bearer )\S{6,}"
)


class Endpoint(Discreet, Struct, frozen=True):
    """A provider's normalised base URL and key; `key_source` says where the key came from.

    `query` is what followed `?` in the base URL and goes with every request.
    """

    hidden = frozenset({"key", "query"})

    provider: str
    base_url: str
    key: str = ""
    key_source: str = ""
    query: str = ""

    @property
    def host(self) -> str:
        """The host name in lower case."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def loopback(self) -> bool:
        """Whether the server runs on this machine."""
        return _is_loopback(self.host)

    @property
    def local(self) -> bool:
        """Whether the server is on this machine or in a private network (slow, but ours)."""
        return self.loopback or _is_private(self.host)

    def url(self, path: str) -> str:
        """The URL of `path` ("chat/completions")."""
        return f"{self.base_url}/{path}" + (f"?{self.query}" if self.query else "")

    def redact(self, text: str) -> str:
        """`text` without this endpoint's secrets and without anything shaped like a key."""
        secrets = {self.key, quote(self.key, safe=""), self.query}
        for secret in sorted(secrets - {""}, key=len, reverse=True):
            text = text.replace(secret, REDACTED)
        return _KEY_SHAPES.sub(REDACTED, text)


def make_endpoint(provider: str, base_url: str, key: str = "", key_source: str = "") -> Endpoint:
    """An endpoint from a base URL as people type it. Raises NanodeckError."""
    url, query = normalise_url(base_url)
    key = key.strip()
    if not (key.isascii() and key.isprintable()):
        raise NanodeckError(
            f"the key of {provider} holds characters that no key has",
            f"set it again{f' ({key_source})' if key_source else ''}, without quotes or line breaks",
        )
    return Endpoint(provider, url, key, key_source, query)


def normalise_url(text: str) -> tuple[str, str]:
    """The base URL to which `/chat/completions` is added, and its query.

    A bare host gets the path its provider is known for, else `/v1`; any other path is kept.
    Raises NanodeckError when it is no URL.
    """
    parts = _split(text)
    path = re.sub("/{2,}", "/", parts.path).rstrip("/")
    for ending in _ENDINGS:
        if path.endswith(ending):
            path = path.removesuffix(ending)
            break
    else:
        path = _complete_path(parts.hostname or "", path)
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port is not None else ""
    return f"{parts.scheme.lower()}://{shown}{port}{path}", parts.query


def _split(text: str) -> SplitResult:
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname, parts.port
        if "://" not in text and host and (_is_loopback(host) or _is_private(host)):
            parts = parts._replace(scheme="http")
    except ValueError:
        host, port = None, None
    if not host or parts.scheme.lower() not in ("http", "https") or not re.fullmatch(r"[\w.\-:%]+", host):
        raise NanodeckError(
            f"{one_line(text, 120)!r} is not a base URL", "write it like http://localhost:11434/v1"
        )
    if parts.username or parts.password:
        raise NanodeckError(
            f"the base URL for {host} holds a user name or password", "put the key where keys go instead"
        )
    del port
    return parts


def _complete_path(host: str, path: str) -> str:
    for known in KNOWN.values():
        parts = urlsplit(known.base_url)
        if not known.local and parts.hostname == host.lower() and f"{parts.path}/".startswith(f"{path}/"):
            return parts.path
    return path or "/v1"


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and (address.is_loopback or address.is_unspecified)


def _is_private(host: str) -> bool:
    if host.endswith((".local", ".lan", ".internal")):
        return True
    address = _address(host)
    return address is not None and address.is_private


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
