"""Going back in lines: which turn, what becomes of each file, what goes back."""

from __future__ import annotations

from nanodeck.contracts.commands import MAIN_AGENT, Rewind
from nanodeck.contracts.queries import ListTurns, PlanRewind
from nanodeck.contracts.rewinding import (
    REWIND_WORDS,
    RewindFile,
    RewindTurn,
    RewindWhat,
    about_file,
    about_turn,
)
from nanodeck.contracts.sources import Source
from nanodeck.contracts.text import clean, counted, one_line
from nanodeck.faces.plain.changes import show_changes_of
from nanodeck.faces.plain.talk import Talk, choose

MOST_TURNS = 40
_ALONE = "leave a file alone, or no longer"
_DIFF = "look at the diff first"


async def go_back(talk: Talk, argument: str) -> None:
    """Ask which turn to go back to before, and what goes back."""
    if talk.state.agent(MAIN_AGENT).turn:
        talk.say("A turn is running: stop it with ctrl+c, then /rewind.")
        return
    turns = (await talk.query(ListTurns()))[:MOST_TURNS]
    if not turns:
        talk.say("Nothing was said yet that one could go back to before.")
        return
    rows = [f"{one_line(turn.text)} ({about_turn(turn)})" for turn in turns]
    place = await choose(talk, "Back to before which turn?", rows)
    if place is not None:
        await _decide(talk, turns[place])


async def _decide(talk: Talk, turn: RewindTurn) -> None:
    plan, skip = await talk.query(PlanRewind(turn.turn)), set[str]()
    while True:
        movable = [file for file in plan.files if file.state in ("restore", "merge")]
        going = [file for file in movable if file.path not in skip]
        said = [f"{counted(plan.messages, 'message')} and {counted(len(going), 'file')} would go back"]
        said += [f"  {_row(file, skip)}" for file in plan.files]
        talk.say(*said, *([f"  {clean(plan.problem)}"] if plan.problem else []))
        wanted: list[RewindWhat] = ["both", "files"] if going else []
        wanted += ["conversation", "summary"]
        rows = [REWIND_WORDS[what] for what in wanted]
        more = [_DIFF] * bool(plan.files) + [_ALONE] * bool(movable)
        place = await choose(talk, f"Back to before “{one_line(turn.text, 60)}”: what?", rows + more)
        if place is None:
            return
        if place < len(wanted):
            talk.send(Rewind(turn.turn, wanted[place], tuple(sorted(skip))))
            return
        if more[place - len(wanted)] == _DIFF:
            await show_changes_of(talk, Source("rewind", turn.turn))
        elif (alone := await choose(talk, "Which file?", [one_line(f.path) for f in movable])) is not None:
            skip ^= {movable[alone].path}


def _row(file: RewindFile, skip: set[str]) -> str:
    if file.path in skip:
        return f"{one_line(file.path)}: left alone, as you wish"
    counts = file.state in ("restore", "merge") and (file.added or file.removed)
    tally = f", +{file.added} -{file.removed}" if counts else ""
    return f"{one_line(file.path)}: {about_file(file)}{tally}"
