"""F7: a restore of thirty files is killed at every step, and so is what finishes it at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec

from nanodeck.workspace.modes import EXECUTABLE, LINK, PLAIN
from nanodeck.workspace.shadow.restoring import Restored, Restorer, Version
from tests.reliability.figure import Figure, Score
from tests.unit.workspace.trees import contents_of

FILES = 30
_STEPS = {"os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}


def _run(dice: Random, trials: int) -> Score:
    # A process of its own: only one without threads can be forked safely.
    argv = (sys.executable, "-m", "tests.reliability.restores", str(dice.randrange(1 << 30)), str(trials))
    done = subprocess.run(argv, check=True, capture_output=True)
    return msgspec.json.decode(done.stdout, type=Score)


def _trials(dice: Random, trials: int) -> Score:
    score = Score()
    with tempfile.TemporaryDirectory() as base:
        steps = range(1, _steps_of(Path(os.path.realpath(base)) / "counted") + 1)
        chosen = list(steps) if trials >= len(steps) else sorted(dice.sample(steps, trials))
        for step in chosen:
            score.add(_killed_at(Path(os.path.realpath(base)) / str(step), step, dice))
    return score


def _steps_of(base: Path) -> int:
    """How many steps a restore takes."""
    root, files = _project(base)
    counted = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal counted
        counted += _changes(event, arguments)

    sys.addaudithook(count)
    Restorer(base / "journals", root).restore(files)
    for thread in set(threading.enumerate()) - {threading.main_thread()}:
        # A process with threads is not forked.
        thread.join()
    return counted


def _killed_at(base: Path, step: int, dice: Random) -> str:
    root, files = _project(base)
    old = contents_of(root)
    new = {str(f.path.relative_to(root)): _content(f.target) for f in files if f.target}
    restorer = Restorer(base / "journals", root)
    if not _killed(lambda: restorer.restore(files), step):
        return f"step {step} never came"
    seen = {name: content for name, content in contents_of(root).items() if ".nanodeck-" not in name}
    for name in old.keys() | new.keys():
        if seen.get(name) not in (old.get(name), new.get(name)):
            return f"killed at {step}: {name} is neither old nor new"
    _killed(restorer.recover, dice.randint(1, FILES))
    restorer.recover()
    left = contents_of(root)
    if left not in (old, new):
        wrong = [name for name in old.keys() | new.keys() if left.get(name) != new.get(name)]
        return f"killed at {step}: neither all old nor all new: {wrong} or left behind"
    return ""


def _killed(work: Callable[[], object], step: int) -> bool:
    """Do `work` in a process that is killed before its change number `step`; whether it came that far."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    done = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        came = _changes(event, arguments)
        done += came
        if came and done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    try:
        work()
    finally:
        os._exit(0)


def _changes(event: str, arguments: tuple[object, ...]) -> bool:
    writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & os.O_CREAT)
    # What is thrown away beside is no step: it is over or not, as it comes.
    return (writes or event in _STEPS) and threading.current_thread() is threading.main_thread()


def _project(base: Path) -> tuple[Path, list[Restored]]:
    """A folder and what becomes of its files: changed, made, removed, other rights, links, other kinds."""
    root = base / "project"
    files: list[Restored] = []
    for n in range(FILES - 2):
        path = root / f"folder{n % 5}" / ("deep" if n % 2 else "") / f"file{n}"
        old, new = Version(b"old %d\n" % n), Version(b"new %d\n" % n, (PLAIN, EXECUTABLE)[n % 2])
        link = Version(b"../file%d" % n, LINK)
        olds = (old, None, old, link, old, Version(old.data, EXECUTABLE), None)
        news = (new, new, None, new, link, Version(old.data), link)
        files.append(Restored(path, olds[n % 7], news[n % 7]))
    files.append(Restored(root / "kind", Version(b"a file"), None))
    files.append(Restored(root / "kind" / "below", None, Version(b"in a folder")))
    for file in files:
        if file.present:
            _put(file.path, file.present)
    return root, files


def _put(path: Path, version: Version) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if version.mode == LINK:
        path.symlink_to(os.fsdecode(version.data))
    else:
        path.write_bytes(version.data)
        path.chmod(version.mode & 0o777)


def _content(version: Version) -> bytes | str:
    return os.fsdecode(version.data) if version.mode == LINK else version.data


FIGURE = Figure("F7", "a restore of 30 files that is killed is done or not done", _run, short=20, long=10_000)

if __name__ == "__main__":
    # A kill takes nothing back that was written: waiting for the disk proves nothing here.
    os.fsync = lambda fd: None
    sys.stdout.buffer.write(msgspec.json.encode(_trials(Random(int(sys.argv[1])), int(sys.argv[2]))))
