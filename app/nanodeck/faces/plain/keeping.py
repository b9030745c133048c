"""Checkpoints in lines: what is kept, and what is done with it."""

from __future__ import annotations

from nanodeck.contracts.queries import ReadCheckpointStore
from nanodeck.contracts.text import clean
from nanodeck.core.keeping import about_checkpoint, about_store, keeping_command, left_out, tally_of
from nanodeck.faces.plain.talk import Talk

MOST_ROWS = 40


async def mind_checkpoints(talk: Talk, argument: str) -> None:
    """List the checkpoints, or carry out what `argument` says."""
    keeping = keeping_command(argument)
    if keeping.command:
        talk.send(keeping.command)
        return
    if keeping.said:
        talk.say(clean(keeping.said))
        return
    for checkpoint in talk.state.checkpoints[-MOST_ROWS:]:
        tally = tally_of(checkpoint)
        about = f" ({tally})" if tally else ""
        talk.say(f"  {checkpoint.number}: {about_checkpoint(talk.state, checkpoint)}{about}")
        if names := left_out(checkpoint):
            talk.say(f"     {clean(names)}")
    if not talk.state.checkpoints:
        talk.say("There are no checkpoints of this session yet.")
    talk.say(clean(about_store(await talk.query(ReadCheckpointStore()))))
