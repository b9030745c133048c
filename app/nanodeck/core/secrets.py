"""Known secrets are taken out of text, also of text that comes in pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from nanodeck.contracts.discreet import HIDDEN

SHORTEST = 8
"""Shorter values are placeholders of local servers ("none", "ollama"): words that occur everywhere."""

_WORDS = r"(?:key|token|secret|passw(?:or)?d|passphrase|credentials?|private)"
_NAMED_SECRET = re.compile(rf"(?i)(?:{_WORDS}|auth|dsn)\d*$")
_ABOUT_SECRET = re.compile(rf"(?i)(?:^|[_.])(?:api)?{_WORDS}(?:[_.]|$)")
"""Names that only speak of one ("API_KEY_HEADER", "SECRET_KEY_BASE"): what looks made by chance is one."""
_BY_CHANCE = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[\w+/=~-]{16,}")
_ADDRESS = re.compile(r"[a-z][\w+.-]*://(?![^/@\s]+@)", re.IGNORECASE)
"""One that names no user: it stands everywhere."""
_GUARDED = re.compile(r"\d|[a-z].*[A-Z]|[A-Z].*[a-z]")
"""Words of a language are no secrets: to hide them would hide half of a project."""
_ASSIGNED = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=[ \t]*(.*)$", re.MULTILINE)

Secrets = Callable[[], Collection[str]]
"""What is known by now, none of it shorter than SHORTEST."""


def hide(text: str, secrets: Collection[str]) -> str:
    """`text` without any of `secrets`."""
    for secret in sorted(secrets, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, HIDDEN)
    return text


def secrets_in(text: str) -> tuple[str, ...]:
    """Values in the text of an `.env` file whose names say that they are secret."""
    found = []
    for name, value in _ASSIGNED.findall(text):
        plain = value.strip()
        if plain[:1] in ("'", '"') and plain.find(plain[0], 1) > 0:
            plain = plain[1 : plain.find(plain[0], 1)]
        else:
            plain = re.split(r"\s+#", plain)[0]
        if _is_secret(name, plain):
            found.append(plain)
    return tuple(found)


def secrets_of(environment: Mapping[str, str], names: Collection[str]) -> tuple[str, ...]:
    """The values of the variables called `names`, and of all whose names say that they are secret."""
    return tuple(value for name, value in environment.items() if name in names or _is_secret(name, value))


def _is_secret(name: str, value: str) -> bool:
    # Paths of sockets and stores have such names too.
    if len(value) < SHORTEST or value.startswith(("/", "~")) or _ADDRESS.match(value):
        return False
    if _NAMED_SECRET.search(name):
        return bool(_GUARDED.search(value))
    return bool(_ABOUT_SECRET.search(name) and _BY_CHANCE.fullmatch(value))


class SecretFilter:
    """Takes secrets out of a stream: what may be the beginning of one waits for what follows."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._held = ""

    def feed(self, text: str, *, final: bool = False) -> str:
        """What can be passed on, once `text` came; `final`: nothing follows."""
        secrets = self._secrets()
        text, self._held = hide(self._held + text, secrets), ""
        if final:
            return text
        kept = max((_begun(text, secret) for secret in secrets), default=0)
        if kept:
            text, self._held = text[:-kept], text[-kept:]
        return text


def _begun(text: str, secret: str) -> int:
    """How many characters at the end of `text` may be the beginning of `secret`."""
    for length in range(min(len(secret) - 1, len(text)), 0, -1):
        if text.endswith(secret[:length]):
            return length
    return 0
