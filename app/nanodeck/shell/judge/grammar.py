"""The second reading of a command, by a grammar of bash: only words, pipes and plain redirects pass."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from nanodeck.shell.judge.expanding import Expander
from nanodeck.shell.judge.scope import UNKNOWN, Scope

if TYPE_CHECKING:
    from tree_sitter import Node, Parser
from nanodeck.shell.judge.names import names

_KNOWN = names(
    """
    program list pipeline command command_name word raw_string string string_content concatenation number
    redirected_statement file_redirect file_descriptor comment test_operator
    && || | ; " > >> < &> &>> >& <& |&
    """
) | {"\n"}
_WORDS = names("word raw_string string concatenation number command_name simple_expansion")
_TESTS = names("test_command unary_expression binary_expression test_operator [ ] ! = == !=") | _WORDS
_LAST_CODE = b"$?"


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
    if node.type == "test_command" and node.children[0].type == "[":
        words = _words(node, data)
        found.append(words or [])
        return words is not None and _only_known(node, data, _KNOWN | _TESTS)
    if node.type not in _KNOWN or node.is_missing:
        return False
    if node.type == "command":
        each = [_words(child, data) for child in node.named_children if child.type in _WORDS]
        found.append([words[0] for words in each if words and len(words) == 1])
        plain = len(each) == len(node.children) == len(found[-1])
        return plain and all(_only_known(child, data) for child in node.children)
    if node.type == "file_redirect":
        return _only_known(node, data)
    return all(_collect(child, data, found) for child in node.children)


def _only_known(node: Node, data: bytes, known: frozenset[str] = _KNOWN) -> bool:
    """Whether a node is made of nothing but what is listed; of all expansions the last exit code is."""
    if node.type == "simple_expansion":
        return data[node.start_byte : node.end_byte] == _LAST_CODE
    return (
        node.type in known
        and not node.is_missing
        and all(_only_known(child, data, known) for child in node.children)
    )


def _words(node: Node, data: bytes) -> list[str] | None:
    """The words that the text of a node is made of, None where they end before it does."""
    text = data[node.start_byte : node.end_byte].decode()
    expander = Expander(text, _NOTHING, lambda script: UNKNOWN)
    words: list[str] = []
    while expander.at < len(text):
        before = expander.at
        words += expander.word()
        while expander.at < len(text) and text[expander.at] in " \t":
            expander.at += 1
        if expander.at == before:
            return None
    return words


_NOTHING = Scope("~", None)
