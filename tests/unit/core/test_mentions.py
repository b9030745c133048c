"""What a text mentions."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from nanodeck.core.mentions import Mention, mentions_in


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("see @a.py", [Mention("a.py")]),
        ("@src/a.py:10-20, please", [Mention("src/a.py", 10, 20)]),
        ("(@a.py:7)", [Mention("a.py", 7, 7)]),
        ("what is in @src/?", [Mention("src/")]),
        ('@"my file.py":3-4 and @"other one"', [Mention("my file.py", 3, 4), Mention("other one")]),
        ("@a.py and again @a.py", [Mention("a.py")]),
        ("@Makefile", [Mention("Makefile", sure=False)]),
        ("@property def x", [Mention("property", sure=False)]),
        ("me@host.org a@b @ @@x", []),
        ("@app/[id], (see @[red].)", [Mention("app/[id]"), Mention("[red]", sure=False)]),
        ("[@a.py] {@(b)/c.d}", [Mention("a.py"), Mention("(b)/c.d")]),
        ("look:\n```diff\n+ @app.route\n```\nin @a.py", [Mention("a.py")]),
        ("@a.py:20-10", [Mention("a.py", 20, 10)]),
    ],
)
def test_mentions(text: str, mentions: list[Mention]) -> None:
    assert list(mentions_in(text)) == mentions


@given(st.text(alphabet='@"ab:-1./ \n(', max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    for mention in mentions_in(text):
        assert mention.path
        assert mention.path in text
