"""Secrets in the `.env` files of a project."""

from __future__ import annotations

import os
from pathlib import Path

from nanodeck.store.dotenv import project_secrets


def test_what_env_files_hold_is_known_and_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    (tmp_path / ".env.d").mkdir()
    (tmp_path / ".env.local").write_text("API_KEY=canary-12345\n")
    assert project_secrets(tmp_path) == ("canary-12345",)
