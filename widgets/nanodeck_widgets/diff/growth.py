"""How much of a draft is as it was before more of it came."""

from __future__ import annotations

from nanodeck.contracts.changes import Changeset


def grown_from(old: Changeset, new: Changeset) -> int:
    """Lines of a new file still being written that are as they were; 0 when it is not just longer."""
    if len(old.files) != 1 or len(new.files) != 1:
        return 0
    before, after = old.files[0], new.files[0]
    if (before.path, before.kind, before.note) != (after.path, "created", after.note):
        return 0
    if len(before.hunks) != 1 or len(after.hunks) != 1 or "\r" in after.hunks[0].body:
        return 0
    body = before.hunks[0].body
    # The last line may have been cut off, and a note under it withdrawn.
    return max(0, body.count("\n") - 1) if after.hunks[0].body.startswith(body[: body.rfind("\n") + 1]) else 0
