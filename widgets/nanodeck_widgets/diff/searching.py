"""Looking for text in the rows of a diff, also in a very long one."""

from __future__ import annotations

from collections.abc import Callable

from nanodeck_widgets.diff.rows import Rows
from nanodeck_widgets.diff.text import displayed


def seek(rows: Rows, hits: Callable[[str], bool], start: int, direction: int) -> int | None:
    """The first row from `start` on in `direction`, around the end, with lines that hit.

    Stretches of lines without a hit are skipped at once, so searching a long change takes no longer
    than reading it once.
    """
    total = len(rows)
    row, seen = (start % total if total else 0), 0
    while seen < total:
        first, last = rows.stretch(row)
        near = range(row, last) if direction > 0 else range(row, first - 1, -1)
        if hits(_text_between(rows, first, last)):
            for candidate in near:
                if any(hits(text) for text in texts(rows, candidate)):
                    return candidate
        seen += len(near)
        row = (last if direction > 0 else first - 1) % total
    return None


def texts(rows: Rows, row: int) -> list[str]:
    """The whole lines shown in a row, as drawn but neither cut nor wrapped."""
    what = rows[row]
    if what.kind == "hunk":
        return [rows.hunk(what.hunk).section]
    if what.kind == "file":
        return [rows.file(what.hunk).path]
    if what.kind == "fact":
        return [rows.facts(what.hunk)[what.part]]
    if what.part:
        return []
    if what.kind == "comment":
        return [rows.remarks[what.remark].comment.text]
    body = rows.body(what.hunk)
    return [displayed(body.shown(line)) for line in rows.lines_of(what)]


def _text_between(rows: Rows, first: int, last: int) -> str:
    what = rows[first]
    if what.kind != "line":
        return "\n".join(texts(rows, first))
    body = rows.body(what.hunk)
    whole = rows.wrap_of(what.hunk) or rows.is_split(what.hunk)
    if body.is_plain:
        # Signs included: a stretch may be looked through in vain, but never be missed.
        return body.text if whole else body.block_text(what.left)
    lines = range(len(body)) if whole else range(what.left, what.left + last - first)
    return "\n".join([displayed(body.shown(line)) for line in lines])
