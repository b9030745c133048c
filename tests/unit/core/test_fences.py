"""Finding the code in a reply."""

from __future__ import annotations

from nanodeck.core.fences import code_blocks


def test_code_blocks_are_found_with_their_indents_taken_off() -> None:
    text = "a\n```py\none\n  two\n```\nb\n- c\n  ~~~\n  three\n  ```\n  ~~~\n```x```\n````\nopen\n```"
    assert code_blocks(text) == ["one\n  two", "three\n```", "open\n```"]
    assert code_blocks("no code") == []
    assert code_blocks("```\n```") == []
