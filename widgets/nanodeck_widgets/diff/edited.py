"""Hunks that a person edited, shown as what will be written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from msgspec.structs import replace

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.text import clean

NO_NEWLINE = "\\ No newline at end of file"


def proposed_text(hunk: Hunk) -> str:
    """The lines of a hunk as proposed, each ended by a line feed: what a person starts from."""
    return "".join(f"{line.removesuffix(chr(13))}\n" for line in _side(hunk, "+"))


def not_editable(file: FileDiff, hunk: Hunk, text: str) -> str:
    """Why an editor would not leave the rest of a hunk's `text` as it is; empty where it does."""
    if file.kind == "deleted":
        return "a file that is deleted has no lines to edit"
    ends = {line.endswith("\r") for line in _side(hunk, "+")[:-1]}
    if len(ends) > 1 or clean(text) != text:
        return "its lines have signs or ends that an editor would change: pick lines instead"
    return ""


def with_edits(changeset: Changeset, marks: Iterable[HunkMark]) -> Changeset:
    """`changeset` with every edited hunk from its old lines to the person's; itself when there is none."""
    texts = {(mark.path, mark.hunk): mark.text for mark in marks if mark.mark == "edited"}
    if not texts:
        return changeset
    files = tuple(_file(file, texts) for file in changeset.files)
    return replace(changeset, files=files)


def _file(file: FileDiff, texts: dict[tuple[str, int], str]) -> FileDiff:
    hunks = tuple(
        _edited(hunk, texts[file.path, hunk.id]) if (file.path, hunk.id) in texts else hunk
        for hunk in file.hunks
    )
    added, removed = sum(hunk.added for hunk in hunks), sum(hunk.removed for hunk in hunks)
    return replace(file, hunks=hunks, added=added, removed=removed)


def _edited(hunk: Hunk, text: str) -> Hunk:
    old = _side(hunk, "-")
    end = "\r" if any(line.endswith("\r") for line in (*old, *_side(hunk, "+"))) else ""
    new = [line + end for line in text.removesuffix("\n").split("\n")] if text else []
    body: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            body += [f" {line}" for line in old[a:b]]
        else:
            body += [f"-{line}" for line in old[a:b]] + [f"+{line}" for line in new[c:d]]
    start = hunk.new_start if new else max(0, hunk.new_start - 1)
    return replace(hunk, body="\n".join(body), new_count=len(new), new_start=start or bool(new))


def _side(hunk: Hunk, sign: str) -> Sequence[str]:
    """Context and the lines of one sign."""
    lines = hunk.body.split("\n") if hunk.body else []
    return [line[1:] for line in lines if line[:1] in (" ", sign) and line != NO_NEWLINE]
