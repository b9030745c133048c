"""Changes that only add or only remove lines begin with a block, and stay the same change."""

from __future__ import annotations

from hypothesis import given, strategies as st

from nanodeck.core.review.alignment import changed_ranges

LINES = st.sampled_from([b"a\n", b"}\n", b"\n", b"    b\n", b"    }\n"])


def code(*names: str) -> list[bytes]:
    """A function of each name, two blank lines between."""
    functions = [f"def {name}():\n    x = {name}\n    return x\n" for name in names]
    return "\n\n".join(functions).encode().splitlines(keepends=True)


def added(old: list[bytes], new: list[bytes]) -> list[bytes]:
    """The lines of the only change, which adds them."""
    ((a, b, c, d),) = changed_ranges(old, new)
    assert a == b
    return new[c:d]


def test_a_function_comes_as_a_whole() -> None:
    assert added(code("f", "h"), code("f", "g", "h")) == [*code("g"), b"\n", b"\n"]
    assert added(code("f"), code("f", "g")) == [b"\n", b"\n", *code("g")]
    assert added(code("g"), code("f", "g")) == [*code("f"), b"\n", b"\n"]


def test_an_entry_of_a_list_comes_with_what_closes_it() -> None:
    entry = [b"  {\n", b"    1\n", b"  },\n"]
    old, new = [b"[\n", *entry, b"]\n"], [b"[\n", *entry, *entry, b"]\n"]
    assert added(old, new) == entry


@given(st.lists(LINES, max_size=30), st.lists(LINES, max_size=30))
def test_a_slid_change_is_the_same_change(old: list[bytes], new: list[bytes]) -> None:
    made: list[bytes] = []
    at = 0
    for number, (a, b, c, d) in enumerate(changed_ranges(old, new)):
        assert a > at or number == 0
        made += [*old[at:a], *new[c:d]]
        at = b
    assert [*made, *old[at:]] == new
