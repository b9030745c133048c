"""What a pipeline prints, where its programs only pass on or decode literal text."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nanodeck.shell.judge.expanding import decoded, unescaped
from nanodeck.shell.judge.scope import UNKNOWN

if TYPE_CHECKING:
    from nanodeck.shell.judge.tolerant import Rough

_FORMAT = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?[sbcdiq]")
_PASSES = frozenset(("cat", "tee"))
_DECODES = {"base64": b64decode, "gbase64": b64decode, "openssl": b64decode, "xxd": bytes.fromhex}


def output_of(commands: Sequence[Rough]) -> str:
    """What the last of `commands` prints; UNKNOWN where that is not certain."""
    return _printed(commands[-1]) if commands else ""


def _printed(command: Rough) -> str:
    if not command.words:
        return UNKNOWN
    name, words = command.words[0].rsplit("/", 1)[-1], list(command.words[1:])
    if name == "echo":
        while words and re.fullmatch(r"-[neE]+", words[0]):
            escapes = "e" in words.pop(0)
            words = [unescaped(word) for word in words] if escapes else words
        return " ".join(words)
    if name == "printf":
        return _formatted([word for word in words if word != "--"])
    if name == "pwd":
        return command.folder or UNKNOWN
    if name in ("which", "command", "type") and words:
        return words[-1]
    read = command.given or (_printed(command.source) if command.source else UNKNOWN)
    if UNKNOWN in read:
        return UNKNOWN
    if name in _DECODES and any(re.fullmatch(r"-\w*[dDr]\w*|--decode", word) for word in words):
        return decoded(read, _DECODES[name])
    if name == "rev":
        return "\n".join(line[::-1] for line in read.split("\n"))
    if name in _PASSES and not [word for word in words if not word.startswith("-")]:
        return read
    if name == "tr":
        return _translated(read, words)
    return UNKNOWN


def _formatted(words: list[str]) -> str:
    if not words:
        return ""
    template, rest = unescaped(words[0]), words[1:]
    printed = ""
    count = len(_FORMAT.findall(template))
    while True:
        printed += _filled(template, rest)
        rest = rest[count:]
        if not rest or not count:
            return printed.replace("%%", "%")


def _filled(template: str, values: list[str]) -> str:
    left = iter(values)
    return _FORMAT.sub(lambda match: unescaped(next(left, "")), template)


def _translated(text: str, words: list[str]) -> str:
    if len(words) == 2 and words[0] in ("-d", "--delete"):
        gone = _characters(words[1])
        return "".join(character for character in text if character not in gone)
    if len(words) == 2 and not words[0].startswith("-"):
        old, new = _characters(words[0]), _characters(words[1])
        return text.translate(str.maketrans(old, (new + new[-1:] * len(old))[: len(old)]))
    return UNKNOWN


def _characters(text: str) -> str:
    def unfolded(match: re.Match[str]) -> str:
        return "".join(map(chr, range(ord(match[1]), ord(match[2]) + 1)))

    return re.sub(r"(.)-(.)", unfolded, unescaped(text), flags=re.DOTALL)
