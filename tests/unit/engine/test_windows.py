"""How much a model takes at once is known where it is set or where its server says it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from nanodeck.contracts import events as ev
from nanodeck.contracts.commands import SwitchModel
from nanodeck.contracts.queries import ListModels
from tests.support.face import Face, options_for
from tests.support.model_server import WINDOW, ModelServer, Reply

FaceOf = Callable[..., Face]


def test_a_model_picked_from_a_list_brings_its_window_and_a_resumed_session_keeps_it(
    project: Path, face_of: FaceOf
) -> None:
    with ModelServer(Reply(["ok"])) as server:
        with face_of(server) as face:
            asyncio.run(face.link.ask(ListModels()))
            assert face.run("hello").end == "done"
            model, session = face.state.model, face.state.session
            assert model is not None
            assert face.state.window == 0
            face.link.send(SwitchModel(model.name, model.provider))
            assert face.wait(ev.ModelSwitched).window == WINDOW
        with face_of(server, resume=session) as again:
            again.run("and now?")
            assert again.state.window == WINDOW


def test_what_is_set_holds_from_the_start(project: Path) -> None:
    home = project.parent / "home"
    home.mkdir(exist_ok=True)
    with ModelServer(Reply(["ok"])) as server:
        (home / "settings.toml").write_text(
            f'[providers.near]\nbase_url = "{server.url}"\nmodels = ["scripted"]\ncontext_window = 8192\n'
        )
        with Face(options_for(project, model="near/scripted")) as face:
            face.run("hello")
            assert face.state.window == 8192
