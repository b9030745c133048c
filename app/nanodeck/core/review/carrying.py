"""Changes carried over to files that were changed meanwhile, and what undoes one hunk of a change."""

from __future__ import annotations

from nanodeck.contracts.changes import Hunk, HunkMark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review.decisions import Review, propose
from nanodeck.core.review.file import Target
from nanodeck.core.review.proposed import Found, ProposedFile


def carry(change: ProposedFile, now: Found) -> tuple[Target, ...]:
    """What `change` makes of a file that holds `now`. Raises NanodeckError where not all of it fits."""
    review = propose("", (), [change]).rebase({change.place: now})
    stale = [hunk.stale for file in review.changeset.files for hunk in file.hunks if hunk.stale]
    if stale:
        raise NanodeckError(stale[0])
    return review.accept_all().targets()


def reversals(change: ProposedFile, hunk: Hunk) -> list[ProposedFile]:
    """What leads from the files as `change` made them to the same without one `hunk` of it.

    Raises NanodeckError when there is no such hunk.
    """
    whole = propose("", (), [change]).accept_all()
    hunks = (known for file in whole.changeset.files for known in file.hunks)
    # The lines before are the same whatever else was taken back, those after are not.
    number = next((k.id for k in hunks if (k.old_start, k.body) == (hunk.old_start, hunk.body)), None)
    if number is None:
        raise NanodeckError(f"this hunk of {change.path} is no longer there")
    rest = whole.mark([HunkMark(change.path, number, "rejected")])
    with_it, without_it = _results(change, whole), _results(change, rest)
    return [
        ProposedFile(path, with_it[path], without_it[path], encoding=change.encoding, binary=change.binary)
        for path in change.places
        if with_it[path] != without_it[path]
    ]


def _results(change: ProposedFile, review: Review) -> dict[str, bytes | None]:
    """What every file that `change` touches holds after `review`."""
    before: dict[str, bytes | None] = dict.fromkeys(change.places)
    if change.kind != "copied":
        before[change.place] = change.old
    return before | {target.path: target.new for target in review.targets()}
