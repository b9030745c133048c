from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nanodeck.tools.schema import HIDDEN, compact_schema


class Inner(Struct):
    """A docstring for people."""

    title: str
    description: str = ""


class Arguments(Struct):
    """Another docstring."""

    path: Annotated[str, Meta(description="where")]
    kind: Literal["a", "b"] = "a"
    count: int | None = None
    inner: tuple[Inner, ...] = ()
    either: int | str = 0
    secret: Annotated[str | None, HIDDEN] = None


class Nothing(Struct):
    depth: int = 1


def test_a_schema_has_what_a_model_needs_and_nothing_else() -> None:
    assert compact_schema(Arguments) == {
        "type": "object",
        "properties": {
            "path": {"type": "string", "description": "where"},
            "kind": {"enum": ["a", "b"]},
            "count": {"type": "integer"},
            "inner": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"title": {"type": "string"}, "description": {"type": "string"}},
                    "required": ["title"],
                },
            },
            "either": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        },
        "required": ["path"],
    }


def test_nothing_required_is_not_said() -> None:
    assert compact_schema(Nothing) == {"type": "object", "properties": {"depth": {"type": "integer"}}}
