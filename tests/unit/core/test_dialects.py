"""Rules as other agents spell them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from nanodeck.contracts.errors import SettingsError
from nanodeck.core.dialects import written_here
from nanodeck.core.rules import parse_rule


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("Bash(npm run test:*)", "bash(npm run test *)"),
        ("Bash(*)", "bash"),
        ("ShellTool(git status)", "bash(git status)"),
        ('prefix_rule(pattern=["git", "log"], decision="allow")', "bash(git log *)"),
        ("git *", "bash(git *)"),
        ("make", "bash(make)"),
        ("*", "bash"),
        ("mcp__files__read", "mcp(files/read)"),
        ("mcp__files", "mcp(files/*)"),
        ("WebFetch(domain:*.example.org)", "network(*.example.org)"),
        ("WebFetch", ""),
        ("Bash(git * main)", ""),
        ("network(a b)", ""),
    ],
)
def test_it_is_told_how_a_rule_is_written_here(text: str, here: str) -> None:
    assert written_here(text) == here


@given(
    st.text(alphabet="ab *:()[]{}'\"/\\$~.-_&|!,\n", max_size=20),
    st.sampled_from(("", "bash", "mcp__", "Read")),
)
def test_whatever_is_written_is_a_rule_or_told_to_be_none(text: str, begin: str) -> None:
    for rule in (begin + text, f"{begin}({text})", written_here(f"{begin}({text})")):
        with suppress(SettingsError):
            parse_rule(rule)
