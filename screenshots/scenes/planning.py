"""A plan that was sent back and comes again: what changed in it, a comment, the choice."""

from __future__ import annotations

from nanodeck.contracts import events as ev
from nanodeck.contracts.comments import comment_on
from nanodeck.contracts.lines import lines_of
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.requests import PlanDetail, Request
from nanodeck.contracts.rules import Why
from nanodeck.contracts.sources import Source
from nanodeck.core.review.plan import propose_plan
from screenshots.scenes.replay import replayed, replied, said
from screenshots.scenes.scene import Player

BEFORE = """\
# Limit how often somebody may try to log in

Today `login` sleeps after a wrong password: that holds **one thread** for each attacker.

## Steps

1. `api/limits.py`: a token bucket for each client.
2. `api/handler.py`: take a token before the password is looked at.
3. Tests.

## Open

- What is a client behind a proxy?
"""
PLAN = BEFORE.replace(
    "3. Tests.",
    """3. Tests:
   - five tries pass, the sixth is refused
   - after a minute there is one more

```python
RATE, PER = 5, 60
```""",
).replace(
    "- What is a client behind a proxy?", "- Who is refused is told when to come again, in `Retry-After`."
)
CHANGESET = propose_plan("plan-2", "c3", BEFORE, PLAN).changeset
FILE = CHANGESET.files[0]
LINES = lines_of(FILE.hunks[0])
REQUEST = Request(
    "q1", "main", "c3", PlanDetail("plan-2", "/home/ada/plan.md"), Why("ask", "a plan is handed in", "plan")
)
COMMENT = comment_on(
    Source("call", "plan-2"), FILE.path, LINES, 7, 7, "And the API keys?", changeset="plan-2", hunk=1
)


async def _to_plan(player: Player) -> None:
    await player.press("ctrl+x", "d")
    await player.shows("the plan")
    await player.press("j")


SCENES = (
    replayed(
        "plan",
        *said(),
        *replied("The tests are named now, and what a client is told."),
        ev.ToolStarted("c3", "plan", "plan"),
        ev.ChangesetProposed(CHANGESET),
        ev.RequestOpened(REQUEST),
        ev.CommentWritten(COMMENT),
        then=_to_plan,
        mode=Mode.PLAN,
    ),
)
