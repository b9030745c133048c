"""JSON schemas of tool arguments, as short as models understand: every byte is sent with every call."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

_DROPPED = {"title", "default"}

HIDDEN = msgspec.Meta(extra_json_schema={"hidden": True})
"""Marks an argument that is understood but not sent: what other agents call for in their own way."""


def compact_schema(arguments: type[Struct]) -> dict[str, Any]:
    """The schema of `arguments`: references inlined; no titles, defaults, docstrings, hidden arguments."""
    (schema,), definitions = msgspec.json.schema_components([arguments], ref_template="{name}")
    compact = _compact(schema, definitions)
    assert isinstance(compact, dict)
    return compact


def _compact(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_compact(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _compact(definitions[node["$ref"]], definitions)
    if "anyOf" in node:
        kept = [option for option in node["anyOf"] if option != {"type": "null"}]
        if len(kept) == 1:
            rest = {key: value for key, value in node.items() if key != "anyOf"}
            return _compact({**kept[0], **rest}, definitions)
    out = {}
    for key, value in node.items():
        if key == "properties":
            shown = {name: inner for name, inner in value.items() if not inner.get("hidden")}
            out[key] = {name: _compact(inner, definitions) for name, inner in shown.items()}
        elif key == "description" and "properties" in node:
            # A struct's docstring is for us; what a model needs stands in the tool's description.
            continue
        elif key not in _DROPPED and not (key == "required" and not value):
            out[key] = _compact(value, definitions)
    return out
