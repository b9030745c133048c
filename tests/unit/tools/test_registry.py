from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec import Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.tools import builtin, registry  # noqa: F401
from nanodeck.tools.builtin import BUILTIN_TOOLS
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, Tool, ToolOutput, find_tool, tool


class Row(Struct, frozen=True):
    """A row."""

    name: str
    count: int = 0


class LookArguments(Struct, frozen=True):
    """What to look at."""

    path: str
    deep: bool = False
    rows: tuple[Row, ...] = ()


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Tool:
    monkeypatch.setattr(registry, "_tools", {})

    @tool(
        "look",
        "Look.",
        effect=Effect.READ,
        title=lambda arguments: f"look {arguments.path}",
        names=("see", "View"),
        arguments={"file_path": "path", "verbose": ""},
        items={"rows": {"title": "name"}},
    )
    async def look(arguments: LookArguments, context: ToolContext) -> ToolOutput:
        return ToolOutput(arguments.path)

    return look


def test_one_decorator_makes_a_function_a_tool(look: Tool) -> None:
    assert find_tool("look") is look
    assert look.type is LookArguments
    assert look.title(LookArguments("a")) == "look a"


@pytest.mark.parametrize("name", ["look", "LOOK", "see", "See", "view", "View"])
def test_a_tool_is_found_by_any_of_its_names(look: Tool, name: str) -> None:
    assert find_tool(name) is look


def test_other_names_are_understood_and_never_sent(look: Tool) -> None:
    sent = msgspec.json.encode([look.spec]).decode()
    assert not any(name in sent for name in ("see", "View", "file_path", "verbose", "title"))
    assert find_tool("touch") is None


def parsed(look: Tool, text: str) -> Any:
    return look.parse(text)


def test_arguments_are_taken_by_our_names_and_others(look: Tool) -> None:
    assert parsed(look, '{"path": "a", "deep": true}') == LookArguments("a", True)
    assert parsed(look, '{"file_path": "a", "verbose": 1}') == LookArguments("a")
    assert parsed(look, '{"file_path": "b", "path": "a"}') == LookArguments("a")


def test_harmless_slips_are_forgiven(look: Tool) -> None:
    assert parsed(look, '{"path": "a", "deep": "true", "rows": null}') == LookArguments("a", True)
    assert parsed(look, '{"path": "a\nb"}') == LookArguments("a\nb")
    rows = LookArguments("a", rows=(Row("x", 3),))
    assert parsed(look, '{"path": "a", "rows": [{"title": "x", "count": "3"}]}') == rows
    assert parsed(look, '{"path": "a", "rows": {"name": "x", "count": 3}}') == rows
    assert parsed(look, '{"path": "a", "rows": "[{\\"title\\": \\"x\\", \\"count\\": 3}]"}') == rows


WRONG = {
    "": "missing required field `path`",
    "{": "not valid JSON",
    "[]": "must be one JSON object",
    '"a"': "must be one JSON object",
    '{"path": 5}': "Expected `str`, got `int` - at `$.path`",
    '{"path": null}': "missing required field `path`",
    '{"path": "a", "depth": 2}': "look has no argument 'depth'; it takes path, deep, rows",
    '{"path": "a", "rows": [{}]}': "missing required field `name` - at `$.rows[0]`",
    '{"path": "a", "rows": "x"}': "rows of look is not valid JSON",
    '{"path": "a", "rows": 5}': "Expected `array`",
    '{"path": "\\ud800"}': "half a character",
    "[" * 100_000: "not valid JSON",
    '{"path": "a"': "not valid JSON",
    '{"path": "a"} {"path": "b"}': "not valid JSON",
}


@pytest.mark.parametrize(("text", "reason"), WRONG.items(), ids=lambda value: value[:40])
def test_wrong_arguments_get_an_answer_the_model_can_correct(look: Tool, text: str, reason: str) -> None:
    with pytest.raises(ToolError) as caught:
        look.parse(text)
    assert reason in caught.value.message


KNOWN_ELSEWHERE = {
    "read": ["read_file", "Read"],
    "write": ["write_file", "Write"],
    "edit": ["edit_file", "Edit", "string_replace", "str_replace", "MultiEdit"],
}


@pytest.mark.parametrize(("ours", "theirs"), KNOWN_ELSEWHERE.items())
def test_the_names_of_other_agents_lead_to_our_tools(ours: str, theirs: list[str]) -> None:
    assert {found.name for name in theirs if (found := find_tool(name))} == {ours}
    assert all(find_tool(name) for name in theirs)


def test_no_two_tools_answer_to_one_name() -> None:
    names = [name.lower() for made in BUILTIN_TOOLS for name in {made.name, *(n.lower() for n in made.names)}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("name", "most"), [("read", 420), ("write", 330), ("edit", 620)])
def test_what_is_sent_of_a_tool_stays_short(name: str, most: int) -> None:
    made = find_tool(name)
    assert made
    assert len(msgspec.json.encode(made.spec)) <= most
