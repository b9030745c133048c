"""The composition root: from options to a running engine."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

from nanodeck.contracts.checkup import Finding
from nanodeck.contracts.errors import NanodeckError, UsageError
from nanodeck.contracts.link import EngineLink
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.options import Options
from nanodeck.contracts.rules import Why
from nanodeck.core.prompt import system_prompt
from nanodeck.core.secrets import secrets_of
from nanodeck.engine.agents import Agents
from nanodeck.engine.bus import Bus
from nanodeck.engine.engine import Engine
from nanodeck.engine.models import Models
from nanodeck.engine.permissions.rulebook import KeptRules
from nanodeck.engine.permissions.trust import Trust
from nanodeck.engine.resuming import resume
from nanodeck.engine.setup import Setup
from nanodeck.engine.thread import EngineThread
from nanodeck.extend.prompts import prompt_text
from nanodeck.providers.catalogue import KNOWN
from nanodeck.store.dotenv import project_secrets
from nanodeck.store.keys import Redactor
from nanodeck.store.log import start_log, stop_log
from nanodeck.store.places import Places
from nanodeck.store.sessions import find_session, folder_of
from nanodeck.store.settings import PROJECT_FILE, Loaded, load_settings, project_file
from nanodeck.tools.builtin import BUILTIN_TOOLS, usable_tools
from nanodeck.tools.registry import Tool, find_tool
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.shadow import store_of


def open_engine(options: Options) -> EngineLink:
    """Start the engine's thread and open the session that `options` ask for. Raises NanodeckError."""
    composition = _Composition(options)
    thread = EngineThread(composition.open, composition.close)
    thread.start()
    return thread


def check_up(folder: str) -> tuple[Finding, ...]:
    """Look over all that nanodeck depends on, as it is for `folder`; nothing is started or changed."""
    from nanodeck.engine.checkup import examine

    environment = dict(os.environ)
    places, redactor = Places.from_environment(environment), Redactor()
    return asyncio.run(examine(places, Path(os.path.realpath(folder)), environment, redactor))


def try_commands(folder: str) -> Callable[[str, Mode], Why]:
    """What says of a command and a mode what would happen in `folder`; nothing is started or changed."""
    from nanodeck.engine.permissions.trials import CommandTrials

    environment = dict(os.environ)
    places = Places.from_environment(environment)
    return CommandTrials(places, Path(os.path.realpath(folder)), environment).why


def log_path() -> str:
    """Where the log is written."""
    return str(Places.from_environment().log)


class _Composition:
    """Wires the parts together for one start."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._folder = Path(os.path.realpath(options.folder))
        self._environment = dict(os.environ)
        self._places = Places.from_environment(self._environment)
        self._redactor = Redactor()
        self._demo_folders: list[Path] = []
        self._trusts: dict[Path, Trust] = {}
        self._log = start_log(self._places, self._redactor.redact, verbose=options.verbose)

    async def open(self, bus: Bus) -> Engine:
        """The engine with its first session."""
        self._folder, session_id = await asyncio.to_thread(self._find_session)
        folder = self._folder
        loaded = self._load(folder)
        models = Models(self._places, loaded.settings, self._environment, self._redactor)
        if self._options.model and models.missing:
            raise models.missing
        if self._options.model and models.is_demo(models.ref) and session_id:
            raise UsageError("-m demo plays on its own project: leave out -c and -r")
        if models.is_demo(models.ref) and not session_id:
            folder = await asyncio.to_thread(self._demo_folder)
        setup = self._setup(folder, loaded, models)
        agents = resume(setup, bus, session_id) if session_id else Agents.begin(setup, bus)
        for notice in setup.notices:
            agents.session.tell_later(notice)
        return Engine(bus, agents, self._set_up)

    def close(self) -> None:
        """Leave nothing behind, once the engine has ended."""
        stop_log(self._log)
        if self._demo_folders:
            from nanodeck.providers.demo import remove_demo_folder

            for folder in self._demo_folders:
                remove_demo_folder(folder)
                rmtree(store_of(self._places.checkpoints, folder), ignore_errors=True)

    def _find_session(self) -> tuple[Path, str]:
        """The folder to work in and the session to resume there, if any."""
        if not self._options.resume:
            return self._folder, ""
        session_id = find_session(self._places, self._options.resume, str(self._folder))
        # What counts of a project is decided by where its files are: no link leads around that.
        home = Path(os.path.realpath(folder_of(self._places, session_id)))
        if not home.is_dir():
            raise NanodeckError(f"the folder of session {session_id} is gone: {home}")
        return home, session_id

    def _set_up(self, demo: bool) -> Setup:
        """The setup of a session that starts later, in the demo's folder or the person's."""
        folder = self._demo_folder() if demo else self._folder
        loaded = self._load(folder)
        models = Models(self._places, loaded.settings, self._environment, self._redactor)
        return self._setup(folder, loaded, models)

    def _demo_folder(self) -> Path:
        """A fresh copy of the demo's project; it lasts as long as the engine."""
        from nanodeck.providers.demo import make_demo_folder

        self._demo_folders.append(make_demo_folder())
        return self._demo_folders[-1]

    def _load(self, folder: Path) -> Loaded:
        options = self._options
        overrides = {
            "model": options.model,
            "mode": options.mode,
            "tools": options.tools,
            "max_turns": options.max_turns,
            "context_files": None if options.context_files else False,
        }
        allows = self._trust(folder).allows
        return load_settings(self._places, folder, self._environment, overrides, allows)

    def _trust(self, folder: Path) -> Trust:
        """What counts of the project; of the demo everything, which is nanodeck's own."""
        if folder not in self._trusts:
            everything = self._options.trust or folder in self._demo_folders
            self._trusts[folder] = Trust(self._places, folder, everything=everything)
        return self._trusts[folder]

    def _setup(self, folder: Path, loaded: Loaded, models: Models) -> Setup:
        options, settings = self._options, loaded.settings
        replacement = prompt_text(options.system_prompt) if options.system_prompt else settings.system_prompt
        appended = (
            prompt_text(options.append_system_prompt)
            if options.append_system_prompt
            else settings.append_system_prompt
        )
        own = {provider.key_env for provider in settings.providers.values()}
        known = {provider.key_variable for provider in KNOWN.values()}
        rules = KeptRules(
            loaded.rules,
            {"user": self._places.settings, "project": project_file(folder) or folder / PROJECT_FILE},
            self._trust(folder),
        )
        variables = frozenset((own | known) - {""})
        self._redactor.add(*secrets_of(self._environment, variables), *project_secrets(folder))
        return Setup(
            places=self._places,
            trust=self._trust(folder),
            workspace=Workspace(folder, self._places.own, self._places.keys),
            models=models,
            model_chosen=options.model is not None,
            tools=_chosen(settings.tools, folder, rules.disabled),
            system_prompt=system_prompt(replacement or None, appended or None),
            context_files=settings.context_files,
            max_calls=settings.max_turns,
            mode=settings.mode,
            mode_chosen=options.mode is not None,
            shell_seconds=settings.shell_timeout,
            stop_on_denial=settings.stop_on_denial,
            rules=rules,
            secret_variables=variables,
            access=settings.sandbox,
            network=settings.network,
            writable=tuple(Path(os.path.expanduser(folder)) for folder in settings.sandbox_writable),
            variables=frozenset(settings.sandbox_variables),
            asks=not options.headless,
            problems=(*loaded.problems, *rules.problems, *models.key_problems),
        )


def _chosen(names: tuple[str, ...] | None, folder: Path, disabled: frozenset[str]) -> tuple[Tool, ...]:
    """Of the tools that can do something in `folder` those called `names`, or all. Raises UsageError."""
    usable = tuple(tool for tool in usable_tools(folder) if tool.name not in disabled)
    if names is None:
        return usable
    chosen = {name: find_tool(name) for name in names}
    if unknown := [name for name, tool in chosen.items() if tool is None]:
        known = ", ".join(tool.name for tool in BUILTIN_TOOLS)
        raise UsageError(f"--tools: there is no tool {', '.join(unknown)}; the tools are: {known}")
    return tuple(tool for tool in usable if tool in chosen.values())
