"""The change that an edit's arguments describe while they still stream: shown, never applied."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk
from nanodeck.core.review import ProposedFile, review_file

DRAFT_PREFIX = "draft:"

# A string without its end takes all the rest: looking for strings inside it would take for ever.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+("?)|[{}\[\],]', re.DOTALL)
_OPEN_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?$")
_CLOSER = {"{": "}", "[": "]"}


def partial_object(text: str) -> dict[str, Any]:
    """What an unfinished JSON object holds so far: open strings count, dangling keys do not."""
    closers: list[str] = []
    settled = 0
    string_open = False
    for token in _TOKEN.finditer(text):
        sign = text[token.start()]
        if sign == '"':
            string_open = not token[1]
            continue
        settled = token.start() if sign == "," else token.end()
        if sign in _CLOSER:
            closers.append(_CLOSER[sign])
        elif sign in "}]" and closers:
            closers.pop()
    tail = "".join(reversed(closers))
    whole = _trim_escape(text) + '"' if string_open else text
    for candidate in (whole + tail, text[:settled] + tail):
        try:
            value = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, dict) else {}
    return {}


def _trim_escape(text: str) -> str:
    match = _OPEN_ESCAPE.search(text)
    if match is None:
        return text
    slashes = len(text[: match.start() + 1]) - len(text[: match.start() + 1].rstrip("\\"))
    return text[: match.start()] if slashes % 2 else text


def draft_changeset(call: str, path: str, arguments: dict[str, Any], old: str | None) -> Changeset:
    """The change that `arguments` of an edit or write describe so far; `old` is the file's text."""
    if "content" in arguments:
        pairs = [("", arguments["content"])]
    else:
        edits = arguments.get("edits")
        given = edits if isinstance(edits, list) and edits else [arguments]
        pairs = [
            (edit.get("old_string", ""), edit.get("new_string", ""))
            for edit in given
            if isinstance(edit, dict)
        ]
    hunks = tuple(
        hunk
        for number, (before, after) in enumerate(pairs)
        if isinstance(before, str) and isinstance(after, str)
        if (hunk := _hunk(number, before, after, old or "")).body
    )
    diff = FileDiff(
        path,
        "created" if old is None else "modified",
        hunks,
        sum(hunk.added for hunk in hunks),
        sum(hunk.removed for hunk in hunks),
    )
    return Changeset(f"{DRAFT_PREFIX}{call}", (call,), (diff,))


def draft_file(path: str, pairs: Sequence[tuple[str, str]], old: str) -> FileDiff:
    """What becomes of a file whose text is `old` where each first of `pairs` becomes its second."""
    hunks: list[Hunk] = []
    for before, after in pairs:
        start = old.count("\n", 0, max(0, old.find(before)))
        for hunk in review_file(ProposedFile(path, encoded(before), encoded(after))).diff.hunks:
            places = {"old_start": hunk.old_start + start, "new_start": hunk.new_start + start}
            hunks.append(replace(hunk, id=len(hunks) + 1, **places))
    return FileDiff(
        path, "modified", tuple(hunks), sum(hunk.added for hunk in hunks), sum(hunk.removed for hunk in hunks)
    )


def encoded(text: str) -> bytes:
    """`text` in bytes for showing: halves of characters may still come whole."""
    return text.encode("utf-8", "replace")


def _hunk(number: int, before: str, after: str, old: str) -> Hunk:
    at = old.find(before) if before else 0
    start = old.count("\n", 0, at) + 1 if at >= 0 else 1
    removed, added = _lines(before), _lines(after)
    body = "\n".join([*("-" + line for line in removed), *("+" + line for line in added)])
    return Hunk(number, start, len(removed), start, len(added), "", body)


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []
