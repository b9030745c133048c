"""What is said about a command before it runs: nothing left out, nothing claimed that is not certain."""

from __future__ import annotations

import pytest

from nanodeck.contracts.explaining import Fact, facts_of
from nanodeck.contracts.requests import CommandDetail, EnvironmentChanges, Writes
from nanodeck.shell.reading import read_command


def facts(command: str) -> list[Fact]:
    reading = read_command(command)
    detail = CommandDetail(command, "/p", parts=reading.parts, script=reading.script)
    return [fact for fact in facts_of(detail) if fact.label != "folder"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("make   all", ["make all"]),
        ("r''m \"my file\" '' it\\'s", ["rm 'my file' '' 'it'\\''s'"]),
        ("make all", []),
        ("CI='a b' X= make  2>err 2>&1 &", ["CI='a b' X= make 2>err 2>&1 &"]),
        ("cd api && rm -rf *.py", ["1  cd api &&", "2  rm -rf *.py", "the shell fills in *.py"]),
        ("python -c 'import os\nos.x()\n'", ["python -c 'import os…' (3 lines, whole above)"]),
        ("echo $(x)", ["a script, only its text tells what: $(…) in it runs other commands"]),
        ("", []),
    ],
)
def test_what_runs_is_spelled_so_that_its_words_can_be_told_apart(command: str, said: list[str]) -> None:
    assert [fact.text for fact in facts(command)] == said


def about(writes: Writes) -> list[tuple[str, str, bool]]:
    said = facts_of(CommandDetail("x", "/p", writes=writes))[:-1]
    return [(fact.label, fact.text, fact.warns) for fact in said]


def test_a_list_of_files_says_whether_it_can_be_complete() -> None:
    assert about(Writes()) == [("writes", "no files, as far as is known", False)]
    assert about(Writes(("a", "b c"))) == [
        ("writes", "a, b c", False),
        ("", "no others, as far as is known", False),
    ]
    assert about(Writes(("log",), ("old",), "make, npm")) == [
        ("writes", "log", False),
        ("deletes", "old", False),
        ("", "and anything else it can: not known before it runs (make, npm)", False),
    ]
    assert about(Writes(more="make")) == [
        ("writes", "anything it can: not known before it runs (make)", False)
    ]


def test_files_outside_of_the_workspace_stand_out() -> None:
    assert about(Writes(("a", "/etc/hosts")))[0] == ("writes", "a, /etc/hosts", True)


def test_the_environment_says_what_is_missing_and_what_is_set() -> None:
    changes = EnvironmentChanges(("A_KEY", "B_KEY"), ("PAGER=cat", "TERM=dumb"), "mise is asked")
    detail = CommandDetail("x", "/p", environment=changes, sandbox="none")
    assert [fact[:2] for fact in facts_of(detail)] == [
        ("sandbox", "none"),
        ("folder", "/p"),
        ("env", "without A_KEY, B_KEY; with PAGER=cat TERM=dumb; mise is asked"),
    ]
    unchanged = CommandDetail("x", "/p", environment=EnvironmentChanges())
    assert facts_of(unchanged)[-1][:2] == ("env", "as yours")
