"""The variables mise gives a folder: asked anew each time, but never for what an edit of ours put there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from nanodeck.workspace.mise import Mise

# Answers with what lies in files named like its words, and keeps what it was asked.
FAKE = """#!/bin/sh
echo "$*" >> "$HERE/asked"
cat "$HERE/$1.json"
exit "$(cat "$HERE/code" 2>/dev/null || echo 0)"
"""


class Machine:
    """A folder with a configuration on a machine where mise is installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.realpath(folder))
        self.config = self.folder / "mise.toml"
        self.config.write_text("[tools]\nnode = '20'\n")
        self.written: set[Path] = set()
        self.mise = Mise(self.written)
        self.environment = {"PATH": f"{folder}:{os.defpath}", "HERE": str(folder)}
        program = folder / "mise"
        program.write_text(FAKE)
        program.chmod(0o755)
        self.says("config", [{"path": str(self.config), "tools": ["node"]}])
        self.says("env", {"NODE": "20", "PATH": "/tools/node/bin"})

    def says(self, word: str, answer: object) -> None:
        """Let mise answer `word` so."""
        (self.folder / f"{word}.json").write_text(answer if isinstance(answer, str) else json.dumps(answer))

    def asked(self) -> list[str]:
        """What mise was asked so far."""
        asked = self.folder / "asked"
        return asked.read_text().splitlines() if asked.exists() else []

    async def variables(self) -> dict[str, str]:
        """What a command would get."""
        return dict(await self.mise.variables(self.folder, self.environment))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


async def test_its_variables_are_fresh_each_time(machine: Machine) -> None:
    assert await machine.variables() == {"NODE": "20", "PATH": "/tools/node/bin"}
    machine.says("env", {"NODE": "22"})
    assert await machine.variables() == {"NODE": "22"}


async def test_without_mise_nothing_is_asked(machine: Machine) -> None:
    (machine.folder / "mise").unlink()
    assert await machine.variables() == {}


async def test_without_a_configuration_the_environment_is_not_asked_for(machine: Machine) -> None:
    machine.says("config", [])
    assert await machine.variables() == {}
    assert machine.asked() == ["config ls --json"]


@pytest.mark.parametrize("word", ["config", "env"])
@pytest.mark.parametrize("answer", ["", "no JSON", "[1, null]", '{"a": 1, "b": null}', '"text"'])
async def test_an_odd_answer_changes_nothing(machine: Machine, word: str, answer: str) -> None:
    machine.says(word, answer)
    assert await machine.variables() == {}


async def test_a_configuration_nobody_trusts_changes_nothing(machine: Machine) -> None:
    (machine.folder / "code").write_text("1")
    assert await machine.variables() == {}


async def test_a_configuration_this_session_wrote_is_not_run(machine: Machine) -> None:
    machine.written.add(machine.config)
    assert await machine.variables() == {}
    assert machine.asked() == []  # a list of its files would have run what they name


@pytest.mark.parametrize(
    "name", [".mise.toml", "mise.local.toml", ".config/mise/conf.d/a.toml", ".tool-versions"]
)
async def test_nor_is_one_of_another_name_or_above(machine: Machine, name: str) -> None:
    config = machine.folder / name
    config.parent.mkdir(parents=True, exist_ok=True)
    config.touch()
    machine.written.add(config)
    below = machine.folder / "below"
    below.mkdir()
    assert await machine.mise.variables(below, machine.environment) == {}
    assert machine.asked() == []


async def test_a_link_to_a_file_this_session_wrote_is_not_run_either(machine: Machine) -> None:
    target = machine.folder / "elsewhere.toml"
    machine.config.rename(target)
    machine.config.symlink_to(target)
    machine.written.add(target)
    assert await machine.variables() == {}


async def test_the_last_word_from_before_the_edit_stays(machine: Machine) -> None:
    before = await machine.variables()
    machine.written.add(machine.config)
    machine.says("env", {"NODE": "evil"})
    assert await machine.variables() == before


@pytest.mark.parametrize("line", ["_.source = 'env.sh'", "_.file = '.env'", "A = \"{{exec(command='x')}}\""])
async def test_a_configuration_that_leads_on_is_not_asked_once_anything_was_written(
    machine: Machine, line: str
) -> None:
    machine.config.write_text(f"[env]\n{line}\n")
    before = await machine.variables()
    assert before
    machine.written.add(machine.folder / "env.sh")
    machine.says("env", {"NODE": "evil"})
    assert await machine.variables() == before


async def test_another_file_written_does_not_matter(machine: Machine) -> None:
    machine.written.add(machine.folder / "main.py")
    assert await machine.variables()
