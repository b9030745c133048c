"""What the demo model proposes: a few replacements in its sample project, each its own hunk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from nanodeck.providers.demo_heard import without_comments


class DemoEdit(Struct, frozen=True):
    """One replacement; `about` says in words what it does."""

    path: str
    old: str
    new: str
    about: str

    @property
    def sign(self) -> str:
        """A line that only this edit adds, by which its hunk is known again."""
        kept = self.old.split("\n")
        return next(line for line in self.new.split("\n") if line not in kept)


BILL = "bistro/bill.py"
RECEIPT = "bistro/receipt.py"

EDITS = (
    DemoEdit(
        BILL,
        "        return reduced + self.price * self.service // 100\n",
        "        return reduced + reduced * self.service // 100\n",
        "service after the discount",
    ),
    DemoEdit(
        BILL,
        "        return [self.total // guests] * guests\n",
        "        share, left = divmod(self.total, guests)\n"
        "        return [share + 1] * left + [share] * (guests - left)\n",
        "shares that add up",
    ),
    DemoEdit(
        RECEIPT,
        "    return str(cents / 100)\n",
        '    return f"{cents // 100}.{cents % 100:02}"\n',
        "two digits behind the point",
    ),
    DemoEdit(
        RECEIPT,
        '        lines.append(line("Each", bill.total // guests))\n',
        "        for guest, share in enumerate(bill.split(guests), 1):\n"
        '            lines.append(line(f"Guest {guest}", share))\n',
        "one line for each guest",
    ),
)


def edit_calls(edits: Iterable[DemoEdit]) -> list[tuple[str, dict[str, Any]]]:
    """One call of the edit tool for each file."""
    by_path: dict[str, list[dict[str, str]]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append({"old_string": edit.old, "new_string": edit.new})
    return [("edit", {"path": path, "edits": pairs}) for path, pairs in by_path.items()]


class Outcome(Struct, frozen=True):
    """What became of proposed edits, as the tool results tell it; `said` are the person's words."""

    applied: tuple[DemoEdit, ...]
    refused: tuple[DemoEdit, ...]
    said: str = ""


def read_outcome(edits: Sequence[DemoEdit], results: Iterable[str]) -> Outcome:
    """Which of `edits` the results of their calls report as written."""
    texts = list(results)
    applied = [edit for edit in edits if any(_wrote(text, edit) for text in texts)]
    refused = [edit for edit in edits if edit not in applied]
    words = (re.search(r"(?:The person says|denied by the user): (.+)", text) for text in texts)
    said = next((found.group(1) for found in words if found), "")
    return Outcome(tuple(applied), tuple(refused), said)


def _wrote(text: str, edit: DemoEdit) -> bool:
    """Whether a report names the edit's file as changed and does not quote its hunk as left out."""
    told = without_comments(text)
    count = re.search(rf"^{re.escape(edit.path)}: applied (\d+) of \d+ hunk", told, re.MULTILINE)
    return count is not None and count.group(1) != "0" and f"+{edit.sign}" not in told
