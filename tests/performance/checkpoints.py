"""C5, C6: checkpoints of a large project, a thousand files put back, what a hundred checkpoints take."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from subprocess import run
from time import monotonic

from nanodeck.workspace.git.asking import NEUTRAL_OPTIONS
from nanodeck.workspace.shadow import Shadow
from nanodeck.workspace.shadow.restoring import Restored, Restorer, Version
from tests.performance.bench import Bench, since
from tests.performance.rows import Budget, Floor, Row

FOLDERS, IN_FOLDER, LINES = 100, 100, 100
RESTORED, TAKEN, CHANGED = 1_000, 100, 1 << 20


def checkpoints(bench: Bench) -> list[Row]:
    """With 10,000 files, beside git itself on the same files; then how much room is taken."""
    root = bench.home() / "project"
    paths = _project(root)
    shadow = Shadow(bench.home() / "shadow", root)
    plain = Git(bench.home() / "plain", root)
    first = _timed(lambda: shadow.take("s/first"))
    plain_first = _timed(plain.take)
    same, one, turn, floor_same, floor_one = [], [], [], [], []
    for n in bench.times(8):
        same.append(_timed(partial(shadow.take, f"s/same{n}")))
        floor_same.append(_timed(plain.look))
        paths[n].write_text(f"{n}\n" * LINES)
        floor_one.append(_timed(plain.take))
        one.append(_timed(partial(shadow.take, f"s/one{n}")))
        turn.append(same[-1] + one[-1])
    files = "10,000 files"
    return [
        Row(
            f"{files}: the first checkpoint", "ms", (first,), (Floor("git add, write-tree", (plain_first,)),)
        ),
        Row(f"{files}: nothing changed", "ms", tuple(same), (Floor("git status", tuple(floor_same)),)),
        Row(f"{files}: a file changed", "ms", tuple(one), (Floor("git add, write-tree", tuple(floor_one)),)),
        Row(f"{files}: a turn, before and after its command", "ms", tuple(turn), budget=Budget(150)),
        _undo(bench, shadow, plain, root, paths),
        _room(bench),
    ]


class Git:
    """Plain git with a store of its own."""

    def __init__(self, store: Path, root: Path) -> None:
        run(["git", "init", "-q", "--bare", str(store)], check=True)
        self._argv = ("git", *NEUTRAL_OPTIONS, "--git-dir", str(store), "--work-tree", str(root))
        self._root = root

    def take(self) -> None:
        """Keep everything."""
        run([*self._argv, "add", "-A"], cwd=self._root, check=True)
        run([*self._argv, "write-tree"], cwd=self._root, check=True, capture_output=True)

    def put_back(self) -> None:
        """Give every file what was kept."""
        run([*self._argv, "checkout-index", "-f", "-a"], cwd=self._root, check=True)

    def look(self) -> None:
        """Find out what changed."""
        run([*self._argv, "status", "--porcelain"], cwd=self._root, check=True, capture_output=True)


def _undo(bench: Bench, shadow: Shadow, plain: Git, root: Path, paths: list[Path]) -> Row:
    """Another text is put in the place of the one before, by us and then by git."""
    ours, gits = [], []
    before = shadow.take("s/undo").tree
    plain.take()
    for n in bench.times(3):
        _change(paths, n)
        after = shadow.take(f"s/undone{n}").tree
        ours.append(_timed(partial(_restore, shadow, root, after, before)) / 1000)
        assert shadow.take(f"s/checked{n}").tree == before
        _change(paths, n)
        gits.append(_timed(plain.put_back) / 1000)
    floor = Floor("git checkout-index", tuple(gits))
    return Row(f"{RESTORED:,} files put back", "s", tuple(ours), (floor,), budget=Budget(1))


def _change(paths: list[Path], n: int) -> None:
    for path in paths[:RESTORED]:
        path.write_text(f"changed {n}\n" * LINES)


def _restore(shadow: Shadow, root: Path, now: str, wanted: str) -> None:
    found = shadow.changed(now, wanted)
    held = shadow.read(digest for d in found for digest in (d.old, d.new) if digest)
    files = [
        Restored(
            root / d.path, Version(held[d.old or ""], d.old_mode), Version(held[d.new or ""], d.new_mode)
        )
        for d in found
    ]
    Restorer(shadow.folder / "restoring", root).restore(files)


def _room(bench: Bench) -> Row:
    root = bench.home() / "grows"
    root.mkdir()
    shadow = Shadow(bench.home() / "growing", root)
    dice, unique = Random(6), 0
    for n in range(TAKEN):
        (root / "data").write_bytes(dice.randbytes(CHANGED))
        unique += CHANGED
        shadow.take(f"s/{n}")
    over = 100 * (shadow.stored().size / unique - 1)
    return Row(
        f"{TAKEN} checkpoints of 1 MB each: more than what is in them", "%", (over,), budget=Budget(10)
    )


def _project(root: Path) -> list[Path]:
    paths = []
    for folder in range(FOLDERS):
        (root / f"folder{folder}").mkdir(parents=True)
        for n in range(IN_FOLDER):
            paths.append(root / f"folder{folder}" / f"file{n}.py")
            paths[-1].write_text(f"value_{folder}_{n} = compute({n})\n" * LINES)
    return paths


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = monotonic()
    work()
    return since(started)
