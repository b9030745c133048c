"""What confines the commands of a session's agents: tried once, chosen by the person, seen by everybody."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.events import Event
from nanodeck.contracts.sandbox import Access, SandboxProbed, SandboxState
from nanodeck.engine.setup import Setup
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.walls import Confine, Ended, Walls
from nanodeck.store.private import make_folder

_log = logging.getLogger(__name__)


class Confining:
    """Lives on the engine's loop. Access and network are as the setup has them until the person sets them."""

    def __init__(self, publish: Callable[[Event], None], setup: Setup) -> None:
        self._publish = publish
        self._root = setup.folder
        self._cache = setup.places.cache
        self._masked = (setup.places.keys,)
        self._access = setup.access
        self._network = setup.network
        self._trying: asyncio.Task[SandboxState] | None = None
        self._temp: Path | None = None

    def begin(self) -> asyncio.Task[SandboxState]:
        """Try what this machine can do, if that has not begun yet."""
        if self._trying is None:
            self._trying = asyncio.create_task(self._try(), name="sandbox")
        return self._trying

    async def state(self) -> SandboxState:
        """How commands are confined from now on."""
        tried = await asyncio.shield(self.begin())
        return self._chosen(tried)

    async def set(self, access: Access | None, network: bool | None) -> None:
        """Confine the commands that follow otherwise; None leaves a choice as it is."""
        self._access = access or self._access
        self._network = self._network if network is None else network
        self._publish(SandboxProbed(await self.state()))

    def around(self) -> Walls:
        """The walls of one command."""
        return _Around(self)

    async def close(self) -> None:
        """Leave nothing behind."""
        if self._trying:
            await asyncio.wait([self._trying])
        if self._temp:
            await asyncio.to_thread(shutil.rmtree, self._temp, ignore_errors=True)

    async def confinement(self, state: SandboxState) -> Confinement:
        """What a command is confined to now."""
        if self._temp is None:
            self._temp = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="nanodeck-"))
        return Confinement(self._root, self._temp, state.access, state.network, masked=self._masked)

    async def _try(self) -> SandboxState:
        try:
            tried = await asyncio.to_thread(tried_here, self._cache)
        except Exception as error:
            _log.exception("sandbox")
            tried = SandboxState(reason=f"it could not be tried: {error}")
        self._publish(SandboxProbed(self._chosen(tried)))
        return tried

    def _chosen(self, tried: SandboxState) -> SandboxState:
        return replace(tried, access=self._access, network=self._network)


class _Around(Struct):
    """The walls of one command."""

    confining: Confining
    confinement: Confinement | None = None

    async def confine(self) -> Confine | None:
        """What it is started within, None for nothing."""
        from nanodeck.shell.sandbox.launch import confined

        state = await self.confining.state()
        if not state.in_force:
            return None
        confinement = self.confinement = await self.confining.confinement(state)
        level = state.in_force
        return lambda argv, folder, environment: confined(
            argv, confinement, folder=folder, environment=environment, level=level
        )

    async def ended(self, ended: Ended) -> str:
        """What was denied to the command. Raises ToolError where it could not be started."""
        from nanodeck.shell.sandbox.denial import denied_by, start_failure

        if self.confinement is None:
            return ""
        if failure := start_failure(ended.report):
            raise ToolError(f"nothing was run: the sandbox could not start: {failure}")
        return await asyncio.to_thread(
            denied_by, ended.output, ended.exit_code, self.confinement, ended.folder
        )


def tried_here(cache: Path) -> SandboxState:
    """What this machine was seen to do, as kept in `cache`; blocks where it has to be tried."""
    from nanodeck.shell.sandbox.probe import probe

    with suppress(OSError):
        make_folder(cache)
    return probe(cache)
