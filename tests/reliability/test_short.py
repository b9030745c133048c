"""The short form of every figure."""

from __future__ import annotations

from random import Random

import pytest

from tests.reliability.figure import Figure
from tests.reliability.figures import FIGURES

SEED = 20261120


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.number)
def test_everything_tried_is_survived(figure: Figure) -> None:
    score = figure.run(Random(SEED), figure.short)
    assert score.failures == []
    assert score.tried > 0
