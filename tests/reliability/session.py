"""A session that does everything by which nanodeck changes files, one step after the other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from nanodeck.contracts import commands as cmd, events as ev
from nanodeck.contracts.changes import HunkMark
from nanodeck.contracts.queries import ListTurns
from nanodeck.contracts.requests import Answer, ReviewDetail
from nanodeck.contracts.rules import Rule
from nanodeck.contracts.views import SaidEntry
from tests.support.face import Face
from tests.support.model_server import ModelServer, Reply
from tests.unit.workspace.trees import contents_of

RULE = "bash(mv *)"
EDITED, COMMANDED = ("a.py", "sub/new.py"), ("gone.txt", "kept.txt", "link")
"""The files of the edits, and those of the command."""

_READ = Reply(calls=[("read", {"path": "a.py"})])
_EDIT = Reply(
    calls=[
        ("edit", {"path": "a.py", "old_string": "line 3\n", "new_string": "LINE 3\n"}),
        ("write", {"path": "sub/new.py", "content": "x = 1\n"}),
    ]
)
_COMMAND = Reply(calls=[("bash", {"command": "mv gone.txt kept.txt && ln -s a.py link"})])
REWOUND = "edit it"
"""What the person had said in the turn that they go back to before."""

State = dict[str, str]
"""What the project holds, by path; of a link where it leads to."""


class Step(NamedTuple):
    """What is done, the event that says so, and how."""

    what: str
    told: type
    make: Callable[[Face], object]


def furnish(project: Path) -> None:
    """Put the files there that the session begins with."""
    project.mkdir(parents=True)
    (project / "a.py").write_text("".join(f"line {n}\n" for n in range(1, 11)))
    (project / "gone.txt").write_text("still here\n")


def model() -> ModelServer:
    """The model of the session."""
    return ModelServer(_READ, _EDIT, Reply(["edited"]), _COMMAND, Reply(["moved"]), Reply(["fine"]))


def turn(face: Face, text: str) -> ev.TurnEnded:
    """A turn in which everything that is asked is allowed."""
    face.link.send(cmd.Send(text))
    while True:
        event = face.wait(object, lambda event: isinstance(event, ev.TurnEnded | ev.RequestOpened))
        if isinstance(event, ev.TurnEnded):
            return event
        assert isinstance(event, ev.RequestOpened)
        request = event.request
        if isinstance(request.detail, ReviewDetail):
            changeset = request.detail.changeset
            review = next(review for review in face.state.reviews if review.changeset.id == changeset)
            marks = [
                HunkMark(file.path, hunk.id, "accepted")
                for file in review.changeset.files
                for hunk in file.hunks
            ]
            face.link.send(cmd.MarkHunks(changeset, tuple(marks)))
            face.link.send(cmd.SendReview(request.id))
        else:
            face.link.send(cmd.Decide(request.id, Answer("once")))


def _commanded(command: cmd.Command) -> Callable[[Face], object]:
    def step(face: Face) -> None:
        face.link.send(command)
        settle(face)

    return step


def said(face: Face) -> tuple[str, ...]:
    """What the person said, as far as the conversation knows it."""
    transcript = face.state.agent(cmd.MAIN_AGENT).transcript
    return tuple(entry.text for entry in transcript if isinstance(entry, SaidEntry))


def settle(face: Face) -> None:
    """Return once every command sent so far is carried out."""
    face.link.send(cmd.DeleteCheckpoint("nothing"))
    face.wait(ev.Noticed, lambda event: is_ours(event))


def is_ours(event: ev.Noticed) -> bool:
    """Whether this is the answer that `settle` waits for."""
    return "no checkpoint nothing" in event.text


def _rewind(face: Face) -> None:
    listed = asyncio.run(face.link.ask(ListTurns()))
    for found in listed:
        if found.text == REWOUND:
            face.link.send(cmd.Rewind(found.turn, "both"))
    settle(face)


STEPS: tuple[Step, ...] = (
    Step("edits reviewed and applied", ev.ChangesetEnded, lambda face: turn(face, REWOUND)),
    Step("a rule", ev.RuleAdded, _commanded(cmd.AddRule(Rule("allow", RULE, scope="user")))),
    Step("a named checkpoint", ev.CheckpointTaken, _commanded(cmd.CreateCheckpoint("good"))),
    Step("a command", ev.CheckpointTaken, lambda face: turn(face, "move it")),
    Step("undo of the command", ev.ChangesUndone, _commanded(cmd.Undo())),
    Step("redo", ev.ChangesRedone, _commanded(cmd.Redo())),
    Step("the named checkpoint loaded", ev.CheckpointTaken, _commanded(cmd.LoadCheckpoint("good"))),
    Step("undo of that", ev.ChangesUndone, _commanded(cmd.Undo())),
    Step("files and conversation back", ev.Rewound, _rewind),
    Step("undo of that, too", ev.ChangesUndone, _commanded(cmd.Undo())),
)
COMMAND, REWIND = 3, 8
"""The step that a command makes: it may be stopped between what it does; the first that the conversation
goes with."""


def state_of(project: Path) -> State:
    """What the project holds."""
    return {
        path: content.decode() if isinstance(content, bytes) else f"-> {content}"
        for path, content in contents_of(project).items()
    }


def is_between(state: State, old: State, new: State) -> bool:
    """Whether every file is as in one of two states."""
    return all(state.get(path) in (old.get(path), new.get(path)) for path in state | old | new)


def rules_of(home: Path) -> str:
    """The person's settings as they are."""
    path = home / "settings.toml"
    return path.read_text() if path.exists() else ""


def use(home: Path, url: str) -> None:
    """Have nanodeck of this process talk to `url` and keep everything in `home`."""
    os.environ |= {"NANODECK_HOME": str(home), "MODEL": "scripted", "OPENAI_BASE_URL": url}
