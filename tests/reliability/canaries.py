"""F19: planted keys are in no file, event, output, log or export, whatever an agent runs and reads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from nanodeck.providers.catalogue import KNOWN
from tests.reliability.figure import Figure, Score
from tests.support.model_server import ModelServer, Reply

_SECONDS = 60
_SHOW = "env; cat .env notes.txt; echo $SERVICE_TOKEN $OWN_KEY; cat $NANODECK_HOME/keys.toml"


class _Planted:
    """Canaries by where they were planted, in a home and a project of their own."""

    def __init__(self, folder: Path, dice: Random) -> None:
        self.home, self.project = folder / "home", folder / "project"
        self._dice = dice
        self.by_place: dict[str, str] = {}
        self.home.mkdir(mode=0o700)
        self.project.mkdir()
        names = [provider.key_variable for provider in KNOWN.values() if provider.key_variable]
        self.variables = {name: self._canary(f"${name}") for name in (*names, "SERVICE_TOKEN", "OWN_KEY")}
        stored = {name: self._canary(f"keys.toml {name}") for name in ("openai", "mine", "other")}
        keys = self.home / "keys.toml"
        keys.write_text("".join(f'{name} = "{key}"\n' for name, key in stored.items()))
        keys.chmod(0o600)
        (self.home / "settings.toml").write_text(
            'sandbox = "full"\n[providers.mine]\nbase_url = "http://127.0.0.1:9/v1"\n'
            '[providers.other]\nbase_url = "http://127.0.0.1:9/v1"\nkey_env = "OWN_KEY"\n'
        )
        env = {name: self._canary(f".env {name}") for name in ("API_KEY", "DB_PASSWORD")}
        (self.project / ".env").write_text("".join(f"{name}={value}\n" for name, value in env.items()))
        noted = f"the token is {self.variables['SERVICE_TOKEN']}, the password {env['DB_PASSWORD']}\n"
        (self.project / "notes.txt").write_text(noted)

    def _canary(self, place: str) -> str:
        self.by_place[place] = f"canary-{self._dice.getrandbits(80):020x}A"
        return self.by_place[place]

    def files(self) -> list[Path]:
        """Everything nanodeck wrote; keys belong into the file of keys."""
        return [path for path in self.home.rglob("*") if path.is_file() and path.name != "keys.toml"]


def _run(dice: Random, trials: int) -> Score:
    score = Score()
    while score.tried < trials:
        with TemporaryDirectory() as name:
            _add(score, _Planted(Path(name), dice))
    return score


def _add(score: Score, planted: _Planted) -> None:
    replies = (
        Reply(["I look."], calls=[("bash", {"command": _SHOW})]),
        Reply(calls=[("bash", {"command": _SHOW, "background": True}), ("bash", {"command": "sleep 0.2"})]),
        Reply(calls=[("read", {"path": "notes.txt"}), ("grep", {"pattern": "token|KEY"})]),
        Reply(status=401, error=f"wrong key {planted.variables['OPENAI_API_KEY']} in the header"),
    )
    with ModelServer(*replies) as server:
        arguments = ("-p", "show all", "--mode", "yolo", "--output-format", "stream-json", "--verbose")
        said = subprocess.run(
            [sys.executable, "-m", "nanodeck", *arguments, "--cwd", str(planted.project)],
            env={**os.environ, **server.environment(planted.home), **planted.variables},
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        told = b"".join(server.bodies)
    sinks = {str(path.relative_to(planted.home)): path.read_bytes() for path in planted.files()}
    sinks |= {"stdout": said.stdout, "stderr": said.stderr, "what the model was told": told}
    ran = b"notes" in told and said.stdout.count(b"ToolEnded") >= 4
    for place, canary in planted.by_place.items():
        found = [sink for sink, data in sinks.items() if canary.encode() in data]
        score.add(f"{place} is in {', '.join(found)}" if found else "" if ran else "nothing was run")


FIGURE = Figure("F19", "planted keys are in no file, event, output, log or error", _run, 19, 190)
