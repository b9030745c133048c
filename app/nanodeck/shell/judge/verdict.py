"""One verdict on a command from what is allowed unasked and what is forbidden whatever the mode."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from nanodeck.contracts.judging import JudgedPart, Judgement
from nanodeck.shell.judge.allowing import Readable, readable
from nanodeck.shell.judge.forbidding import forbidden_in
from nanodeck.shell.judge.precious import Ground


def judge(command: str, folder: Path, root: Path) -> Judgement:
    """What may become of `command` when it runs in `folder`, the workspace being `root`."""
    ground = Ground(os.path.abspath(root), os.path.abspath(os.path.expanduser("~")))
    found = forbidden_in(command, os.path.abspath(folder), ground)
    parts = tuple(_joined(found, readable(command, folder, root)))
    decides = min(
        (part for part in parts if part.verdict == "deny" or not part.folded_from),
        key=lambda part: ("deny", "ask", "allow").index(part.verdict),
        default=None,
    )
    if decides is None:
        return Judgement("ask", command, "there is nothing in it to judge", "command.unclear", parts)
    text = "" if decides.verdict == "allow" else decides.text
    return Judgement(decides.verdict, text, decides.reason, decides.rule, parts)


def _joined(found: tuple[JudgedPart, ...], reading: Readable) -> Iterator[JudgedPart]:
    """The parts two readings found: who looks for harm tells the words, who is certain tells the rest."""
    own = [part for part in found if not part.folded_from]
    agreed = len(own) == len(reading.parts)
    unclear = reading.unclear or "two readings of it differ"
    certain = iter(reading.parts if agreed else ())
    for part in found:
        if part.folded_from:
            yield part if part.verdict == "deny" else replace(part, reason="", rule="")
            continue
        judged = next(certain, None)
        if part.verdict == "deny":
            yield replace(part, certain=bool(judged and judged.certain))
        elif judged is None:
            yield replace(part, reason=unclear, rule="command.unclear")
        else:
            # Of words that are not certain the shell most probably makes what the other reading says.
            yield judged if judged.certain else replace(judged, argv=part.argv)
