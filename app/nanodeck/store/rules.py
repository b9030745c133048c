"""Rules in settings files: read with the line of each, written and deleted leaving everything else.

always_allow = ["grep"]
disabled_tools = ["task"]

[permissions]
allow = ["bash(npm test *)", "edit(src/**)"]
deny = ["read(secrets/**)"]

[permissions.auto-accept]
allow = ["bash(make *)"]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nanodeck.contracts.errors import SettingsError
from nanodeck.contracts.judging import Opinion
from nanodeck.contracts.modes import Mode, parse_mode
from nanodeck.contracts.rules import Rule, Scope
from nanodeck.core.rules import parse_rule
from nanodeck.store.plain import read_plain
from nanodeck.store.settings_file import change_file
from nanodeck.store.toml import decode_toml, line_of, parse_toml

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

TABLE = "permissions"
_OPINIONS: tuple[Opinion, ...] = ("allow", "ask", "deny")
_LISTS: dict[str, Opinion] = {
    "always_allow": "allow",
    "alwaysAllow": "allow",
    "disabled_tools": "deny",
    "disabledTools": "deny",
}
"""Lists of tools at the top of a file, by the names that other agents know them by too."""
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|\]')


def take_rules(path: Path, text: str, table: dict[str, Any], scope: Scope) -> tuple[list[Rule], list[str]]:
    """Take the rules out of the `table` that was read from `text`, and what is wrong with others."""
    lists: dict[tuple[str, ...], Any] = {(name,): table.pop(name) for name in _LISTS if name in table}
    permissions = table.pop(TABLE, {})
    lists |= _flat(permissions) if isinstance(permissions, dict) else {(TABLE,): permissions}
    rules: list[Rule] = []
    problems: list[str] = []
    for keys, values in lists.items():
        verdict, mode = _meaning(keys)
        first = line_of(text, keys)
        if verdict is None or not _is_texts(values):
            expected = "expected a list of texts" if verdict else "expected allow, ask, deny or a mode"
            problems.append(f"{path}:{first}: {'.'.join(keys)}: {expected}")
            continue
        for value, line in zip(values, _lines(text, first, values), strict=True):
            try:
                parse_rule(value)
            except SettingsError as error:
                problems.append(f"{path}:{line}: {error.message}")
            else:
                rules.append(Rule(verdict, value, (mode,) if mode else (), scope, str(path), line))
    return rules, problems


def _flat(permissions: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    """The lists of the table and of its tables by mode, by their keys."""
    found: dict[tuple[str, ...], Any] = {}
    for name, value in permissions.items():
        inner = value.items() if isinstance(value, dict) else []
        found.update({(TABLE, name, key): values for key, values in inner})
        if not inner:
            found[TABLE, name] = value
    return found


def _meaning(keys: tuple[str, ...]) -> tuple[Opinion | None, Mode | None]:
    """What a list under `keys` says of what stands in it, and in which mode alone."""
    if len(keys) == 1:
        return _LISTS.get(keys[0]), None
    mode = _mode(keys[1]) if len(keys) == 3 else None
    known = len(keys) == 2 or mode is not None
    return next((verdict for verdict in _OPINIONS if known and verdict == keys[-1]), None), mode


def add_rule(path: Path, rule: Rule) -> Rule:
    """Keep `rule` in a settings file; answers it as it stands there. Raises SettingsError."""
    parse_rule(rule.text)
    if "\n" in rule.text:
        raise SettingsError("a rule is one line")

    def change(document: TOMLDocument) -> None:
        import tomlkit

        for mode in rule.modes or (None,):
            table = document.setdefault(TABLE, tomlkit.table())
            table = table.setdefault(mode.value, tomlkit.table()) if mode else table
            values = table.setdefault(rule.verdict, tomlkit.array())
            if rule.text not in values:
                values.append(rule.text)
                if len(values) > 1:
                    values.multiline(True)

    change_file(path, change)
    return next(kept for kept in rules_in(path, rule.scope) if _same(kept, rule))


def delete_rule(path: Path, rule: Rule) -> None:
    """Take `rule` out of a settings file. Raises SettingsError."""

    def change(document: TOMLDocument) -> None:
        found = False
        for values in _lists_of(document, rule):
            while rule.text in values:
                values.remove(rule.text)
                found = True
        if not found:
            raise SettingsError(f"{path}: {rule.text} does not stand there any more")

    change_file(path, change)


def rules_in(path: Path, scope: Scope) -> list[Rule]:
    """The rules that stand in a file. Raises SettingsError and OSError."""
    text = decode_toml(path, read_plain(path))
    return take_rules(path, text, parse_toml(path, text), scope)[0]


def _same(kept: Rule, rule: Rule) -> bool:
    modes = set(kept.modes) <= set(rule.modes) if rule.modes else not kept.modes
    return kept.text == rule.text and kept.verdict == rule.verdict and modes


def _lists_of(document: TOMLDocument, rule: Rule) -> Iterator[Any]:
    """Every list of a file that holds `rule`."""
    permissions = document.get(TABLE, {})
    tables = [permissions.get(name, {}) for name in permissions if _mode(name) in rule.modes]
    lists = [table.get(rule.verdict) for table in (tables if rule.modes else [permissions])]
    if not rule.modes:
        lists += [document.get(name) for name, verdict in _LISTS.items() if verdict == rule.verdict]
    yield from (values for values in lists if isinstance(values, list))


def _is_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _mode(name: str) -> Mode | None:
    try:
        return parse_mode(name)
    except ValueError:
        return None


def _lines(text: str, first: int, values: Sequence[str]) -> list[int]:
    """The line of each text of a list whose key stands in line `first`."""
    start = sum(len(line) + 1 for line in text.split("\n")[: first - 1])
    begin = text.find("[", text.find("=", start))
    lines: list[int] = []
    for found in _STRING.finditer(text, begin + 1):
        if found[0] == "]" or len(lines) == len(values):
            break
        if not found[0].startswith("#"):
            lines.append(text.count("\n", 0, found.start()) + 1)
    return lines if len(lines) == len(values) else [first] * len(values)
