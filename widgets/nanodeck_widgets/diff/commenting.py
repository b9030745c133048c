"""Comments on what is in view: on a hunk, on picked lines, on what is selected."""

from __future__ import annotations

from collections.abc import Iterator

from textual import events

from nanodeck.contracts.comments import Comment, comment_on
from nanodeck_widgets.diff.messages import CommentsWanted, CommentWanted
from nanodeck_widgets.diff.picking import changed_lines
from nanodeck_widgets.diff.rows import Rows
from nanodeck_widgets.diff.sources import SourceViewer


class CommentingViewer(SourceViewer):
    """A review on which a person can remark; `CommentWanted` leaves with the comment to be written."""

    _awaited: Comment | None = None

    def on_key(self, event: events.Key) -> None:
        """Who went on is not taken to the comment that was written."""
        self._awaited = None

    def action_comment(self) -> None:
        """Comment on what is selected, on the picked lines, or on the hunk under the cursor."""
        rows = self.rows
        if rows is None or not rows.places:
            self.notice = "there is nothing to comment on yet"
            return
        if self.review is not None and self.review.state == "draft":
            self.notice = "the model still writes this: comment once it is whole"
            return
        self.settle()
        meant = self._meant(rows, *self._lines_meant(rows))
        known = (comment for comment in self.comments if _same_place(comment, meant))
        self._awaited = next(known, meant)
        self.post_message(CommentWanted(self._awaited))

    def pick_to_comment(self) -> None:
        """Pick lines of the hunk under the cursor where there is nothing to decide."""
        if self.rows is not None and self.rows.places and changed_lines(self._under_cursor[1]):
            self.start_picking(self._under_cursor[1], self.current)
            self._say_picked()

    def _act_on_lines(self, name: str) -> bool:
        """What a key does while lines are picked; where nothing asks, none accepts them."""
        if self.asking or name not in ("accept", "send"):
            return super()._act_on_lines(name)
        self._say_picked()
        return True

    def show_comments(self, comments: tuple[Comment, ...]) -> None:
        """These are open now; lines are picked on. The one just written is brought into view."""
        known = {comment.id for comment in self.comments}
        super().show_comments(comments)
        self._say_picked()
        awaited = self._awaited
        came = (one for one in comments if one.id not in known and awaited and _same_place(one, awaited))
        if written := next(came, None):
            self._awaited = None
            if shown := self._rows_of(written):
                self.show_row(shown[-1])

    def _say_picked(self) -> None:
        if self.picking is not None:
            taken, total = len(self.picking.taken), self.picking.total
            accepts = f"{self._key('accept')} accepts them, " if self.asking else ""
            keys = f"{self._key('toggle')} takes one, {accepts}{self._key('comment')} comments, esc leaves"
            self.notice = f"{taken} of {total} lines: {keys}"

    def action_comments(self) -> None:
        """List the open comments."""
        self.post_message(CommentsWanted())

    def go_to_comment(self, comment: Comment) -> bool:
        """Bring a comment into view; False when what it is on is not shown."""
        rows = self.rows
        for remark in rows.remarks if rows is not None else ():
            if rows is not None and remark.comment.id == comment.id:
                self.go_to(remark.spot.hunk)
                if rows.is_folded(remark.spot.hunk):
                    self.open_file()
                shown = self._rows_of(comment)
                self.show_row(shown[0] if shown else rows.span(remark.spot.hunk)[0])
                return True
        return False

    def _rows_of(self, comment: Comment) -> list[int]:
        """The rows a comment is drawn in."""
        rows = self.rows
        for remark in rows.remarks if rows is not None else ():
            if rows is not None and remark.comment.id == comment.id:
                return [row for row in range(*rows.span(remark.spot.hunk)) if _is_comment(rows, row, comment)]
        return []

    async def on_click(self, event: events.Click) -> None:
        """A comment that is clicked on is opened."""
        rows = self.rows
        if rows is not None and event.chain == 1 and not self.selector.dragged and event.y > 0:
            row = self.cell_at(event.x, event.y)[1]
            if row < len(rows) and rows[row].kind == "comment":
                self.post_message(CommentWanted(rows.remarks[rows[row].remark].comment))

    def _badge_text(self) -> str:
        badge, comments = super()._badge_text(), len(self.comments)
        return f"{badge}  {comments}{self.glyphs.comment}" if comments else badge

    def _meant(self, rows: Rows, hunk: int, first: int, last: int) -> Comment:
        """A comment without words on lines of a hunk."""
        file, named = rows.file(hunk), rows.hunk(hunk)
        return comment_on(
            self.source,
            file.path,
            rows.body(hunk),
            first,
            last,
            "",
            author=file.author,
            changeset=self.source.name if self.asking else "",
            hunk=named.id,
        )

    def _lines_meant(self, rows: Rows) -> tuple[int, int, int]:
        """A hunk, and the first and the last line of it that a person means."""
        if self.picking is not None:
            lines, above = self.picking.taken or (self.picking.cursor,), rows.own(self.picking.hunk).start
            return self.picking.hunk, above + min(lines), above + max(lines)
        selected = list(self._selected(rows))
        if selected:
            hunk = selected[0][0]
            lines = tuple(line for place, line in selected if place == hunk)
            return hunk, min(lines), max(lines)
        own = rows.own(self.current)
        return self.current, own.start, max(own.start, own.stop - 1)

    def _selected(self, rows: Rows) -> Iterator[tuple[int, int]]:
        """The hunks and lines of the rows that are selected."""
        selection = self.selector.current
        if selection is None:
            return
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else len(rows) - 1
        # A selection that ends before the first character of a row does not mean that row.
        last -= bool(selection.end and not selection.end.x and last > first)
        for row in range(first, min(last, len(rows) - 1) + 1):
            what = rows[row]
            if what.kind == "line":
                lines = rows.lines_of(what)
                if rows.is_split(what.hunk):
                    lines = tuple({what.right if self.selector.side else what.left} & set(lines))
                yield from ((what.hunk, line) for line in lines)


def _same_place(comment: Comment, meant: Comment) -> bool:
    """Whether a comment is on exactly these lines."""
    places = [(one.path, one.old, one.new, one.changeset) for one in (comment, meant)]
    return places[0] == places[1] and not comment.stale


def _is_comment(rows: Rows, row: int, comment: Comment) -> bool:
    what = rows[row]
    return what.kind == "comment" and rows.remarks[what.remark].comment.id == comment.id
