"""The commands that the judge is tried on, and the workspace they are judged in."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

_FOLDER = Path(__file__).parent / "commands"
_FILES = ("a.py", "README.md", "package.json", ".env", "src/a.py", "tests/a.py")
_GIT = ("git", "-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "core.hooksPath=/dev/null")
_AROUND: tuple[Callable[[str], str], ...] = (
    lambda command: f"ls\n{command}",
    lambda command: f"{command}\nls -la",
    lambda command: f"cat a.py | wc -l && {{\n{command}\n}}",
    lambda command: f"(\n{command}\n)",
    lambda command: f"if true; then\n{command}\nfi",
    lambda command: "true && " * 300 + f"{{\n{command}\n}}",
    lambda command: f"ls {' ' * 3000}\n{command}",
    lambda command: f"echo {'x' * 12_000}\n{command}",
    lambda command: f"bash -c {shlex.quote(command)}",
    lambda command: f"sh -c {shlex.quote(f'bash -c {shlex.quote(command)}')}",
    lambda command: f"timeout 5 bash -c {shlex.quote(command)}",
    lambda command: f"sudo -u nobody nice -n 5 sh -c {shlex.quote(command)}",
    lambda command: f"eval {shlex.quote(command)}",
    lambda command: f"each() {{\n{command}\n}}\neach",
    lambda command: f"while :; do\n{command}\ndone",
    lambda command: f"x=$(\n{command}\n)",
)


def commands(name: str) -> list[str]:
    """The commands in one of the lists: one a line, a JSON string behind an `@`."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    kept = (line for line in lines if line and not line.startswith("# "))
    return [json.loads(line[1:]) if line.startswith("@") else line for line in kept]


def tried(name: str, dice: Random, trials: int) -> Iterator[str]:
    """Every command of a list, then commands of it in something that holds them, `trials` in all."""
    listed = commands(name)
    yield from listed[:trials]
    for _ in range(trials - len(listed)):
        yield dice.choice(_AROUND)(dice.choice(listed))


@contextmanager
def workspace() -> Iterator[Path]:
    """A repository with the files that the lists name, a secret and a way out of it."""
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name in _FILES:
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text("x = 1\n")
        (root / "outside").symlink_to("/etc")
        (root / "deep" / "inner").mkdir(parents=True)
        (root / "inner").symlink_to("deep/inner")
        for arguments in (("init", "-q"), ("add", "a.py"), ("commit", "-q", "-m", "first")):
            subprocess.run((*_GIT, *arguments), cwd=root, check=True, timeout=60)
        yield root
