"""What /checkpoints does, the same in every face: a command for the engine, or what there is, in words."""

from __future__ import annotations

from typing import NamedTuple

from nanodeck.contracts.checkpoints import Checkpoint, CheckpointStore
from nanodeck.contracts.commands import (
    CollectCheckpoints,
    Command,
    CreateCheckpoint,
    DeleteCheckpoint,
    LoadCheckpoint,
)
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import counted, named, one_line
from nanodeck.contracts.views import SessionView, ToolEntry

DAYS, MEGABYTES = 30.0, 2_048.0
"""What is older, and the oldest above that much in all, is dropped by `gc`."""

TITLE_LENGTH = 60
COMMANDS_OFFERED = 9
"""So many commands are offered among the sources of the diff."""
_VERBS: dict[str, type[CreateCheckpoint | LoadCheckpoint | DeleteCheckpoint]] = {
    "create": CreateCheckpoint,
    "save": CreateCheckpoint,
    "load": LoadCheckpoint,
    "restore": LoadCheckpoint,
    "delete": DeleteCheckpoint,
    "drop": DeleteCheckpoint,
}
_TAKES = "/checkpoints takes create NAME, load NAME, delete NAME, list or gc [days]"


class Keeping(NamedTuple):
    """What /checkpoints leads to: a command, words, or neither: the list is to be shown."""

    command: Command | None = None
    said: str = ""


def keeping_command(argument: str) -> Keeping:
    """Carry out `/checkpoints`, alone or with a verb."""
    verb, _, name = (part.strip() for part in argument.partition(" "))
    if verb in ("", "list"):
        return Keeping()
    if verb == "gc":
        try:
            return Keeping(CollectCheckpoints(float(name or DAYS), MEGABYTES))
        except ValueError:
            return Keeping(said=_TAKES)
    if (command := _VERBS.get(verb)) is None:
        return Keeping(said=_TAKES)
    return Keeping(command(name)) if name else Keeping(said=f"/checkpoints {verb} needs a name")


def about_checkpoint(state: SessionView, checkpoint: Checkpoint) -> str:
    """What a checkpoint is from, in a line."""
    if checkpoint.kind == "named":
        return one_line(checkpoint.name, TITLE_LENGTH)
    if checkpoint.kind == "rewind":
        return f"before the files went back to {one_line(checkpoint.name, TITLE_LENGTH) or 'a turn'}"
    # A rewind may have taken the command's row off the conversation.
    unknown = "a command" if checkpoint.call else "the edits of a turn"
    return f"before {_titles(state).get(checkpoint.call, unknown)}"


def command_sources(state: SessionView) -> dict[str, Source]:
    """The diffs of what shell commands changed, by what they are called, the last one first."""
    titles = _titles(state)
    commands = [known for known in reversed(state.checkpoints) if known.call in titles and known.changeset]
    return {
        f"{titles[known.call]}: {tally_of(known)}": Source("call", known.changeset)
        for known in commands[:COMMANDS_OFFERED]
    }


def tally_of(checkpoint: Checkpoint) -> str:
    """What was changed since, and what was not kept."""
    changed = counted(checkpoint.total, "file")
    parts = [f"{changed} +{checkpoint.added} -{checkpoint.removed}"] if checkpoint.total else []
    parts += [f"{counted(len(checkpoint.skipped), 'file')} not kept"] if checkpoint.skipped else []
    return ", ".join(parts)


def left_out(checkpoint: Checkpoint) -> str:
    """Which files were not kept; empty where all were."""
    return f"not kept, being large or secret: {named(checkpoint.skipped)}" if checkpoint.skipped else ""


def about_store(store: CheckpointStore) -> str:
    """What everything kept for the workspace takes."""
    if store.problem:
        return f"no checkpoints: {one_line(store.problem, 200)}"
    megabytes = max(store.size / (1 << 20), 0.1 if store.size else 0.0)
    return f"all sessions here: {counted(store.kept, 'checkpoint')}, {megabytes:.1f} MB in {store.folder}"


def _titles(state: SessionView) -> dict[str, str]:
    entries = (entry for agent in state.agents.values() for entry in agent.transcript)
    return {e.id: one_line(e.title, TITLE_LENGTH) for e in entries if isinstance(e, ToolEntry)}
