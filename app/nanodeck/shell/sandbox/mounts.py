"""Arguments of bubblewrap and the descriptors that go with them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nanodeck.contracts.errors import ToolError


class Mounts:
    """Gathers arguments; its descriptors stay open until bubblewrap has started."""

    def __init__(self) -> None:
        self.arguments: list[str] = []
        self.descriptors: list[int] = []

    def add(self, *arguments: str | Path) -> None:
        """Append arguments."""
        self.arguments += map(str, arguments)

    def data(self, content: bytes) -> str:
        """A descriptor to read `content` from, as an argument."""
        self.descriptors.append(readable(content))
        return str(self.descriptors[-1])

    def visible(self, path: str | Path) -> None:
        """Show a path read-only, even in a folder that is hidden."""
        self.add("--ro-bind", path, path)

    def fixed(self, path: Path, root: Path, option: str) -> None:
        """Mount a path of the workspace `root` on itself, by a descriptor: nobody can swap it meanwhile.

        `option` is as for paths. Raises ToolError where a link is on the way.
        """
        self.descriptors.append(_opened(path, root))
        self.add(f"{option}-fd", str(self.descriptors[-1]), path)

    def hide(self, path: Path) -> None:
        """Let a folder or a file look empty."""
        if path.is_dir():
            self.add("--tmpfs", path, "--remount-ro", path)
        else:
            self.add("--ro-bind-data", self.data(b""), path)

    def close(self) -> None:
        """Close the descriptors: nothing is started with them."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def readable(content: bytes) -> int:
    """A descriptor of a file without a name that holds `content`."""
    descriptor = os.memfd_create("nanodeck")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _opened(path: Path, root: Path) -> int:
    """A descriptor of `path`, reached from `root` through no link."""
    found = os.open(root, os.O_PATH | os.O_CLOEXEC)
    for name in path.relative_to(root).parts:
        above = found
        try:
            found = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=above)
        except OSError as error:
            raise ToolError(f"the sandbox cannot protect {path}: {error.strerror}", "try again") from None
        finally:
            os.close(above)
    if stat.S_ISLNK(os.fstat(found).st_mode):
        os.close(found)
        raise ToolError(f"the sandbox cannot protect {path}: it became a symbolic link", "try again")
    return found
