"""Lines of a file written anew, one typed line after the other."""

from __future__ import annotations

END = "."


class Writing:
    """Collects lines up to a lone dot; one that begins with a dot gets a second before it."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def take(self, line: str) -> bool:
        """Take a line; True when it was the last."""
        if line.rstrip("\r") == END:
            return True
        self.written.append(line[1:] if line.startswith(END * 2) else line)
        return False

    @property
    def text(self) -> str:
        """What was written."""
        return "\n".join(self.written)
