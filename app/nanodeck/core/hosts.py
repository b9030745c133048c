"""Names of hosts as a command asks for them: one spelling each, or none that anybody is asked about."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBERISH = re.compile(r"\d+|0x[0-9a-f]*")
_LONGEST = 253


def checked_host(text: str) -> str:
    """The one spelling of the host `text`: lower case, IDNA, no dot at its end. Raises ValueError.

    Whatever two programs could read as two hosts is no host: control characters, blanks, user names,
    escapes, and numbers that only some take for addresses.
    """
    bracketed = text.startswith("[") and text.endswith("]")
    if bracketed or ":" in text:
        return str(_address(text[1:-1] if bracketed else text))
    name = text.removesuffix(".").lower()
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    labels = name.split(".")
    if _NUMBERISH.fullmatch(labels[-1]):
        return str(IPv4Address(name))
    if len(name) > _LONGEST or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"{text!r} is no name of a host")
    return name


def _address(text: str) -> IPv6Address:
    address = IPv6Address(text)
    if address.scope_id is not None:
        raise ValueError(f"{text!r} is an address of one link only")
    return address


def host_matches(pattern: str, host: str) -> bool:
    """Whether `host`, as `checked_host` spells it, is `pattern`, or below it where that starts with `*.`."""
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) >= len(pattern)
    return host == pattern
