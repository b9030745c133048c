"""Slash commands by name, alias and near miss."""

from __future__ import annotations

import pytest

from nanodeck.contracts.slash import COMMANDS, find_command, nearest, unknown_command
from nanodeck.ui.slash import _RUNS

WANTED = [
    "help",
    "new",
    "clear",
    "copy",
    "model",
    "mode",
    "tasks",
    "jobs",
    "diff",
    "cwd",
    "status",
    "undo",
    "exit",
]


@pytest.mark.parametrize("name", WANTED)
def test_the_promised_commands_exist_and_say_what_they_do(name: str) -> None:
    command = find_command(name)
    assert command is not None
    assert command.name == name
    assert command.title


@pytest.mark.parametrize(
    ("alias", "name"), [("quit", "exit"), ("q", "exit"), ("c", "clear"), ("reset", "new"), ("/HELP", "help")]
)
def test_usual_aliases_are_understood(alias: str, name: str) -> None:
    command = find_command(alias)
    assert command is not None
    assert command.name == name


def test_no_name_means_two_commands() -> None:
    names = [name for command in COMMANDS for name in (command.name, *command.aliases)]
    assert len(names) == len(set(names))


def test_every_command_does_something() -> None:
    assert set(_RUNS) == {command.name for command in COMMANDS}


def test_a_slip_of_the_finger_is_answered_with_what_was_meant() -> None:
    assert nearest("moedl")[0] == "model"
    assert "status" in nearest("stat")
    assert "/model" in unknown_command("moedl")


def test_something_quite_different_points_to_the_list() -> None:
    assert "/help" in unknown_command("zzzzzz")
