"""Rules as other agents spell them, and how they are written here."""

from __future__ import annotations

import re

_OF_A_SERVER = re.compile(r"mcp__([\w.-]+?)(?:__([\w.*-]+))?")
_OF_A_HOST = re.compile(r"(?:web_?fetch|web_?search|fetch|network)\((.*)\)", re.IGNORECASE)
_HOST = re.compile(r"(?:domain:|https?://)?((?:\*\.)?[\w.-]+)(?:[:/].*)?")
_OF_WORDS = re.compile(r"prefix_rule\(.*?\[(.*?)\].*", re.DOTALL)
_OF_THE_SHELL = re.compile(
    r"(?:bash|shell|shelltool|run_shell_command)\s*(?:\((.*)\)|:\s*(.*))", re.IGNORECASE
)
_COMMAND = re.compile(r"[\w./+-]+ .+|[a-z./][a-z\d./-]*", re.DOTALL)


def written_here(text: str) -> str:
    """The rule that `text` most probably is meant to be; empty where that cannot be told."""
    text = text.strip().strip("'\"")
    if found := _OF_A_SERVER.fullmatch(text):
        return f"mcp({found[1]}/{found[2] or '*'})"
    if found := _OF_A_HOST.fullmatch(text):
        host = _HOST.fullmatch(found[1].strip())
        return f"network({host[1]})" if host else ""
    if found := _OF_WORDS.fullmatch(text):
        words = re.findall(r"\"([^\"]*)\"|'([^']*)'", found[1])
        return command_here(" ".join(one or other for one, other in words) + " *")
    if found := _OF_THE_SHELL.fullmatch(text):
        return command_here(found[1] or found[2] or "")
    if text == "*" or _COMMAND.fullmatch(text):
        return command_here(text)
    return ""


def command_here(words: str) -> str:
    """The rule for a command that is written as a text with stars in it."""
    words = " ".join(words.split())
    if not words.strip("*: "):
        return "bash"
    begin, star = re.subn(r":?\s*\*+$", "", words)
    return "" if "*" in begin or "(" in begin else f"bash({begin}{' *' if star else ''})"
