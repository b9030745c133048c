"""The main job without a screen: nanodeck, real tools, llama.cpp's own HTTP server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.peers.scripted_gguf import ANSWER, PATH_OF_CALL, TEXT_BEFORE_CALL


def test_a_question_is_answered_by_reading_the_file(llama_url: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / PATH_OF_CALL).write_text("hello from the file\n")
    environment = {
        **os.environ,
        "NANODECK_HOME": str(tmp_path / "home"),
        "OPENAI_BASE_URL": llama_url,
        "MODEL": "scripted",
    }
    done = subprocess.run(
        [sys.executable, "-m", "nanodeck", "-p", "What does it say?", "--output-format", "stream-json"],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    streamed = [event for event in events if event["type"] == "TextStreamed"]
    replies = [event["message"] for event in events if event["type"] == "ReplyEnded"]
    (result,) = [event["message"] for event in events if event["type"] == "ToolEnded"]
    assert len(streamed) > 2
    assert [part["type"] for part in replies[0]["parts"]] == ["text", "call"]
    assert replies[0]["parts"][0]["text"].strip() == TEXT_BEFORE_CALL
    assert "hello from the file" in result["text"]
    assert replies[1]["parts"] == [{"type": "text", "text": ANSWER}]
