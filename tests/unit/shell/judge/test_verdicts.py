"""The three verdicts at their plainest."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.shell.judge import judge


@pytest.mark.parametrize(
    ("command", "verdict"),
    [
        ("ls -la && wc -l *.py", "allow"),
        ("cat ../x", "ask"),
        ("npm test", "ask"),
        ("timeout 5 bash -c 'rm -rf /'", "deny"),
    ],
)
def test_a_command_is_allowed_asked_about_or_denied(command: str, verdict: str, tmp_path: Path) -> None:
    assert judge(command, tmp_path, tmp_path).verdict == verdict
