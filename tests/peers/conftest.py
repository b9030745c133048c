"""A real model server: llama.cpp's own, serving a small model that plays a script."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.peers.scripted_gguf import write_scripted_gguf

_NEEDED = ("xllamacpp", "gguf", "numpy")


@pytest.fixture(scope="session")
def llama_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a running server, without /v1."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"no llama.cpp peer here: {', '.join(missing)} is not installed on this platform")
    model = tmp_path_factory.mktemp("peer") / "scripted.gguf"
    write_scripted_gguf(model)
    script = Path(__file__).with_name("llama_server.py")
    log = model.with_name("server.log")
    with log.open("wb") as errors:
        server = subprocess.Popen(
            [sys.executable, str(script), str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        assert server.stdout is not None
        assert server.stdin is not None
        address = server.stdout.readline().decode().strip()
        assert address.startswith("http"), (
            f"the server did not start: {log.read_text(errors='replace')[-2000:]}"
        )
        yield address
        server.kill()
        server.wait()
        server.stdout.close()
        server.stdin.close()
