"""Git run until it answers, but not for as long as somebody lets it wait at a pipe."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.git.asking import NEUTRAL_OPTIONS

SECONDS = 60.0
"""How long one call of git may take."""

PATIENCE = 2.0
"""After so many seconds it is worth a look what git may be waiting for."""

_READ = {".gitignore", ".gitattributes"}


class PipeError(NanodeckError):
    """Git waits for a pipe in the place of one of its files."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is a pipe, for which git would wait for ever",
            "remove it: until then nobody can undo what commands change here",
        )
        self.path = path


def ask(
    args: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    given: bytes = b"",
    inherited: Sequence[int] = (),
) -> subprocess.CompletedProcess[bytes]:
    """What git says in `folder`. Raises OSError, PipeError, NanodeckError where it takes too long."""
    with subprocess.Popen(
        ("git", *NEUTRAL_OPTIONS, *args),
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        umask=0o077,
        start_new_session=True,
        pass_fds=inherited,
    ) as git:
        try:
            output, errors = _answer(git, folder, given)
        except BaseException:
            git.kill()
            raise
    return subprocess.CompletedProcess(git.args, git.returncode, output, errors)


def _answer(git: subprocess.Popen[bytes], folder: Path, given: bytes) -> tuple[bytes, bytes]:
    try:
        return git.communicate(given, PATIENCE)
    except subprocess.TimeoutExpired:
        if pipe := next(_pipes(folder), None):
            raise PipeError(pipe) from None
    try:
        return git.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise NanodeckError(f"git took longer than {SECONDS:g} s for a checkpoint") from None


def is_pipe(path: Path) -> bool:
    """Whether opening `path` would wait for somebody."""
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except OSError:
        return False


def _pipes(root: Path) -> Iterator[Path]:
    """The pipes below `root` that git would read."""
    for folder, _, names in os.walk(root):
        inner = ".git" in Path(folder).relative_to(root).parts
        for name in names:
            if (inner or name in _READ) and is_pipe(path := Path(folder, name)):
                yield path
