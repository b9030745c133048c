"""What was changed, by source: shown in the place of a review, hunks of it taken back."""

from __future__ import annotations

from nanodeck.contracts.changes import Changeset, FileDiff
from nanodeck.contracts.sources import APPLIED, SOURCE_WORDS, DiffPage
from nanodeck.contracts.text import counted, one_line
from nanodeck.contracts.views import ReviewView
from nanodeck_widgets.diff.hints import EMPTY, GOING_BACK, LOOKING, TAKING_BACK, Hint
from nanodeck_widgets.diff.messages import SourceWanted, TakeBackWanted
from nanodeck_widgets.diff.shaping import ShapingViewer
from nanodeck_widgets.diff.verdicts import Verdict


class SourceViewer(ShapingViewer):
    """Shows a review, or the diff of a source with the review behind it."""

    _sourced: DiffPage | None = None
    _behind: ReviewView | None = None
    _reading = False
    _wanted: TakeBackWanted | None = None

    @property
    def sourced(self) -> DiffPage | None:
        """The diff of a source that is in view; None while a review is."""
        return self._sourced

    @property
    def behind(self) -> ReviewView | None:
        """The review that is or was in view when the diff of a source took its place."""
        return self._behind

    def show(self, view: ReviewView | None) -> None:
        """Show a review, or remember it for when the diff of a source is left."""
        self._behind = view
        if self._sourced is None:
            super().show(view)
        else:
            self._say_waiting()

    def show_source(self, view: DiffPage | None, *, reading: bool = False) -> None:
        """Show the diff of a source, as far as it was read; None goes back to the review."""
        before, self._sourced = self._sourced, view
        self._reading = reading
        if view is None:
            if before is not None:
                self.empty = ""
                super().show(None)
                super().show(self._behind)
            return
        if before is None:
            super().show(None)
        self._view_source(view, fresh=before is None or before.source != view.source)

    def verdict(self, hunk: int) -> Verdict:
        """What the header of a hunk says: who changed it, where that is known."""
        if self._sourced is None:
            gone = self._taken_back(hunk)
            taken = Verdict(self.glyphs.waiting, "taken back", self.palette.muted, faded=True)
            return taken if gone else super().verdict(hunk)
        if self.source.kind not in APPLIED or self.rows is None:
            return Verdict(" ", "", self.palette.muted)
        if self.rows.file(hunk).author == "you":
            return Verdict(self.glyphs.dot, "yours", self.palette.accent)
        return Verdict(self.glyphs.done, "applied", self.palette.success)

    @property
    def hints(self) -> tuple[Hint, ...]:
        """The keys that do something now."""
        if self.asking:
            return super().hints
        if self.rows is None:
            return EMPTY if self._sourced is not None else ()
        if self.source.kind == "rewind":
            return GOING_BACK
        return TAKING_BACK if self._has_applied else LOOKING

    @property
    def label(self) -> str:
        """The name of the pane and of the source in view."""
        if self._sourced is None:
            return super().label
        return f"{super().label} {self.glyphs.dot} {SOURCE_WORDS[self._sourced.source.kind]}"

    def action_source(self) -> None:
        """Pick where the diff comes from."""
        self.post_message(SourceWanted())

    def take_back(self) -> None:
        """Take the applied hunk under the cursor back."""
        if self.rows is None or not self.rows.places:
            return
        file, hunk = self._under_cursor
        if why := self._not_taken_back(file):
            self.notice = why
        else:
            self._wanted = TakeBackWanted(self.source, file.path, hunk)
            self._confirm(self._take_back_now)

    def _take_back_now(self) -> None:
        self._pending = None
        if self._wanted is not None:
            self.post_message(self._wanted)

    @property
    def _has_applied(self) -> bool:
        if self._sourced is not None:
            return bool(self._sourced.files) and self._sourced.source.kind in APPLIED
        return self._review is not None and self._review.state == "applied"

    def _not_taken_back(self, file: FileDiff) -> str:
        """Why a hunk of a file cannot be taken back; empty where it can."""
        if not self._has_applied:
            if self._sourced is None:
                return "nothing of it was written: there is nothing to take back"
            seen, session = SOURCE_WORDS[self.source.kind], SOURCE_WORDS["session"]
            return f"{seen} is only looked at: {self._key('source')}, {session} has what can be taken back"
        if file.author == "you":
            return "you changed this yourself: only what the agent wrote is taken back here"
        if self._sourced is not None:
            return ""
        mark = self._decisions[self.current]
        if mark.lines or mark.mark == "edited":
            return f"another thing was written than proposed: {self._key('source')} this call shows what"
        return "" if self.verdict(self.current).words == "applied" else "there is nothing of it to take back"

    def _taken_back(self, hunk: int) -> bool:
        """Whether a hunk of the review in view was written and taken back."""
        if self._review is None or not self._review.gone:
            return False
        return self._decisions.names[hunk] in self._review.gone

    def _view_source(self, view: DiffPage, *, fresh: bool) -> None:
        name = SOURCE_WORDS[view.source.kind]
        nothing = view.problem or f"Nothing is changed: {name}."
        self.empty = "Reading …" if self._reading else nothing
        self.of_source(view.source)
        changeset = Changeset(f"{view.source.kind} {view.source.name}", (), view.files)
        place = None if fresh else self._place_kept()
        self.view_changeset(changeset if view.files else None)
        if fresh:
            self.follow = False
            self._current, self.top = 0, 0
            self.redraw()
        elif place is not None:
            self._go_back(*place)
        self._draw_state()

    def _place_kept(self) -> tuple[FileDiff, int, str, int] | None:
        """The hunk under the cursor by file, line and text, and the row of the view it begins in."""
        rows = self.rows
        if rows is None or not rows.places:
            return None
        file, hunk = self._under_cursor
        return file, hunk.new_start, hunk.body, rows.top_of(self.current) - self.top

    def _go_back(self, file: FileDiff, line: int, body: str, row: int) -> None:
        """Put the cursor where it was in a diff that was read again; what is new there is looked at first."""
        rows = self.rows
        if rows is None or not rows.places:
            return
        near = [
            hunk
            for hunk in range(len(rows.places))
            if (rows.file(hunk).path, rows.file(hunk).author) == (file.path, file.author)
        ]
        if not near:
            self._gate.close()
            return
        best = min(
            near, key=lambda hunk: (rows.hunk(hunk).body != body, abs(rows.hunk(hunk).new_start - line))
        )
        if rows.hunk(best).body != body:
            self._gate.close()
        self._current = rows.shown(best)
        self.redraw()
        self.top = rows.top_of(self._current) - row

    def forget_question(self) -> None:
        """Nothing is asked any more: say what waits behind."""
        super().forget_question()
        self._say_waiting()

    def _draw_state(self) -> None:
        super()._draw_state()
        self._say_waiting()

    def _say_waiting(self) -> None:
        """Say what is behind the diff of a source, and what of it could not be read."""
        view, behind = self._sourced, self._behind
        if view is None:
            return
        waits = self.lit = behind is not None and behind.state == "asking"
        said = one_line(view.problem, 300) if view.problem and view.files else ""
        self.advice = f"a review waits: {self._key('source')} goes to it" if waits else said
        self.draw_foot()

    def _badge_text(self) -> str:
        if self._sourced is None:
            return super()._badge_text()
        if self._reading and self._sourced.files:
            return f"{len(self._sourced.files)} of {counted(self._sourced.total, 'file')}"
        return self.progress
