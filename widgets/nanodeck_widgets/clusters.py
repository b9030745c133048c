"""Characters as people see them: a letter with its marks, a flag, emoji that are joined to one."""

from __future__ import annotations

from rich.cells import cell_len, get_character_cell_size

_JOINER = "\u200d"
_FIRST_MARK = "\u0300"
_FLAGS = range(0x1F1E6, 0x1F200)
_LONGEST = 64


def cluster_end(text: str, at: int) -> int:
    """Where the cluster that begins at `at` ends."""
    end = at + (2 if text[at] == _JOINER else 1)
    if ord(text[at]) in _FLAGS and end < len(text) and ord(text[end]) in _FLAGS:
        end += 1
    while end < len(text) and text[end] >= _FIRST_MARK:
        if text[end] == _JOINER:
            end += 2
        elif get_character_cell_size(text[end]) == 0:
            end += 1
        else:
            break
    return min(end, len(text))


def fitting(text: str, at: int, width: int) -> int:
    """How far `text` from `at` on fits into `width` cells without parting a cluster; one always does."""
    cells = 0
    end = at
    while end < len(text):
        following = cluster_end(text, end)
        cells += cell_len(text[end:following])
        if cells > width and end > at:
            break
        end = following
    return end


def cluster_at(text: str, at: int) -> tuple[int, int]:
    """Start and end of the cluster that holds the place `at`; both are `at` where it is between two."""
    # Only a joiner takes a plain character along, and no cluster is longer than this.
    end = max(0, at - _LONGEST)
    for place in range(at - 1, end, -1):
        if text[place] < _FIRST_MARK and text[place - 1] != _JOINER:
            end = place
            break
    start = end
    while end < at:
        start, end = end, cluster_end(text, end)
    return (at, at) if end == at else (start, end)
