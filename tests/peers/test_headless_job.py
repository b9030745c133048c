"""A whole job of the command against llama.cpp's own HTTP server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.peers.scripted_gguf import ANSWER, PATH_OF_CALL


def test_a_job_reads_a_file_and_answers(llama_url: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / PATH_OF_CALL).write_text("hello\n")
    own = {"NANODECK_HOME": str(tmp_path / "home"), "OPENAI_BASE_URL": llama_url, "MODEL": "scripted"}
    done = subprocess.run(
        [sys.executable, "-m", "nanodeck", "-p", "what does it say?", "--output-format", "json"],
        cwd=project,
        env=os.environ | own,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["kind"], answer["finalText"]) == ("success", ANSWER)
    (call,) = answer["toolCalls"]
    assert (call["name"], call["arguments"]) == ("read", {"path": PATH_OF_CALL})
    assert "hello" in call["result"]
    assert answer["usage"]["input"] > 0
