"""Programs that only read in a few forms, each written out from its first word to its last."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nanodeck.contracts.requests import Word
from nanodeck.shell.judge.places import Places

_WORDS = {
    "dpkg": r"(?:-[lLsS]|--list|--listfiles|--status|--search)(?: [\w.+:*/][\w.+:*/-]*)*",
    "openssl": r"version(?: -a)?",
    **dict.fromkeys(("umask", "times", "jobs"), ""),
    "ulimit": r"-a",
}
# What an archive holds is listed; the words behind are it and names in it.
_ARCHIVES = {
    "tar": r"-?t[vzjJ]*f",
    "unzip": r"-l|-lv|-v|-Z|-Z1",
    "zipinfo": r"-1|-l|-s|-m",
    "gzip": r"-l|-lv|--list",
}
FORMS = _WORDS.keys() | _ARCHIVES.keys()


def form_doubt(words: Sequence[Word], places: Places) -> str:
    """Why a command of one of the programs of FORMS is not known only to read."""
    name, rest = words[0].text, words[1:]
    if found := next((word.text for word in rest if word.filled or not word.text), ""):
        return f"{name}: {found} is not certain before it runs"
    texts = [word.text for word in rest]
    if name in _WORDS:
        plain = not any(re.search(r"\s", text) for text in texts)
        if plain and re.fullmatch(_WORDS[name], " ".join(texts)):
            return ""
        return f"{name} is not known only to read with these words"
    if not texts or not re.fullmatch(_ARCHIVES[name], texts[0]):
        return f"{name} only reads where it lists what an archive holds"
    if len(texts) < 2 or any(re.match(r"-", text) or ":" in text for text in texts[1:]):
        return f"{name}: what it reads is not certain"
    return next((found for text in texts[1:] if (found := places.unreadable(text))), "")
