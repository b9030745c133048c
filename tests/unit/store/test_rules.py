"""Rules in settings files: read with their lines, written and deleted leaving everything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from nanodeck.contracts.errors import SettingsError
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Rule
from nanodeck.store.places import Places
from nanodeck.store.rules import add_rule, delete_rule, rules_in
from nanodeck.store.settings import load_settings

FILE = """\
# mine
model = "x"   # the best
alwaysAllow = ["execute_bash", 'grep']
disabled_tools = [
    "task",  # "plan" stays
    "plan",
]

[permissions]
allow = ["bash(npm test *)", "bash(echo \\"a ] b\\")"]
deny = []

[permissions.auto-accept]
ask = [
  "edit(src/**)",
]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(FILE)
    return file


def test_every_rule_is_read_with_the_line_it_stands_in(path: Path) -> None:
    assert [(rule.verdict, rule.text, rule.modes, rule.line) for rule in rules_in(path, "user")] == [
        ("allow", "execute_bash", (), 3),
        ("allow", "grep", (), 3),
        ("deny", "task", (), 5),
        ("deny", "plan", (), 6),
        ("allow", "bash(npm test *)", (), 10),
        ("allow", 'bash(echo "a ] b")', (), 10),
        ("ask", "edit(src/**)", (Mode.AUTO_ACCEPT,), 15),
    ]
    assert {(rule.scope, rule.file) for rule in rules_in(path, "user")} == {("user", str(path))}


def test_a_rule_is_added_and_deleted_and_nothing_else_changes(path: Path) -> None:
    known = rules_in(path, "user")
    made = add_rule(path, Rule("deny", "bash(rm *)", scope="user"))
    assert (made.text, made.file, made.line) == ("bash(rm *)", str(path), 11)
    late = add_rule(path, Rule("allow", "bash(make)", (Mode.AUTO_ACCEPT, Mode.MANUAL), "user"))
    assert late.modes in ((Mode.AUTO_ACCEPT,), (Mode.MANUAL,))
    text = path.read_text()
    assert "# the best" in text
    assert '"plan" stays' in text
    delete_rule(path, made)
    delete_rule(path, Rule("allow", "bash(make)", (Mode.AUTO_ACCEPT,)))
    delete_rule(path, Rule("allow", "bash(make)", (Mode.MANUAL,)))
    assert [rule.text for rule in rules_in(path, "user")] == [rule.text for rule in known]
    delete_rule(path, known[0])
    delete_rule(path, known[2])
    assert [rule.text for rule in rules_in(path, "user")] == [
        rule.text for rule in known if rule not in (known[0], known[2])
    ]
    with pytest.raises(SettingsError, match="does not stand there any more"):
        delete_rule(path, known[0])


def test_a_first_rule_makes_its_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    made = add_rule(path, Rule("allow", "bash(make *)", scope="project"))
    assert (made.scope, made.line) == ("project", 2)
    assert add_rule(path, made) == made
    assert path.read_text() == '[permissions]\nallow = ["bash(make *)"]\n'


def test_a_broken_file_is_neither_used_nor_changed(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[permissions\n")
    with pytest.raises(SettingsError):
        add_rule(path, Rule("allow", "bash(make *)"))
    assert path.read_text() == "[permissions\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("permissions = 1", 1, "expected allow, ask, deny or a mode"),
        ("[permissions]\nalow = ['x']", 2, "permissions.alow: expected allow, ask, deny or a mode"),
        ("[permissions]\nallow = 'bash'", 2, "expected a list of texts"),
        ("[permissions.fast]\nallow = []", 2, "expected allow, ask, deny or a mode"),
        ("[permissions]\nallow = [\n'grep',\n'bash(',\n]", 4, "is no rule"),
        ("always_allow = [1]", 1, "expected a list of texts"),
    ],
)
def test_what_is_wrong_is_named_by_its_line_and_the_rest_holds(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    places = Places.under(tmp_path / "home")
    places.settings.parent.mkdir(parents=True)
    places.settings.write_text(text)
    loaded = load_settings(places, tmp_path, {})
    (problem,) = loaded.problems
    assert problem.startswith(f"{places.settings}:{line}: ")
    assert words in problem
    assert [rule.text for rule in loaded.rules] == (["grep"] if "grep" in text else [])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=9), max_size=4))
def test_any_rule_that_is_written_is_read_again(path: Path, targets: list[str]) -> None:
    path.write_text(FILE)
    texts = list(dict.fromkeys(f"grep({target.strip()})" for target in targets if target.strip().strip(" .")))
    for text in texts:
        try:
            kept = add_rule(path, Rule("ask", text, scope="user"))
        except SettingsError:
            assert ".." in text
            continue
        assert kept.text == text
        assert path.read_text().split("\n")[kept.line - 1].strip().startswith(("ask", '"', "'"))
        delete_rule(path, kept)
    assert [rule.text for rule in rules_in(path, "user")] == [
        "execute_bash", "grep", "task", "plan", "bash(npm test *)", 'bash(echo "a ] b")', "edit(src/**)"
    ]  # fmt: skip
