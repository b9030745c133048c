"""The settings: defaults < user < project < environment < flags, each value with where it came from."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from nanodeck.contracts.modes import Mode, parse_mode
from nanodeck.contracts.rules import Rule, Scope
from nanodeck.contracts.sandbox import Access
from nanodeck.store.expand import expand
from nanodeck.store.places import Places
from nanodeck.store.plain import read_plain
from nanodeck.store.rules import take_rules
from nanodeck.store.toml import BrokenToml, decode_toml, line_of, parse_toml

PROJECT_FILE = Path(".nanodeck", "settings.toml")
_FORBIDDEN_IN_PROJECT = frozenset(
    {
        "providers",
        "base_url",
        "mode",
        "deck",
        "keys",
        "key",
        "api_key",
        "key_env",
        "key_store",
        "sandbox",
        "network",
        "sandbox_writable",
        "sandbox_variables",
    }
)
_OF_THE_DECK = ("deck", "keys")
"""Tables that the deck reads for itself (`store/preferences`)."""
_VARIABLES = (
    ("model", "MODEL"),
    ("model", "NANODECK_MODEL"),
    ("mode", "NANODECK_MODE"),
    ("base_url", "OPENAI_BASE_URL"),
)


KeyPlace = Literal["file", "keyring"]
EditTool = Literal["edit", "apply_patch"]
Window = Annotated[int, Meta(ge=1)]


class Provider(Struct, frozen=True, omit_defaults=True):
    """A model server; `key_env` names the variable that holds its key, which is never stored here.

    `edit_tool` is what its models edit files with, `context_window` how many tokens they take at once, all of
    them or each by its name.
    """

    base_url: str = ""
    models: tuple[str, ...] = ()
    key_env: str = ""
    edit_tool: EditTool | dict[str, EditTool] | None = None
    context_window: Window | dict[str, Window] | None = None


class Settings(Struct, frozen=True, omit_defaults=True):
    """What can be set. Empty and None mean: not set.

    `base_url` is a server given by the environment that every model name goes to whole; `tools`
    lists the only tools a model gets; prompts are the text itself, never a file's name;
    `shell_timeout` is in seconds; `edit_tool` is what models edit files with; `stop_on_denial` ends the
    turn when a call is denied; `key_store` is where keys are kept; `sandbox` and `network` are what commands
    of agents may do unasked, `sandbox_writable` further folders they write in, `sandbox_variables` further
    variables they see.
    """

    model: str = ""
    mode: Mode = Mode.NORMAL
    base_url: str = ""
    providers: dict[str, Provider] = {}
    tools: tuple[str, ...] | None = None
    max_turns: Annotated[int, Meta(ge=1)] | None = None
    system_prompt: str = ""
    append_system_prompt: str = ""
    context_files: bool = True
    shell_timeout: Annotated[float, Meta(gt=0, le=86400)] = 120.0
    stop_on_denial: bool = False
    edit_tool: EditTool = "edit"
    key_store: KeyPlace = "file"
    sandbox: Access = "workspace-write"
    network: bool = False
    sandbox_writable: tuple[str, ...] = ()
    sandbox_variables: tuple[str, ...] = ()

    def edit_tool_of(self, provider: str, model: str) -> EditTool:
        """What a model edits files with."""
        own = self.providers[provider].edit_tool if provider in self.providers else None
        return (own.get(model) if isinstance(own, dict) else own) or self.edit_tool

    def window_of(self, provider: str, model: str) -> int:
        """How many tokens a model takes at once, 0 where that is not set."""
        own = self.providers[provider].context_window if provider in self.providers else None
        return (own.get(model) if isinstance(own, dict) else own) or 0


class Loaded(Struct, frozen=True):
    """Settings, what was wrong with them, and where each came from (`file:line`, a variable, `flag`).

    `rules` are the project's before the person's.
    """

    settings: Settings
    problems: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


def load_settings(
    places: Places,
    folder: Path,
    environment: Mapping[str, str] = os.environ,
    overrides: Mapping[str, object] | None = None,
    allows: Callable[[Path, bytes], bool] = lambda path, data: True,
) -> Loaded:
    """Everything that holds in `folder`; a wrong value is a problem and leaves what was set below it.

    `overrides` are flags by setting; None means that the flag was not given. `allows` says whether a
    project's file with these bytes counts.
    """
    sources = [_user(places.settings, environment)]
    if (path := project_file(folder)) and path != places.settings:
        sources.append(_project(path, allows))
    sources += [_variable(key, name, environment) for key, name in _VARIABLES if environment.get(name)]
    sources.append(_flags(overrides or {}))
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for source in sources:
        if source.narrows and values.get("tools") and "tools" in source.values:
            both = set(source.values["tools"])
            source.values["tools"] = tuple(name for name in values["tools"] if name in both)
        values |= source.values
        origins |= source.origins
    problems = tuple(problem for source in sources for problem in source.problems)
    # The nearer one's own the sooner a rule is named as what decided.
    rules = tuple(rule for source in reversed(sources) for rule in source.rules)
    return Loaded(Settings(**values), problems, origins, rules)


def project_file(folder: Path) -> Path | None:
    """The settings of the project around `folder`: the nearest file, no higher than its repository."""
    folder = folder.absolute()
    around = [folder, *folder.parents]
    top = next((n for n, parent in enumerate(around) if (parent / ".git").exists()), 0)
    return next((f / PROJECT_FILE for f in around[: top + 1] if (f / PROJECT_FILE).is_file()), None)


class _Source(Struct):
    """One place settings come from; one that `narrows` can only take tools away."""

    narrows: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def _user(path: Path, environment: Mapping[str, str]) -> _Source:
    source = _Source()
    text, table = _read(path, source)
    for name in _OF_THE_DECK:
        table.pop(name, None)
    _take_rules(source, path, text, table, "user")
    reader = _Reader(path, text, source, environment)
    reader.take(table)
    return source


def _project(path: Path, allows: Callable[[Path, bytes], bool]) -> _Source:
    """A project's own settings: what decides about servers, keys and permissions is not its to set.

    Its strings are taken as they stand: put-in variables would carry secrets to a model.
    """
    source = _Source(narrows=True)
    text, table = _read(path, source, allows)
    reader = _Reader(path, text, source, None)
    for key in sorted(_FORBIDDEN_IN_PROJECT & table.keys()):
        reader.say((key,), "a project may not set this, so it is ignored: set it in your own settings")
        del table[key]
    _take_rules(source, path, text, table, "project")
    reader.take(table)
    return source


def _take_rules(source: _Source, path: Path, text: str, table: dict[str, Any], scope: Scope) -> None:
    source.rules, problems = take_rules(path, text, table, scope)
    source.problems += problems


def _variable(key: str, name: str, environment: Mapping[str, str]) -> _Source:
    source = _Source()
    try:
        source.values[key] = _convert(environment[name].strip(), Settings, key)
        source.origins[key] = name
    except ValueError as error:
        source.problems.append(f"{name}: {error}")
    return source


def _flags(overrides: Mapping[str, object]) -> _Source:
    source = _Source()
    for key, value in overrides.items():
        if value is not None:
            source.values[key] = value
            source.origins[key] = "flag"
    return source


def _read(
    path: Path, source: _Source, allows: Callable[[Path, bytes], bool] = lambda path, data: True
) -> tuple[str, dict[str, Any]]:
    """The text and the tables of a settings file, empty with a problem when it cannot be used."""
    try:
        data = read_plain(path)
        if not allows(path, data):
            return "", {}
        text = decode_toml(path, data)
        return text, parse_toml(path, text)
    except FileNotFoundError:
        pass
    except BrokenToml as error:
        source.problems.append(f"{error.message}; {error.advice}")
    except OSError as error:
        source.problems.append(f"{path}: cannot be read: {error.strerror}")
    return "", {}


class _Reader(Struct, frozen=True):
    """Takes settings out of one file's tables, key by key, so that a bad one costs itself alone."""

    path: Path
    text: str
    source: _Source
    environment: Mapping[str, str] | None

    def take(self, table: dict[str, Any]) -> None:
        """Take every setting of `table` into the source."""
        providers = table.pop("providers", {})
        self.source.values |= self._fields(Settings, table, ())
        if providers:
            self.source.values["providers"] = self._providers(providers)
        for key in self.source.values:
            self.source.origins[key] = f"{self.path}:{line_of(self.text, (key,))}"

    def say(self, keys: tuple[str, ...], problem: str) -> None:
        """Note what is wrong with one key."""
        line = line_of(self.text, keys)
        self.source.problems.append(f"{self.path}:{line}: {'.'.join(keys)}: {problem}")

    def _providers(self, tables: object) -> dict[str, Provider]:
        if not isinstance(tables, dict):
            self.say(("providers",), "must be tables, as in [providers.name]")
            return {}
        made = {}
        for name, table in tables.items():
            if isinstance(table, dict):
                made[name] = Provider(**self._fields(Provider, table, ("providers", name)))
            else:
                self.say(("providers", name), "must be a table with base_url and models")
        return made

    def _fields(self, kind: type[Struct], table: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
        values = {}
        for name, raw in table.items():
            here = (*keys, name)
            try:
                values[name] = _convert(self._expanded(raw, here), kind, name)
            except ValueError as error:
                self.say(here, str(error))
        return values

    def _expanded(self, value: Any, keys: tuple[str, ...]) -> Any:
        if self.environment is None:
            return value
        if isinstance(value, list):
            return [self._expanded(inner, keys) for inner in value]
        if not isinstance(value, str):
            return value
        text, unset = expand(value, self.environment)
        for name in unset:
            self.say(keys, f"the variable {name} is not set")
        return text


def _convert(value: Any, kind: type[Struct], name: str) -> Any:
    """`value` as the field `name` of `kind`. Raises ValueError with what would be right."""
    types = {known.name: known.type for known in msgspec.structs.fields(kind)}
    if name not in types:
        from difflib import get_close_matches

        near = get_close_matches(name, types, 1)
        raise ValueError(f"there is no such setting{f', did you mean {near[0]}?' if near else ''}")
    if types[name] is Mode:
        return _mode(value)
    try:
        return msgspec.convert(value, types[name])
    except msgspec.ValidationError as error:
        raise ValueError(str(error)[:1].lower() + str(error)[1:].replace(" - at `$`", "")) from None


def _mode(value: Any) -> Mode:
    allowed = [mode.value for mode in Mode if mode is not Mode.YOLO]
    try:
        mode = parse_mode(value) if isinstance(value, str) else None
    except ValueError:
        mode = None
    if mode is Mode.YOLO:
        raise ValueError(f"{value} is taken from the command line only")
    if mode is None:
        raise ValueError(f"expected one of {', '.join(allowed)}")
    return mode
