"""How far the commands of agents are confined."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Level = Literal[0, 1, 2]
SandboxEngine = Literal["bubblewrap", "landlock", "seatbelt", "none"]
Access = Literal["read-only", "workspace-write", "full"]
"""What commands may write: nothing, the workspace, or all that the person may (no sandbox at all)."""


class SandboxState(Struct, frozen=True, omit_defaults=True):
    """What confines the commands of agents: `level` and `engine` are what this machine was seen to do.

    `access`, `network` and `domains` (which may be reached while `network` is off) are what was asked for.
    `reduced` names the promises of the level that do not hold here, `reason` why there is no higher one
    and `cure` what would change that.
    """

    level: Level = 0
    engine: SandboxEngine = "none"
    access: Access = "workspace-write"
    network: bool = False
    domains: tuple[str, ...] = ()
    reduced: str = ""
    reason: str = ""
    cure: str = ""

    @property
    def in_force(self) -> Level:
        """The level that commands run at: with full access nothing confines them."""
        return 0 if self.access == "full" else self.level

    @property
    def brief(self) -> str:
        """The level in force in a word or two."""
        return f"sandbox {self.in_force}" if self.in_force else "no sandbox"

    @property
    def words(self) -> str:
        """What holds a command back."""
        if self.access == "full":
            return "off, full access: it can do all that you can, network too"
        if not self.level:
            why = f" ({self.reason})" if self.reason else ""
            return f"none: it can do all that you can, network too{why}"
        network = f"network to {', '.join(self.domains)} alone" if self.domains else "no network"
        reduced = f"; {self.reduced}" if self.reduced else ""
        return f"level {self.level}, {self.access}, {'with network' if self.network else network}{reduced}"


class SandboxProbed(Struct, frozen=True, tag=True):
    """The sandbox as it is from now on: tried at the start, or asked for anew."""

    state: SandboxState
