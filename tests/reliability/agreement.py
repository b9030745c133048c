"""F16: words that are said to be certain are those a real bash hands over; the judge has the same."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from random import Random

from nanodeck.shell.judge import judge
from nanodeck.shell.reading import read_command
from tests.reliability.figure import Figure, Score
from tests.reliability.judged import workspace

_ALPHABET = "ab  \t\n''\"\"\\\\$#~{}[]*?!=:;&|<>()-_/.,%^+@1é\u00a0\u2003\r\x01\x7f"
_PIECES = (
    *("''", '""', "\\\n", " -n ", "$'\\x41'", "'a b'", '"a\\"b"', "\\ "),
    *("--", "2>&1", "# x", "$?", "{a,b}"),
)
_PRINTER = "words() { printf '%s\\0' \"$@\"; }; for each; do eval \"words $each\"; printf 'END\\0'; done"
_AT_ONCE = 2_000


def _run(dice: Random, trials: int) -> Score:
    bash = shutil.which("bash")
    score = Score()
    with workspace() as root:
        while bash and score.tried < trials:
            written = [_written(dice) for _ in range(min(_AT_ONCE, trials - score.tried))]
            known = [(text, words) for text in written if (words := _certain(text)) is not None]
            got = _words_in_bash(bash, [text for text, _ in known], root)
            score.tried += len(written) - len(known)
            for (text, words), printed in zip(known, got, strict=True):
                # A printf without arguments prints one empty word.
                same = printed == (words or [""])
                score.add("" if same else f"{text!r}: {words} here, {printed} in bash")
                said = judge(f"echo {text}", root, root)
                if said.verdict == "allow" and said.parts[0].argv[1:] != tuple(words):
                    score.failures.append(f"{text!r}: allowed as {said.parts[0].argv}")
    return score


def _written(dice: Random) -> str:
    """Arguments as nobody would write them."""
    pieces = (
        dice.choice(_PIECES) if dice.random() < 0.25 else dice.choice(_ALPHABET)
        for _ in range(dice.randint(0, 12))
    )
    return "".join(pieces)


def _certain(arguments: str) -> list[str] | None:
    """The words behind the program's name where they are said to be certain."""
    parts = read_command(f"echo {arguments}").parts
    if len(parts) != 1 or parts[0].redirects or parts[0].variables or parts[0].joint not in ("", ";"):
        return None
    words = parts[0].words[1:]
    return None if any(word.filled for word in words) else [word.text for word in words]


def _words_in_bash(bash: str, arguments: list[str], folder: Path) -> list[list[str]]:
    """The words a program gets for each of `arguments`."""
    said = subprocess.run(
        (bash, "-c", _PRINTER, "bash", *arguments), capture_output=True, check=True, cwd=folder, timeout=60
    )
    return [each.split("\0")[:-1] for each in said.stdout.decode().split("END\0")[:-1]]


FIGURE = Figure("F16", "words said to be certain are those bash hands over", _run, short=4_000, long=20_000)
