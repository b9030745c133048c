from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from nanodeck.core.guarded import guard_of, holds_secrets

NEVER_WRITTEN = [
    ".git/config",
    "a/.git",
    ".nanodeck/settings.toml",
    "sub/.nanodeck/settings.toml",
    "home/me/.ssh/authorized_keys",
    "home/me/.aws/credentials",
    ".config/gh/hosts.yml",
    ".netrc",
]
ASKED_ABOUT = [
    ".claude/settings.json",
    ".cursor/mcp.json",
    ".nanodeck/agents/a.md",
    ".codex",
    ".mcp.json",
    "AGENTS.md",
    "docs/CLAUDE.md",
    ".vscode/tasks.json",
    ".husky/pre-commit",
    ".bashrc",
    ".config/fish/config.fish",
    ".gitmodules",
    ".aider.conf.yml",
    "mise.toml",
]
SECRET = [".env", "a/.env.production", "prod.env", "server.pem", ".npmrc", "id_rsa", ".ssh/id_rsa", ".netrc"]
EVERYDAY = [
    "src/a.py",
    ".gitignore",
    ".github/workflows/ci.yml",
    "git",
    "x.git",
    ".env.example",
    "env.py",
    ".aws/task-definition.json",
    "id_rsa.pub",
    "settings.toml",
    "nanodeck/settings.toml",
    "claude/notes.md",
    "profile",
    "",
]


@pytest.mark.parametrize("path", NEVER_WRITTEN)
def test_these_are_never_written(path: str) -> None:
    guard = guard_of(path.split("/"))
    assert guard is not None
    assert guard.write == "never"


@pytest.mark.parametrize("path", ASKED_ABOUT)
def test_to_write_these_asks_and_to_read_them_does_not(path: str) -> None:
    guard = guard_of(path.split("/"))
    assert guard is not None
    assert (guard.write, guard.read) == ("ask", "usual")


@pytest.mark.parametrize("path", SECRET)
def test_to_read_these_asks(path: str) -> None:
    assert holds_secrets(path)


@pytest.mark.parametrize("path", EVERYDAY)
def test_these_are_files_like_any_other(path: str) -> None:
    assert guard_of(path.split("/")) is None


GUARDED = st.sampled_from([*NEVER_WRITTEN, *ASKED_ABOUT, *SECRET])


@given(GUARDED, st.data())
def test_no_spelling_that_a_file_system_takes_for_the_same_gets_past(path: str, data: st.DataObject) -> None:
    names = path.split("/")
    spelled = []
    for name in names:
        cased = "".join(data.draw(st.sampled_from([char.lower(), char.upper()])) for char in name)
        at = data.draw(st.integers(0, len(cased)))
        unseen = data.draw(st.sampled_from(["", "\u200c", "\ufeff"]))
        tail = data.draw(st.sampled_from(["", ".", " ", ". .", "::$DATA"]))
        spelled.append(cased[:at] + unseen + cased[at:] + tail)
    assert guard_of(spelled) == guard_of(names)


@given(GUARDED, st.lists(st.sampled_from(["home", "me", "src", "a b", ".x"]), max_size=4))
def test_where_it_stands_makes_no_difference(path: str, above: list[str]) -> None:
    assert guard_of([*above, *path.split("/")]) == guard_of(path.split("/"))
