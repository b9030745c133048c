"""Going back: the turns, what becomes of every file, what is kept."""

from __future__ import annotations

from nanodeck.contracts.changes import AppliedFile
from nanodeck.contracts.checkpoints import Checkpoint, CheckpointStore, CheckpointTaken
from nanodeck.contracts.queries import ListTurns, PlanRewind, ReadCheckpointStore
from nanodeck.contracts.rewinding import RewindFile, RewindPlan, RewindTurn
from screenshots.posing import NOW
from screenshots.scenes.replay import ended, replayed, said
from screenshots.scenes.scene import Player

PROMPT = "Now the service charge, and format everything with ruff"
TURNS = (
    RewindTurn(
        "t1",
        PROMPT,
        NOW - 240.0,
        4,
        (AppliedFile("bistro/bill.py", "modified", 9, 3), AppliedFile("bistro/old_tax.py", "deleted", 0, 41)),
    ),
    RewindTurn("turn-5", "Why is the bill one cent off?", NOW - 1_500.0, 6),
    RewindTurn(
        "turn-1",
        "Round every price as 请客 does it: half up, see [red]rules.md[/]",
        NOW - 5_400.0,
        12,
        tuple(AppliedFile(f"tests/test_rounding_{n}.py", "created", 20 + n, 0) for n in range(7)),
    ),
)
FILES = (
    RewindFile("bistro/bill.py", "modified", 3, 9, "merge"),
    RewindFile("bistro/old_tax.py", "created", 41, 0, "restore"),
    RewindFile("bistro/receipt.py", "modified", 0, 0, "clash", "you changed the same lines since"),
    RewindFile("scripts/format", "modified", 0, 0, "restore"),
    RewindFile("tests/test_service_charge_of_large_parties_on_holidays.py", "deleted", 0, 88, "restore"),
    RewindFile("README.md", "modified", 0, 0, "same"),
)
KEPT = (
    Checkpoint("checkpoint-1", 1, "named", "1" * 64, NOW - 5_000.0, name="before the holidays"),
    Checkpoint(
        "checkpoint-2",
        2,
        "command",
        "2" * 64,
        NOW - 200.0,
        call="call-7",
        changeset="changeset-8",
        total=3,
        added=9,
        removed=44,
        skipped=("data/orders.sqlite",),
    ),
)
STORE = CheckpointStore("/home/me/.local/state/nanodeck/checkpoints/3f2a9c01d4e5b677", 5_400_000, 14, NOW)


async def _turns(player: Player) -> None:
    await player.say("/rewind")
    await player.shows("4 messages since")


async def _plan(player: Player) -> None:
    await _turns(player)
    await player.press("enter")
    await player.shows("would go back")
    await player.press("down", "space", "down")


async def _kept(player: Player) -> None:
    await player.say("/checkpoints")
    await player.shows("all sessions here")


SCENES = (
    replayed("rewind-turns", *said(PROMPT), *ended(), answers={ListTurns: lambda query: TURNS}, then=_turns),
    replayed(
        "rewind",
        *said(PROMPT),
        *ended(),
        answers={ListTurns: lambda query: TURNS, PlanRewind: lambda query: RewindPlan("t1", FILES, 4)},
        then=_plan,
    ),
    replayed(
        "checkpoints",
        *said(PROMPT),
        *ended(),
        *(CheckpointTaken(one) for one in KEPT),
        answers={ReadCheckpointStore: lambda query: STORE},
        then=_kept,
    ),
)
