"""Hunks as the person shapes them: split, lines of them picked, edited."""

from __future__ import annotations

from nanodeck.contracts.text import one_line
from nanodeck_widgets.diff.edited import not_editable, proposed_text
from nanodeck_widgets.diff.messages import EditWanted, SplitWanted
from nanodeck_widgets.diff.picking import STEPS, changed_lines, changes
from nanodeck_widgets.diff.review import ReviewViewer


class ShapingViewer(ReviewViewer):
    """A review whose hunks can be made smaller and written anew."""

    def split(self, _asked: str) -> None:
        """Split the hunk under the cursor at its context lines."""
        path, number = self._decisions.names[self.current]
        file, hunk = self._under_cursor
        if self._edited:
            self._say_edited()
        elif file.whole or changes(hunk) < 2:
            self.notice = f"this hunk is one change: {self._key('pick')} picks lines of it"
        elif self._review is not None:
            self.post_message(SplitWanted(self._review.changeset.id, path, number))

    def pick(self, _asked: str) -> None:
        """Pick lines of the hunk under the cursor."""
        file, hunk = self._under_cursor
        if self._edited:
            self._say_edited()
        elif file.kind == "deleted" or not changed_lines(hunk):
            self.notice = "there are no lines to pick from"
        else:
            self.start_picking(hunk, self.current)
            self._say_picked()

    def edit(self, _asked: str) -> None:
        """Write the lines of the hunk under the cursor oneself."""
        path, _ = self._decisions.names[self.current]
        file, hunk = self._under_cursor
        text = self._decisions[self.current].text if self._edited else proposed_text(hunk)
        if hunk.stale and not self._edited:
            self.notice = f"it no longer applies: {one_line(hunk.stale)}"
        elif why := not_editable(file, hunk, text):
            self.notice = why
        elif self._review is not None:
            changeset, proposed = self._review.changeset.id, self.proposed(self.current)
            self.post_message(EditWanted(changeset, path, proposed, text, self.line_in_hand))

    @property
    def line_in_hand(self) -> int:
        """The line of the hunk's new text that the person is at."""
        return 0

    def picked(self, hunk: int) -> tuple[int, ...]:
        """The lines of a hunk that alone are accepted."""
        return self._decisions[hunk].lines if hunk < len(self._decisions) else ()

    def _act_on_lines(self, name: str) -> bool:
        """What a key does while lines are picked; False when that is what it always does."""
        picking = self.picking
        if picking is None or name not in ("accept", "send", "pick", "toggle", *STEPS):
            return False
        if name == "toggle" or name in STEPS:
            super().act(name)
            self._say_picked()
        elif name == "pick":
            self.close_inner()
        elif not picking.taken:
            self.notice = f"no line is picked: {self._key('toggle')} takes the one under the cursor"
        else:
            lines = () if len(picking.taken) == picking.total else picking.taken
            self.end_picking()
            self._decide([picking.hunk], "accepted", advance=True, lines=lines)
        return True

    def _say_picked(self) -> None:
        """Say how many lines are picked, and what can be done with them."""

    @property
    def _edited(self) -> bool:
        """Whether the hunk under the cursor is a person's already."""
        return self._decisions[self.current].mark == "edited"

    def _say_edited(self) -> None:
        self.notice = (
            f"you edited this hunk: {self._key('undo')} takes that back, {self._key('edit')} goes on"
        )
