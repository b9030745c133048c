"""Which files a command may read unasked: those in the workspace, links followed, none secret by name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch, fnmatchcase
from functools import cached_property
from pathlib import Path

from nanodeck.contracts.requests import Word
from nanodeck.core.guarded import holds_secrets
from nanodeck.shell.judge.names import names

_NAMED_SECRET = re.compile(
    r"(?:.*[._-])?(?:secrets?|credentials?|passwords?|passwd|tokens?|api[._-]?keys?|private[._-]?key)"
    r"(?:[._-].*)?(?:\.(?:json|ya?ml|toml|txt|ini|env|cfg|conf|xml|properties|csv|enc|gpg|asc))?",
    re.IGNORECASE,
)
_CODE = re.compile(
    r".*\.(?:py|pyi|js|ts|tsx|jsx|go|rs|c|h|cc|cpp|hpp|java|kt|rb|php|swift|md|rst|html|css|sh|sql)"
)
_NAME = re.compile(r"[\w*?][\w.*?-]*")
_SECRET_SAMPLES = names(
    """
    .env .env.local prod.env id_rsa id_ed25519 server.pem server.key cert.p12 cert.pfx keys.jks .npmrc
    .netrc .pypirc .htpasswd credentials credentials.json secrets.json secrets.yaml secrets.toml
    secret.txt passwords.txt token.txt .git .ssh .aws .kube config.env app.keystore
    """
)
_MOST_ENTRIES = 2_000
_MOST_BELOW = 20_000


class Places:
    """The `folder` a command runs in and the workspace's `root`."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = os.path.realpath(folder)
        self.root = os.path.realpath(root)

    @cached_property
    def missing(self) -> bool:
        """Whether there is no such folder, so that nothing runs in it."""
        return not os.path.isdir(self.folder)

    @cached_property
    def inside(self) -> bool:
        """Whether the folder is the workspace or in it."""
        return self._holds(self.folder)

    def _holds(self, path: str) -> bool:
        return path == self.root or path.startswith(self.root.rstrip("/") + "/")

    @property
    def nowhere(self) -> Places:
        """A folder that is certainly none of the workspace."""
        return Places(Path("/dev/null"), Path(self.root))

    def unproven_move(self, words: Sequence[Word]) -> str:
        """Why a `cd` is not known to stay in the workspace; empty where it is."""
        if len(words) != 2 or words[1].filled or words[1].text.startswith("-"):
            return "where it goes is not certain"
        goal = os.path.realpath(os.path.join(self.folder, words[1].text))
        if not self._holds(goal):
            return f"leaves the workspace: {words[1].text}"
        if os.path.exists(goal) and not (os.path.isdir(goal) and os.access(goal, os.X_OK)):
            return f"there is no folder {words[1].text} to go to"
        if goal != os.path.normpath(os.path.join(self.folder, words[1].text)):
            # The shell remembers the way, and .. leads back on it; to programs it leads up.
            return f"goes through a link: {words[1].text}"
        return "" if not os.environ.get("CDPATH") else "CDPATH may lead somewhere else"

    def moved(self, words: Sequence[Word]) -> Places:
        """Where a `cd` leads to; nowhere in the workspace where that is not certain."""
        if self.unproven_move(words):
            return self.nowhere
        return Places(Path(self.folder, words[1].text), Path(self.root))

    def begins(self, text: str) -> bool:
        """Whether the name of some file in the folder begins with `text`."""
        try:
            return any(name.startswith(text) for name in os.listdir(self.folder))
        except OSError:
            return True

    def unreadable(self, operand: str, *, contents: bool = True) -> str:
        """Why `operand` is not read unasked; empty where it may be. `contents`: not its name alone."""
        if operand.startswith("~"):
            return f"outside of the workspace: {operand}"
        real = os.path.realpath(os.path.join(self.folder, operand))
        if not self._holds(real):
            return f"outside of the workspace: {operand}"
        if contents and (secret(operand) or secret(os.path.relpath(real, self.root))):
            return f"may hold secrets: {operand}"
        return ""

    def unreadable_pattern(self, pattern: str, *, contents: bool = True) -> str:
        """Why the files that `pattern` stands for are not read unasked."""
        *above, last = pattern.rstrip("/").split("/")
        hides = any(re.search(r"^\.+[*?]", piece) for piece in above)
        if (
            hides
            or not all(re.fullmatch(r"[\w.*?-]*", piece) for piece in above)
            or not _NAME.fullmatch(last)
        ):
            return f"what {pattern} stands for is not certain"
        if contents and any(fnmatchcase(sample, last) for sample in _SECRET_SAMPLES if sample[0] != "."):
            return f"{pattern} may stand for files that hold secrets"
        paths = ["/" if pattern.startswith("/") else ""]
        for piece in (*above, last):
            if not re.search(r"[*?]", piece):
                paths = [os.path.join(path, piece) for path in paths]
                continue
            for path in paths:
                if found := self.unreadable(path or ".", contents=False):
                    return found
            paths = [found for path in paths for found in self._named(path, piece)]
            if len(paths) > _MOST_ENTRIES:
                return f"{pattern} stands for too many files"
        for path in paths:
            if path.startswith(("-", "@")):
                return f"{pattern} stands for {path}, which looks like an option"
            if found := self.unreadable(path, contents=contents):
                return found
        return ""

    def _named(self, path: str, pattern: str) -> Iterator[str]:
        """What the shell puts for a name's `pattern` in the folder at `path`."""
        try:
            entries = os.listdir(os.path.join(self.folder, path))
        except OSError:
            return
        for name in entries:
            if fnmatchcase(name, pattern) and not name.startswith("."):
                yield os.path.join(path, name)

    def unreadable_tree(
        self, operand: str, *, links: bool = False, hidden: bool = True, chosen: Sequence[str] = ()
    ) -> str:
        """Why not all files below `operand` are read unasked.

        `links`: where links lead is read, too; without `hidden` names that begin with a dot are passed
        over; of files only those are read whose names `chosen` fit, where there are any.
        """
        if found := self.unreadable(operand):
            return found
        waiting, seen = [os.path.join(self.folder, operand)], 0
        while waiting:
            folder = waiting.pop()
            # The name of a folder tells what is in it: .aws/credentials
            above = f"{os.path.basename(folder)}/" if os.path.basename(folder).startswith(".") else ""
            try:
                entries = list(os.scandir(folder))
            except OSError:
                continue
            seen += len(entries)
            if seen > _MOST_BELOW:
                return f"{operand} holds too many files to look for secrets among them"
            for entry in entries:
                if entry.name.startswith(".") and not hidden:
                    continue
                fits = not chosen or any(fnmatch(entry.name, pattern) for pattern in chosen)
                if fits and entry.name != ".git" and secret(above + entry.name):
                    return f"would read {os.path.relpath(entry.path, self.folder)}, which may hold secrets"
                if links and entry.is_symlink() and (found := self.unreadable(entry.path)):
                    return found
                if entry.is_dir(follow_symlinks=False) and entry.name not in _SKIPPED:
                    waiting.append(entry.path)
        return ""


_SKIPPED = names(
    """
    .git node_modules .venv venv __pycache__ .tox .mypy_cache .ruff_cache target
    """
)


def secret(path: str) -> bool:
    """Whether a file at `path` holds secrets, going by its name."""
    if holds_secrets(path):
        return True
    name = path.rstrip("/").rsplit("/", 1)[-1]
    if path in (".git/config",) or path.endswith("/.git/config"):
        return True
    return "." in name and bool(_NAMED_SECRET.fullmatch(name)) and not _CODE.fullmatch(name.casefold())
