"""Prints every figure: python -m tests.reliability [F13 F16 …] [--short] [--seed N]."""

from __future__ import annotations

import argparse
import secrets
import sys
from random import Random

from tests.reliability.figure import SHOWN_FAILURES, Figure
from tests.reliability.figures import FIGURES


def main() -> int:
    """Run the figures asked for; 1 where one did not survive everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help="such as F13; all without one")
    parser.add_argument("--short", action="store_true", help="only as many trials as the suite makes")
    parser.add_argument("--seed", type=int, default=None, help="the dice of an earlier run")
    given = parser.parse_args()
    known = {figure.number: figure for figure in FIGURES}
    if unknown := [name for name in given.figures if name.upper() not in known]:
        parser.error(f"no figure {', '.join(unknown)}; there are: {', '.join(known)}")
    seed = secrets.randbelow(1 << 32) if given.seed is None else given.seed
    chosen = [known[name.upper()] for name in given.figures] or list(FIGURES)
    failed = [figure for figure in chosen if not _shown(figure, seed, short=given.short)]
    return 1 if failed else 0


def _shown(figure: Figure, seed: int, *, short: bool) -> bool:
    score = figure.run(Random(seed), figure.short if short else figure.long)
    print(f"{figure.number:4} {score.survived:>7}/{score.tried:<7} seed {seed}  {figure.what}", flush=True)
    for failure in score.failures[:SHOWN_FAILURES]:
        print(f"       {failure}")
    return not score.failures and score.tried > 0


sys.exit(main())
