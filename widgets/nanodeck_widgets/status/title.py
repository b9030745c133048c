"""The title line: where we are, the tabs of a narrow deck, what needs a person."""

from __future__ import annotations

from textual import events
from textual.message import Message

from nanodeck_widgets.status.line import StatusLine, Word, left_and_right, width_of
from nanodeck_widgets.status.values import TitleFacts

NAME = "nanodeck"


class TitleBar(StatusLine):
    """nanodeck, folder, branch, tabs when narrow, and the badge of open requests."""

    facts = TitleFacts("")

    class TabChosen(Message):
        """A tab was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class RequestsWanted(Message):
        """The badge was clicked."""

    def show(self, facts: TitleFacts) -> None:
        """Say `facts`."""
        if facts != self.facts:
            self.facts = facts
            self.redraw()

    def words(self, width: int) -> list[Word]:
        """The line at `width` cells: the folder gives way first, the badge never."""
        facts, palette = self.facts, self.palette
        right = [*self._tabs(), *self._badge(long=not facts.tabs)]
        folder = facts.folder
        left = [Word(f" {NAME}", palette.heading), Word("  "), Word(folder, palette.text)]
        if facts.branch:
            shape = " ({})" if facts.tabs else "  {}"
            left.append(Word(shape.format(facts.branch), palette.accent))
        if facts.session and not facts.tabs:
            left.append(Word(f"   {facts.session}", palette.muted))
        if facts.tabs:
            left = self._narrowed(left, width - width_of(right) - 1)
        return left_and_right(left, right, width)

    def _narrowed(self, left: list[Word], room: int) -> list[Word]:
        """The folder's own name first, then nothing but ours, where the whole does not fit."""
        if width_of(left) <= room:
            return left
        name, gap, folder = left[:3]
        last = folder.text.rstrip("/").rpartition("/")[2]
        short = [name, gap, folder._replace(text=f"{self.glyphs.ellipsis}/{last}"), *left[3:]]
        return short if width_of(short) <= room else [name, gap] if width_of([name, gap]) <= room else [name]

    def on_click(self, event: events.Click) -> None:
        """Tabs and the badge answer to the mouse."""
        key = self.key_at(event.x)
        if key == "requests":
            self.post_message(self.RequestsWanted())
        elif key:
            self.post_message(self.TabChosen(key))

    def _tabs(self) -> list[Word]:
        facts, palette = self.facts, self.palette
        words: list[Word] = []
        for tab in facts.tabs:
            label = f"{tab.title} {tab.badge}".replace(" ·", "·").rstrip()
            if tab.name == facts.active:
                words.append(Word(f"[{label}]", palette.title_focused, tab.name))
            else:
                words.append(Word(f" {label} ", palette.attention if tab.lit else palette.muted, tab.name))
        return words

    def _badge(self, *, long: bool) -> list[Word]:
        count = self.facts.waiting
        if not count:
            return [Word(" ")]
        noun = f" approval{'s' if count > 1 else ''}" if long else ""
        return [
            Word("  "),
            Word(f" {self.glyphs.warning} {count}{noun} ", self.palette.badge, "requests"),
            Word(" "),
        ]
