"""What happens to a file besides its lines: a new name, new rights, bytes that are no text."""

from __future__ import annotations

from nanodeck.contracts.changes import ENCODING_NAMES, ChangeKind, FileDiff
from nanodeck.contracts.text import counted, one_line

KIND_NAMES: dict[ChangeKind, str] = {
    "modified": "",
    "created": "new",
    "deleted": "deleted",
    "renamed": "renamed",
    "copied": "copied",
}
RUNNABLE = 0o111
RIGHTS = 0o777


def tallies(file: FileDiff) -> tuple[str, str]:
    """How many lines a file gains and loses; nothing where no line changes."""
    return (f"+{file.added}", f"-{file.removed}") if file.added or file.removed else ("", "")


def briefly(file: FileDiff) -> list[str]:
    """What is said of a file in a word each, besides its tallies."""
    mode = _rights_word(*file.modes) if file.modes else ""
    encoding = "" if file.encoding == "utf-8" else ENCODING_NAMES[file.encoding]
    ends = "CRLF" if any("\r\n" in hunk.body for hunk in file.hunks[:1]) else ""
    yours = "yours" if file.author == "you" else ""
    binary = "binary" if file.sizes else ""
    kind = (
        f"{KIND_NAMES[file.kind]} from {one_line(file.old_path)}" if file.old_path else KIND_NAMES[file.kind]
    )
    return list(filter(None, (yours, kind, binary, mode, encoding, ends)))


def facts(file: FileDiff) -> tuple[str, ...]:
    """What a hunk without lines stands for, a sentence each; never none."""
    said: list[str] = []
    if file.old_path:
        said.append(f"{KIND_NAMES[file.kind]} from {one_line(file.old_path)}")
    if file.modes:
        before, after = (mode & RIGHTS for mode in file.modes)
        word = _rights_word(*file.modes)
        said.append(f"{word}: mode {before:03o} becomes {after:03o}" if word else "its type changes")
    if file.sizes:
        said.append(f"binary, its lines are not shown: {_sizes(file)}")
    if said:
        return tuple(said)
    if file.path.endswith("/"):
        return ("an empty folder",)
    return ({"created": "an empty file", "deleted": "the file was empty"}.get(file.kind, "no line changes"),)


def _rights_word(before: int, after: int) -> str:
    if (before ^ after) & RUNNABLE:
        return "executable" if after & RUNNABLE else "not executable"
    return "rights" if (before ^ after) & RIGHTS else ""


def _sizes(file: FileDiff) -> str:
    before, after = file.sizes or (0, 0)
    if file.kind == "created":
        return counted(after, "byte")
    if file.kind == "deleted":
        return counted(before, "byte")
    return f"{before:,} becomes {counted(after, 'byte')}"
