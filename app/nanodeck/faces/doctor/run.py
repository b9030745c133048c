"""The report, in lines or as one JSON object; or the keys as they arrive."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

import msgspec

from nanodeck import __version__
from nanodeck.contracts.checkup import Finding, Standing, by_topic, tally
from nanodeck.contracts.text import clean
from nanodeck.desktop.abilities import terminal_abilities
from nanodeck.desktop.depth import colours_of
from nanodeck.engine.composition import check_up
from nanodeck.faces.parsing import Parser, folder_named
from nanodeck.faces.printing import print_nowhere

EXIT_FAULTS = 1
_SIGNS: dict[Standing, str] = {"good": "✔", "note": "·", "fault": "✘"}


def run_doctor(arguments: list[str]) -> int:
    """Look everything over; 1 where something is wrong. Raises UsageError."""
    given = _parser().parse_args(arguments)
    folder = folder_named(given.cwd)
    if given.keys:
        from nanodeck.faces.doctor.keys import show_keys

        return show_keys()
    findings = (*_terminal(), *check_up(folder))
    report = as_json(findings).decode() if given.json else "\n".join(as_lines(findings))
    try:
        print(report, flush=True)
    except BrokenPipeError:
        print_nowhere()
    return EXIT_FAULTS if any(finding.standing == "fault" for finding in findings) else 0


def as_json(findings: tuple[Finding, ...]) -> bytes:
    """One object: `ok`, the version, and every finding."""
    ok = not any(finding.standing == "fault" for finding in findings)
    whole = {"ok": ok, "version": __version__, "findings": findings}
    return msgspec.json.encode(whole)


def as_lines(findings: tuple[Finding, ...]) -> list[str]:
    """Findings under their topics, each fault with its cure."""
    lines = [f"nanodeck {__version__}"]
    for topic, of_topic in by_topic(findings):
        lines += ["", topic]
        for finding in of_topic:
            origin = f"  ({clean(finding.origin)})" if finding.origin else ""
            lines.append(f"  {_SIGNS[finding.standing]} {clean(finding.text)}{origin}")
            if finding.cure:
                lines.append(f"    → {clean(finding.cure)}")
    return [*lines, "", tally(findings)]


def _terminal() -> list[Finding]:
    if not sys.stdout.isatty():
        return [Finding("terminal", "note", "not looked at: the output goes elsewhere")]
    cells = shutil.get_terminal_size()
    return terminal_abilities(os.environ, (cells.columns, cells.lines), colours_of(os.environ))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="nanodeck doctor",
        description="Look over settings, sandbox, programs, providers, sessions and checkpoints.",
        epilog="exit codes: 0 nothing is wrong, 1 something is, 64 wrong arguments",
        allow_abbrev=False,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--keys", action="store_true", help="show what the terminal sends for each key")
    parser.add_argument("--cwd", default=".", metavar="FOLDER", help="the folder to look from")
    return parser
