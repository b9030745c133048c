"""A repository of our own that looks at a folder of files; one process at a time uses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.git.asking import git_environment
from nanodeck.workspace.shadow.asking import PipeError, ask, is_pipe
from nanodeck.workspace.shadow.lock import alone
from nanodeck.workspace.writing import atomic

REFERENCES = "refs/checkpoints"

_CONFIG = """\
[core]
\trepositoryformatversion = 1
\tbare = false
\tfilemode = true
\tsymlinks = true
\tautocrlf = false
\tsafecrlf = false
\tlogallrefupdates = false
\tuntrackedCache = false
\tsplitIndex = false
\ttrustctime = true
\tcheckStat = default
[extensions]
\tobjectFormat = sha256
[gc]
\tauto = 0
"""
# Bytes are kept as they are: no filter, line end or encoding of the project's own .gitattributes holds.
_ATTRIBUTES = "* -text -filter -ident -eol -working-tree-encoding !diff\n"
_FOLDERS = ("objects/info", "objects/pack", REFERENCES, "info")


class DamagedError(NanodeckError):
    """The index cannot be read."""


class Repository:
    """Runs git on `root`; what it writes is under `folder`. Threads and processes wait for each other."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.root = root
        self._busy = RLock()
        self._lock = -1
        self._pipe: Path | None = None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the repository, which is made where it is missing. Raises NanodeckError."""
        with self._busy:
            if self._lock >= 0:
                yield
                return
            try:
                atomic.make_private(self.folder)
                with alone(self.folder / "lock") as self._lock:
                    self._prepare()
                    yield
            except OSError as error:
                raise NanodeckError(f"checkpoints cannot be kept: {error}", str(self.folder)) from error
            finally:
                self._lock = -1

    def git(self, *args: str, given: bytes = b"", options: Sequence[str] = (), errors: bool = False) -> bytes:
        """What git writes; also its `errors`, instead of NanodeckError with the last of them."""
        if self._pipe and is_pipe(self._pipe):
            raise PipeError(self._pipe)
        own = {
            "GIT_DIR": str(self.folder),
            "GIT_WORK_TREE": str(self.root),
            "GIT_INDEX_FILE": str(self.folder / "index"),
        }
        try:
            # A git that outlives this process keeps others out until it is done.
            inherited = (self._lock,) if self._lock >= 0 else ()
            done = ask((*options, *args), self.root, git_environment() | own, given, inherited)
        except FileNotFoundError:
            if not self.root.is_dir():
                raise NanodeckError(f"{self.root} is gone") from None
            raise NanodeckError("git is not installed", "install git to undo what commands change") from None
        except PipeError as error:
            self._pipe = error.path
            raise
        except OSError as error:
            raise NanodeckError(f"git could not be run: {error.strerror}") from error
        if errors:
            return done.stdout + done.stderr
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            damaged = any("index file" in line for line in said)
            raise (DamagedError if damaged else NanodeckError)(
                f"checkpoint: {said[-1] if said else f'git ended with {done.returncode}'}",
                f"nanodeck doctor looks the store over; without {self.folder} a new one begins",
            )
        return done.stdout

    def write(self, name: str, data: bytes) -> None:
        """Write a small file of the repository in one step. Raises OSError."""
        path = self.folder / name
        draft = path.with_name(f"{path.name}.lock")
        draft.touch(0o600)
        draft.write_bytes(data)
        draft.replace(path)

    def _prepare(self) -> None:
        # Whoever left these was killed: the lock is ours.
        for left in ("index.lock", "shallow.lock"):
            with suppress(FileNotFoundError):
                (self.folder / left).unlink()
        if (self.folder / "HEAD").exists():
            return
        for name in _FOLDERS:
            atomic.make_private(self.folder / name)
        # The last one says that all are there.
        files = {"config": _CONFIG, "info/attributes": _ATTRIBUTES, "HEAD": "ref: refs/heads/none\n"}
        for name, text in files.items():
            self.write(name, text.encode())
