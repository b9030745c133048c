"""What confines the commands of a session's agents: tried once, chosen by the person, seen by everybody."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.events import Event, Noticed
from nanodeck.contracts.sandbox import Access, SandboxProbed, SandboxState
from nanodeck.engine.calls.facts import judged
from nanodeck.engine.permissions.reaching import Asker, Hosts
from nanodeck.engine.setup import Setup
from nanodeck.shell.reading import is_compound
from nanodeck.shell.sandbox.confinement import Confinement
from nanodeck.shell.walls import Confine, Denied, Ended, Walls
from nanodeck.shell.wrapper import reported_attempts
from nanodeck.store.private import make_folder

if TYPE_CHECKING:
    from nanodeck.shell.sandbox.ghosts import Ghosts
    from nanodeck.shell.sandbox.proxy import Proxy

_WHOLE = 2
"""The level at which single hosts can be reached, and files be masked."""

_log = logging.getLogger(__name__)


class Confining:
    """Lives on the engine's loop. Access and network are as the setup has them until the person sets them."""

    def __init__(
        self,
        publish: Callable[[Event], None],
        setup: Setup,
        hosts: Hosts,
    ) -> None:
        self.hosts = hosts
        self._publish = publish
        self.root = setup.folder
        self._cache = setup.places.cache
        self._masked = (setup.places.keys,)
        self._writable = setup.writable
        self._variables = setup.variables
        self._access = setup.access
        self._network = setup.network
        self._trying: asyncio.Task[SandboxState] | None = None
        self._tried = self._said = SandboxState()
        self._told = False
        self._temp: Path | None = None
        self._ghosts: Ghosts | None = None
        self._inside = 0

    def begin(self) -> asyncio.Task[SandboxState]:
        """Try what this machine can do, if that has not begun yet."""
        if self._trying is None:
            self._trying = asyncio.create_task(self._try(), name="sandbox")
        return self._trying

    async def state(self) -> SandboxState:
        """How commands are confined from now on."""
        await asyncio.shield(self.begin())
        self._tell()
        return self._said

    @property
    def alone(self) -> bool:
        """Whether each command has a network of its own, which leads nowhere."""
        return self._said.in_force == _WHOLE and not self._said.network

    async def set(self, access: Access | None, network: bool | None) -> None:
        """Confine the commands that follow otherwise; None leaves a choice as it is."""
        self._access = access or self._access
        self._network = self._network if network is None else network
        await self.state()

    def accept(self) -> None:
        """What is in the workspace now was written by the person, or with their leave."""
        if self._ghosts:
            self._ghosts.accept()

    async def enter(self, state: SandboxState) -> Confinement:
        """A command starts: what it is confined to."""
        from nanodeck.shell.sandbox.ghosts import Ghosts

        if self._temp is None:
            self._temp = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="nanodeck-"))
        if self._ghosts is None:
            self._ghosts = await asyncio.to_thread(Ghosts, self.root, self._cache / "quarantine")
        elif not self._inside:
            await asyncio.to_thread(self._ghosts.accept)
        self._inside += 1
        return Confinement(
            self.root,
            self._temp,
            state.access,
            state.network,
            writable=await asyncio.to_thread(self._there),
            masked=self._masked,
            variables=self._variables,
        )

    def _there(self) -> tuple[Path, ...]:
        """The further folders to write in, as far as there are such by now."""
        return tuple(folder for folder in self._writable if folder.is_dir())

    async def leave(self) -> str:
        """A command has ended: the guarded names it made where there were none, which are moved away."""
        assert self._ghosts is not None
        self._inside -= 1
        laid = await asyncio.to_thread(self._lay, self._ghosts)
        for name, place in laid:
            text = f"a command made {name}, which only you may: it was moved to {place}"
            self._publish(Noticed("warning", text, "move it back if you want it"))
        return ", ".join(name for name, _ in laid)

    def _lay(self, ghosts: Ghosts) -> tuple[tuple[str, Path], ...]:
        make_folder(self._cache / "quarantine")
        return ghosts.lay()

    def around(self, asker: Asker) -> Walls:
        """The walls of the command of one call."""
        return _Around(self, asker)

    async def close(self) -> None:
        """Leave nothing behind."""
        if self._trying:
            await asyncio.wait([self._trying])
        if self._temp:
            await asyncio.to_thread(shutil.rmtree, self._temp, ignore_errors=True)

    async def _try(self) -> SandboxState:
        try:
            tried = await asyncio.to_thread(tried_here, self._cache)
        except Exception as error:
            _log.exception("sandbox")
            tried = SandboxState(reason=f"it could not be tried: {error}")
        self._tried = tried
        self._tell()
        return tried

    def _tell(self) -> None:
        """Say how commands are confined now, if that is not known yet."""
        now = self._chosen(self._tried)
        if now != self._said or not self._told:
            self._said, self._told = now, True
            self._publish(SandboxProbed(now))

    def _chosen(self, tried: SandboxState) -> SandboxState:
        return replace(tried, access=self._access, network=self._network, domains=self.hosts.allowed)


class _Around:
    """The walls of the command of one call."""

    def __init__(self, confining: Confining, asker: Asker) -> None:
        self._confining = confining
        self._asker = asker
        self._confinement: Confinement | None = None
        self._masks = self._proxied = False
        self._proxy: Proxy | None = None

    async def confine(self) -> Confine | None:
        """What it is started within, None for nothing."""
        from nanodeck.shell.sandbox.launch import confined

        state = await self._confining.state()
        level = state.in_force
        if not level:
            return None
        confinement = self._confinement = await self._confining.enter(state)
        self._masks = level == _WHOLE
        self._proxied = self._masks and not state.network
        if self._proxied and self._confining.hosts.any_for(self._asker.call):
            confinement = replace(confinement, proxy=self._joined())
        return lambda argv, folder, environment: confined(
            argv, confinement, folder=folder, environment=environment, level=level
        )

    def _joined(self) -> Callable[[], int]:
        """Gives the command, at its start, its end of a proxy that asks about every host."""
        from nanodeck.shell.sandbox.proxy import Proxy

        async def may(host: str, port: int) -> bool:
            return await self._confining.hosts.may(self._asker, host)

        self._proxy = Proxy(may)
        # On the loop's thread, which the start of a command is not.
        descriptor = self._proxy.join()
        return lambda: descriptor

    async def ended(self, ended: Ended) -> Denied | None:
        """What was denied to the command. Raises ToolError where it could not be started."""
        from nanodeck.shell.sandbox.denial import start_failure

        if self._proxy:
            self._proxy.close()
        if (confinement := self._confinement) is None:
            return None
        made = await self._confining.leave()
        if failure := start_failure(ended.report):
            raise ToolError(f"nothing was run: the sandbox could not start: {failure}")
        if made:
            return Denied(made)
        return await asyncio.to_thread(self._denied, ended, confinement)

    def _denied(self, ended: Ended, confinement: Confinement) -> Denied | None:
        from nanodeck.shell.sandbox.denial import denied_by, looked_empty
        from nanodeck.shell.sandbox.unreached import fetches

        command = self._asker.command
        # Only in a network of its own is counted what it tries.
        attempts = reported_attempts(ended.report) if self._proxied else int(fetches(command))
        denied = denied_by(ended, command, confinement, attempts)
        if denied is None:
            return looked_empty(command, confinement, ended.folder) if self._masks else None
        asks = True
        if ended.exit_code == 0:
            root = self._confining.root
            if judged(command, ended.folder, root).verdict == "allow":
                # What it printed of denials it only read somewhere.
                return None
            # That one simple command ended well is not to be doubted; of several only the last one says so.
            asks = is_compound(command)
        return replace(denied, host=denied.host and self._proxied, asks=asks)


def tried_here(cache: Path) -> SandboxState:
    """What this machine was seen to do, as kept in `cache`; blocks where it has to be tried."""
    from nanodeck.shell.sandbox.probe import probe

    with suppress(OSError):
        make_folder(cache)
    return probe(cache)
