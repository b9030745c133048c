"""The second reading of a command, by a grammar of bash: only words, pipes and plain redirects pass."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from nanodeck.shell.judge.expanding import Expander
from nanodeck.shell.judge.scope import UNKNOWN, Scope

if TYPE_CHECKING:
    from tree_sitter import Node, Parser
from nanodeck.shell.judge.names import names

_KNOWN = frozenset(
    [
        "program",
        "list",
        "pipeline",
        "command",
        "command_name",
        "word",
        "raw_string",
        "string",
        "string_content",
        "concatenation",
        "number",
        "redirected_statement",
        "file_redirect",
        "file_descriptor",
        "comment",
        "test_operator",
        "&&",
        "||",
        "|",
        ";",
        '"',
        ">",
        ">>",
        "<",
        "&>",
        "&>>",
        ">&",
        "<&",
        "|&",
    ]
) | {"\n"}
_WORDS = names("word raw_string string concatenation number command_name")


@cache
def _parser() -> Parser:
    # Loaded with the first command only: nothing before it needs a grammar.
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def commands_by_grammar(command: str) -> list[list[str]] | None:
    """The words of every simple command in `command`; None where it holds anything else than such."""
    data = command.encode()
    root = _parser().parse(data).root_node
    if root.has_error:
        return None
    found: list[list[str]] = []
    return found if _collect(root, data, found) else None


def _collect(node: Node, data: bytes, found: list[list[str]]) -> bool:
    if node.type not in _KNOWN or node.is_missing:
        return False
    if node.type == "command":
        words = [_word(child, data) for child in node.named_children]
        if any(word is None for word in words) or len(node.children) != len(node.named_children):
            return False
        found.append([word for word in words if word is not None])
        return all(_only_known(child) for child in node.named_children)
    if node.type == "file_redirect":
        return _only_known(node)
    return all(_collect(child, data, found) for child in node.children)


def _only_known(node: Node) -> bool:
    return node.type in _KNOWN and not node.is_missing and all(_only_known(child) for child in node.children)


def _word(node: Node, data: bytes) -> str | None:
    if node.type not in _WORDS:
        return None
    text = data[node.start_byte : node.end_byte].decode()
    expander = Expander(text, _NOTHING, lambda script: UNKNOWN)
    words = expander.word()
    return words[0] if len(words) == 1 and expander.at == len(text) else None


_NOTHING = Scope("~", None)
