"""The plan of the demo model: what it hands in while plan mode is on, and what it makes of the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nanodeck.contracts.messages import Message, ToolMessage, UserMessage
from nanodeck.providers.demo_heard import Remark

PLAN = """\
# Bills that add up

The tests fail for three reasons, in two files.

## Changes

1. `bistro/bill.py`, `total`: service is taken **after** the discount.
2. `bistro/bill.py`, `split`: the cents that are left over are shared out.
3. `bistro/receipt.py`, `amount`: two digits behind the point.
4. `bistro/receipt.py`: one line for each guest, a nicety no test asks for.

## Check

- `python3 -m unittest -v`
- a check of random bills runs beside it

## Open

- Who pays the cents that are left over? The first guests, unless you say otherwise.
"""
_MODE = re.compile(r"Plan mode is (on|off|over)\b")
_SAID = re.compile(r"^The person says: (.+)$", re.MULTILINE)


def plan_mode_on(messages: Sequence[Message]) -> bool:
    """Whether plan mode is on, as far as the conversation tells."""
    texts = (message.text for message in messages if isinstance(message, UserMessage | ToolMessage))
    told = [word for text in texts for word in _MODE.findall(text)]
    return bool(told) and told[-1] == "on"


def said_in(answer: str) -> str:
    """What the person says to a plan; empty for nothing."""
    found = _SAID.search(answer)
    return found[1] if found else ""


def revised_plan(remarks: Sequence[Remark], said: str) -> str:
    """The plan with what the person wanted of it."""
    wishes = [f"- {one.lines}: {one.text}" for one in remarks] + ([f"- {said}"] if said else [])
    if not wishes:
        return PLAN
    return "\n".join([PLAN.rstrip("\n"), "", "## What you said", "", *wishes, ""])
