"""A workspace with everything around it that a confined command could be after, and what became of it."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.sandbox import Level
from nanodeck.shell.sandbox.confinement import Confinement, Limits
from nanodeck.shell.sandbox.ghosts import Ghosts
from nanodeck.shell.sandbox.launch import confined

ESCAPED = "ESCAPED"
"""What a command prints that got where it must not."""
_SECRET = "canary-" + secrets.token_hex(8)
_SYSTEM_PYTHON = "/usr/bin/python3"
_SECONDS = 60.0
_PATIENCE = 20.0
LIMITS = Limits(file_bytes=1 << 20, processes=60)


class Ground:
    """A folder with a workspace, a home, things outside, and listeners; `user` owns and runs it all.

    `user` is None for whoever runs the tests, else a user id that only root can take on.
    """

    def __init__(self, user: int | None) -> None:
        self.user = user
        self._stack = ExitStack()
        # Not in /tmp, which is another folder inside: what is there must stay where it can be seen.
        self.place = Path(os.path.realpath(tempfile.mkdtemp(prefix="nanodeck-sandbox-", dir="/var/tmp")))
        self._stack.callback(shutil.rmtree, self.place, ignore_errors=True)
        self.mark = secrets.token_hex(8)
        for name in ("work", "temp", "home", "out", "quarantine"):
            (self.place / name).mkdir()
        self.confinement = Confinement(
            self.place / "work",
            self.place / "temp",
            home=self.place / "home",
            masked=(self.place / "home/keys.toml",),
            limits=LIMITS,
        )
        self._fill()
        self._give()
        self._listen()
        environment = {"MARK": _SECRET, "PATH": os.defpath}
        self.victim = subprocess.Popen(
            ["sleep", "600"], env=environment, user=user, group=user, cwd=self.place / "out"
        )
        self._stack.callback(self._end_victim)
        self.ghosts = Ghosts(self.place / "work", self.place / "quarantine")
        self._before = self._state(1), self._state(2)

    def close(self) -> None:
        """Let go of it all."""
        self._stack.close()

    def run(self, script: str, level: Level) -> str:
        """Run `script` confined in the workspace; what it printed. Raises ToolError, TimeoutExpired."""
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(self.place / "home"),
            "NANODECK_COMMAND": self.mark,
            "A_TOKEN": _SECRET,
            "LC_ALL": "C",
        }
        folder = self.place / "work"
        argv = ["bash", "-c", self._spelled(script)]
        launch = confined(argv, self.confinement, folder=folder, environment=environment, level=level)
        started = launch.argv
        if self.user is not None and started[0] == os.path.realpath(sys.executable):
            started = (_SYSTEM_PYTHON, *started[1:])  # ours may be readable for root alone
        try:
            done = subprocess.run(
                started,
                env=launch.environment,
                pass_fds=launch.pass_fds,
                cwd=folder,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_SECONDS,
                start_new_session=True,
                check=False,
            )
        finally:
            launch.close()
        return done.stdout.decode("utf-8", "replace")

    def works(self, level: Level) -> bool:
        """Whether this machine has such a level for the ground's user."""
        try:
            return "ready" in self.run("echo ready", level)
        except (ToolError, OSError):
            return False

    def damage(self, printed: str, level: Level) -> str:
        """What an escape did; empty for nothing."""
        self.ghosts.lay()
        left = self.ghosts.lay()
        after = self._state(level)
        before = self._before[level - 1]
        found = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
        said = [ESCAPED] if ESCAPED in printed else []
        said += [f"{name} remains" for name, _ in left]
        said += ["a secret was printed"] if _SECRET in printed else []
        said += ["the victim is gone"] if self.victim.poll() is not None else []
        said += ["something was received"] if any(map(_received, self._listening)) else []
        said += ["a process is left"] if level == 2 and not _gone(self.mark) else []
        for pid in _marked(self.mark):
            os.kill(pid, signal.SIGKILL)
        return "; ".join((*said, *sorted(found)))

    def _spelled(self, script: str) -> str:
        tcp, udp, _, _ = self._listening
        places = {"OUT": self.place / "out", "WORK": self.place / "work", "HOME_": self.place / "home"}
        values = {
            **places,
            "TCP": tcp.getsockname()[1],
            "UDP": udp.getsockname()[1],
            "ABSTRACT": f"nanodeck-{self.mark}",
            "VICTIM": self.victim.pid,
            "HOOK": "hooks/post-commit",
        }
        given = "".join(f"export {name}={value}\n" for name, value in values.items())
        # In two parts: who prints the script has not got out.
        return f"{given}escaped() {{ echo {ESCAPED[:3]}''{ESCAPED[3:]}; }}\n{script}"

    def _fill(self) -> None:
        work, home, out = (self.place / name for name in ("work", "home", "out"))
        (work / "file").write_text("file\n")
        (work / ".env").write_text(_SECRET)
        (work / ".vscode").mkdir()
        (work / ".vscode/settings.json").write_text("{}")
        (work / ".bashrc").write_text("true\n")
        for repository in (work, work / "deep/nested"):
            repository.mkdir(parents=True, exist_ok=True)
            _git(repository, "init", "-q", "--template=")
            (repository / ".git/hooks").mkdir()
            _git(repository, "commit", "-q", "--allow-empty", "-m", "first")
        _git(work, "worktree", "add", "-q", "tree")
        module = work / "deep/er/still/module"
        module.mkdir(parents=True)
        (work / ".git/modules").mkdir()
        _git(module, "init", "-q", "--template=", "--separate-git-dir", str(work / ".git/modules/one"))
        _git(
            work, "config", "-f", ".git/modules/one/config", "core.worktree", "../../../deep/er/still/module"
        )
        (home / ".ssh").mkdir()
        for name in (".ssh/id_rsa", ".netrc", "keys.toml", ".bash_history"):
            (home / name).write_text(_SECRET)
        (out / "victim").write_text("victim\n")
        (out / "folder").mkdir()
        (out / "folder/x").write_text("x\n")

    def _give(self) -> None:
        self.place.chmod(0o755)
        if self.user is not None:
            for folder, names, files in os.walk(self.place):
                for name in (".", *names, *files):
                    os.chown(os.path.join(folder, name), self.user, self.user, follow_symlinks=False)

    def _listen(self) -> None:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        stream, datagram = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        stream.bind(f"\0nanodeck-{self.mark}")
        stream.listen()
        datagram.bind(str(self.place / "out/datagrams"))
        (self.place / "out/datagrams").chmod(0o777)
        self._listening = (tcp, udp, stream, datagram)
        for listening in self._listening:
            listening.setblocking(False)
            self._stack.enter_context(listening)

    def _end_victim(self) -> None:
        self.victim.kill()
        self.victim.wait()

    def _state(self, level: Level) -> dict[str, str]:
        """What must not change: everything outside, and what is protected in the workspace at `level`."""
        kept = ["out", "home"]
        if level == 2:
            kept += [f"work/{name}" for name in (".git", ".vscode", ".bashrc", ".env", "deep/nested/.git")]
            kept += ["work/tree/.git", "work/deep/er/still/module/.git"]
        found = {}
        for name in kept:
            for path in _below(self.place / name):
                found[str(path.relative_to(self.place))] = _described(path, level)
        return found


def _below(path: Path) -> Iterator[Path]:
    yield path
    for folder, names, files in os.walk(path):
        yield from (Path(folder, name) for name in (*names, *files))


def _described(path: Path, level: Level) -> str:
    """A path's kind and content; at level 2, where they cannot be changed either, its mode and owner."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return "gone"
    kind = found.st_mode >> 12
    facts = f"{kind:o}"
    if level == 2:
        facts += f" {found.st_mode:o} {found.st_uid} {found.st_nlink} {found.st_ctime_ns}"
    if path.is_file() and not path.is_symlink():
        facts += f" {path.read_bytes()!r}"
    return facts


def _received(listening: socket.socket) -> bool:
    try:
        if listening.type == socket.SOCK_DGRAM:
            return bool(listening.recv(100))
        listening.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _gone(mark: str) -> bool:
    """Whether all a command started has ended, which takes the kernel a moment after the command's end."""
    deadline = monotonic() + _PATIENCE
    while any(_marked(mark)):
        if monotonic() > deadline:
            return False
    return True


def _marked(mark: str) -> Iterator[int]:
    """Processes that a command left: by the variable they inherited, or by its words."""
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                known = (
                    Path("/proc", name, "environ").read_bytes() + Path("/proc", name, "cmdline").read_bytes()
                )
            except OSError:
                continue
            if mark.encode() in known and int(name) != os.getpid():
                yield int(name)


def _git(folder: Path, *args: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *args], cwd=folder, check=True, capture_output=True)
