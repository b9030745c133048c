"""nanodeck killed the hard way: none of its commands outlives it."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.model_server import ModelServer, Reply
from tests.unit.shell.processes import running_with, until

if not Path("/proc/self").exists():
    pytest.skip("without /proc nobody can tell whose a process is", allow_module_level=True)

# Within a sandbox a process has another number: it is known by what it was started with.
SECONDS = f"3{secrets.randbelow(10**9)}"
JOB = f"touch job; exec sleep {SECONDS}"
RUNAWAY = f"setsid sh -c 'touch runaway; exec sleep {SECONDS}' & touch running; sleep {SECONDS}"


async def test_no_command_outlives_it(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    calls: list[tuple[str, dict[str, Any]]] = [
        ("bash", {"command": JOB, "background": True}),
        ("bash", {"command": RUNAWAY}),
    ]
    with ModelServer(Reply(calls=calls)) as server:
        words = ("-p", "go", "--mode", "yolo", "--cwd", str(folder))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "nanodeck", *words),
            env={**os.environ, **server.environment(tmp_path / "home")},
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            files = [folder / name for name in ("job", "running", "runaway")]
            await until(lambda: all(file.exists() for file in files))
            await until(lambda: running_with(SECONDS))
        finally:
            process.kill()
            await process.wait()
    await until(lambda: not running_with(SECONDS))
