"""Diffs of what was written and of what git tells, read as a face does: many files, long ones, big ones."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from subprocess import run
from time import monotonic, process_time

from nanodeck.contracts.commands import SwitchMode
from nanodeck.contracts.events import ModeSwitched
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.options import Options
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.sources import Source, SourceKind
from nanodeck.store.places import Places
from nanodeck.store.sessions import session_folder
from nanodeck.workspace.writing.checkpoints import Checkpointer
from nanodeck.workspace.writing.transaction import FileWrite
from tests.performance.bench import Bench, since
from tests.performance.pauses import Pauses
from tests.performance.rows import Floor, Row, pause_row
from tests.support.face import Face
from tests.unit.workspace.repositories import commit, git

FILES, FILE_LINES, LINES, BIG_LINES = 1_000, 100, 100_000, 132_000
Versions = dict[str, tuple[bytes, bytes]]


def sources(bench: Bench) -> list[Row]:
    """From the question to the first page and to the last one, with the loop that asks as a deck's would."""
    os.environ["NANODECK_HOME"] = str(bench.home())
    many = {f"src/f{n}.py": _versions(FILE_LINES, 10) for n in range(FILES)}
    long, big = {"long.py": _versions(LINES, 1)}, {"big.py": _versions(BIG_LINES, 1_000)}
    child = Floor("a child of Python alone", tuple(_child() for _ in bench.times(8)))
    return [
        *_rows(bench, f"session of {FILES:,} files", "session", many, child),
        *_rows(bench, f"git HEAD of {FILES:,} files", "head", many, child),
        *_rows(bench, f"{LINES:,} lines, all changed", "session", long, child),
        *_rows(bench, "a file of 5 MB, 132 lines changed", "session", big, child),
    ]


def _rows(bench: Bench, name: str, kind: SourceKind, files: Versions, child: Floor) -> list[Row]:
    first, cpu, longest, work = [], [], [], []
    folder = bench.home() / "project"
    folder.mkdir()
    with Face(Options(folder=str(folder))) as face:
        face.link.send(SwitchMode(Mode.AUTO_ACCEPT))
        face.wait(ModeSwitched)
        _change(folder, kind, files, face.state.session)
        for _ in bench.times(4):
            page, spent, pauses = asyncio.run(_read(face, Source(kind)))
            first.append(page)
            cpu.append(spent)
            longest.append(pauses.longest["all"])
            work.append(pauses.work["all"])
            # What was drawn is kept until another source is read.
            asyncio.run(_read(face, Source("staged")))
    return [
        Row(f"{name}: to the first page", "ms", tuple(first), (child,)),
        Row(f"{name}: the whole diff, in this process", "CPU ms", tuple(cpu)),
        pause_row(f"{name}: longest pause of the loop that asks", longest, work),
    ]


async def _read(face: Face, source: Source) -> tuple[float, float, Pauses]:
    """Milliseconds to the first page, CPU of this process for all, how long the loop stood still."""
    pauses = Pauses("all")
    started, spent = monotonic(), process_time()
    page = await face.link.ask(ReadDiff(source))
    first, read = since(started), len(page.files)
    while page.files and read < page.total:
        page = await face.link.ask(ReadDiff(source, read))
        read += len(page.files)
    pauses.stop()
    return first, (process_time() - spent) * 1000, pauses


def _change(folder: Path, kind: SourceKind, files: Versions, session: str) -> None:
    before = {name: old for name, (old, _) in files.items()}
    if kind == "head":
        git(folder, "init", "-q")
        commit(folder, before)
        for name, (_, new) in files.items():
            (folder / name).write_bytes(new)
        return
    for name, old in before.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(old)
    writes = [FileWrite(folder / name, old, new) for name, (old, new) in files.items()]
    place = session_folder(Places.from_environment(), session)
    Checkpointer(place / "checkpoints").write("changeset-1", writes, folder)


def _versions(lines: int, every: int) -> tuple[bytes, bytes]:
    """A file before and after, each so many lines changed."""
    old = [b"    value_%d = compute(%d, 'text')\n" % (n, n) for n in range(lines)]
    new = [b"    changed_%d = read()\n" % n if n % every == 0 else line for n, line in enumerate(old)]
    return b"".join(old), b"".join(new)


def _child() -> float:
    started = monotonic()
    run([sys.executable, "-I", "-S", "-c", ""], check=True)
    return since(started)
