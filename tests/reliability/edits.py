"""F11: random exact edits against the plainest model there is."""

from __future__ import annotations

import re
from random import Random

from nanodeck.contracts.errors import ToolError
from nanodeck.workspace.edits.matching import Edit, apply_edits
from tests.reliability.figure import Figure, Score

_PIECES = ("alpha", "beta()", " ", "\t", "\n", "\r\n", "é", "\\1", "$&", "[a-z]+", "(", "汉", "x = 1", "  y")


def _run(dice: Random, trials: int) -> Score:
    score = Score()
    for _ in range(trials):
        text = "".join(dice.choices(_PIECES, k=dice.randint(1, 40)))
        start = dice.randrange(len(text))
        old = text[start : start + dice.randint(1, 20)]
        new = "".join(dice.choices(_PIECES, k=dice.randint(0, 6)))
        places = re.findall(f"(?={re.escape(old)})", text.replace("\r\n", "\n"))
        # What begins or ends inside a word is refused where it may be a slip.
        whole = not re.search(r"\w\w", text[max(start - 1, 0) : start + 1])
        if whole and len(places) == 1 and old != new and "\r" not in old + new:
            score.add(_wrong(text, old, new))
    return score


def _wrong(text: str, old: str, new: str) -> str:
    try:
        made = apply_edits(text, [Edit(old, new)]).text
    except ToolError as error:
        return f"{old!r} -> {new!r} in {text!r}: {error.message}"
    # Models never see which lines end in what: a line end stands for both.
    expected = text.replace("\r\n", "\n").replace(old, new)
    same = made.replace("\r\n", "\n") == expected
    return "" if same else f"{old!r} -> {new!r} in {text!r}: {made!r}"


FIGURE = Figure("F11", "exact edits land where the plainest model puts them", _run, short=400, long=10_000)
