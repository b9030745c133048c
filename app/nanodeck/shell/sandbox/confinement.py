"""What a command is confined to, and how it is then started."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from nanodeck.contracts.sandbox import Access


class Limits(Struct, frozen=True):
    """What a command may use at most: bytes of a file, processes, seconds of a processor. 0: no limit."""

    file_bytes: int = 16 << 30
    processes: int = 4096
    cpu_seconds: int = 24 * 3600
    memory_bytes: int = 0


class Confinement(Struct, frozen=True):
    """Where commands may write and what they may reach.

    `root` is the workspace, `temp` a private folder that is /tmp to them, `writable` are further folders,
    `masked` files and folders whose content they never see. `proxy` gives each command the descriptor
    through which it hands out the socket that a proxy is to serve; `home` is the person's. `variables` are
    seen beside the usual ones.
    """

    root: Path
    temp: Path
    access: Access = "workspace-write"
    network: bool = False
    proxy: Callable[[], int] | None = None
    writable: tuple[Path, ...] = ()
    masked: tuple[Path, ...] = ()
    variables: frozenset[str] = frozenset()
    home: Path = field(default_factory=Path.home)
    limits: Limits = Limits()


class Launch(Struct, frozen=True):
    """How to start a command: the descriptors in `pass_fds` are the caller's to pass on and to close."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    pass_fds: tuple[int, ...] = ()

    def run(self, folder: Path, seconds: float | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run it in `folder` to its end, without input, and close. Raises OSError, TimeoutExpired."""
        try:
            return subprocess.run(
                self.argv,
                env=self.environment,
                cwd=folder,
                pass_fds=self.pass_fds,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                start_new_session=True,
                check=False,
            )
        finally:
            self.close()

    def close(self) -> None:
        """Close the descriptors: the command has its own by now, or never will."""
        for descriptor in self.pass_fds:
            os.close(descriptor)
