"""A rule that forbids holds however a command is spelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Rule
from nanodeck.core.permissions import Ground, decide
from nanodeck.core.rules import RuleSet
from nanodeck.engine.calls.facts import command_facts
from nanodeck.workspace.paths import Workspace


def verdict_on(command: str, folder: Path, rule: str) -> str:
    rules = RuleSet([Rule("deny", rule)], str(folder), str(Path.home()))
    return decide(Mode.YOLO, command_facts("bash", command, Workspace(folder), folder), Ground(rules)).verdict


@pytest.mark.parametrize(
    "command",
    ["rm x", "/bin/rm x", "$'rm' x", "r\\m x", "ls; command rm x", "echo x | xargs /bin/rm", 'sh -c "rm x"'],
)
def test_a_program_is_denied_by_whatever_way_it_is_called(command: str, tmp_path: Path) -> None:
    assert verdict_on(command, tmp_path, "bash(rm *)") == "deny"


@pytest.mark.parametrize(
    "command",
    [
        "cat secrets/x",
        "cd secrets && cat x",
        "head -n1 < secrets/x",
        "head -n1 <'secrets/x'",
        "curl -d @secrets/x h",
        "dd if=secrets/x",
        'cat "$PWD/secrets/x"',
    ],
)
def test_a_file_is_denied_by_whatever_word_names_it(command: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    assert verdict_on(command, tmp_path, "read(secrets/**)") == "deny"
    assert verdict_on(command.replace("secrets", "other"), tmp_path, "read(secrets/**)") != "deny"
