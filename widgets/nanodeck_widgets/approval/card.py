"""What the approval layer says about a request, as rows of segments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from nanodeck.contracts.explaining import Fact, facts_of
from nanodeck.contracts.judging import Opinion
from nanodeck.contracts.reasons import asks_because, rule_facts
from nanodeck.contracts.requests import (
    CommandDetail,
    NetworkDetail,
    PlanDetail,
    RepetitionDetail,
    Request,
    ReviewDetail,
    ToolDetail,
    TrustDetail,
)
from nanodeck.contracts.text import counted, one_line
from nanodeck_widgets.approval.docket import Docket
from nanodeck_widgets.approval.editor import LineEditor
from nanodeck_widgets.approval.marks import mark_of
from nanodeck_widgets.approval.wrap import rows_of, visible
from nanodeck_widgets.glyphs import Glyphs
from nanodeck_widgets.keymap import shown_key
from nanodeck_widgets.palette import Palette

Line = list[Segment]
GAP = 4
LABEL = 8
ROUTINE = ("command.unproven", "command.unclear", "effect.execute", "effect.edit", "mode.manual")
"""Rules that ask as a matter of course; any other one says that something is unusual."""
_HIDDEN = re.compile("([\u2400-\u2421]|<[0-9a-f]{4,6}>)")


class Card(NamedTuple):
    """A request laid out for one width; `body` scrolls, `cursor` is the body row to keep in view."""

    title: str
    badge: str
    head: list[Line]
    body: list[Line]
    info: list[Line]
    choices: list[Line]
    cursor: int = -1

    def height(self) -> int:
        """Rows it takes with blank lines between its parts and one line for the state of the keys."""
        return len(self.head) + len(self.body) + len(self.info) + len(self.choices) + 4


class Pen(NamedTuple):
    """What rows are drawn with."""

    palette: Palette
    signs: Glyphs
    width: int

    def wrapped(self, label: str, text: str, style: Style, label_style: Style) -> list[Line]:
        """`text` whole, its first row after `label`, the others below its beginning."""
        room = self.width - cell_len(label)
        lines: list[Line] = []
        for row in rows_of(visible(text), room):
            lead = Segment(label if not lines else " " * cell_len(label), label_style)
            lines.append([lead, *self.marked(row.text, style)])
        return lines

    def facts(self, facts: Sequence[Fact]) -> list[Line]:
        """Lines about the command."""
        lines: list[Line] = []
        for fact in facts:
            rows = self.fact(fact)
            room = self.width - (_cells(lines[-1]) if lines else 0) - GAP
            if fact.beside and len(rows) == 1 and _cells(rows[0]) <= room:
                lines[-1] = [*lines[-1], Segment(" " * GAP), *rows[0]]
            else:
                lines += rows
        return lines

    def fact(self, fact: Fact) -> list[Line]:
        """A line about the command after its label; one that warns has a sign as well."""
        label = f"{fact.label:{LABEL}}"
        if fact.verdict is not None:
            return self._judged(label, fact, fact.verdict)
        if not fact.warns:
            return self.wrapped(label, fact.text, self.palette.text, self.palette.muted)
        style = self.palette.error + Style(bold=True)
        return self.wrapped(f"{label}{self.signs.warning} ", fact.text, style, style)

    def _judged(self, label: str, fact: Fact, verdict: Opinion) -> list[Line]:
        """What `text` names with the sign of what is decided on it, and why, behind it where that fits."""
        muted = self.palette.muted
        sign, style = mark_of(verdict, self.palette, self.signs)
        lead = f"{label}{sign} "
        lines = self.wrapped(lead, fact.text, self.palette.text, muted)
        lines[0][:1] = [Segment(label, muted), Segment(f"{sign} ", style)]
        if fact.note:
            noted = self.wrapped(" " * (cell_len(lead) + 2), fact.note, muted, muted)
            if len(noted) == 1 and _cells(lines[-1]) + GAP + cell_len(visible(fact.note)) <= self.width:
                lines[-1] += [Segment("  "), *noted[0][1:]]
            else:
                lines += noted
        return lines

    def command(self, text: str, sign: str) -> list[Line]:
        """`text` whole after `sign`; a rail stands before rows that only wrapped."""
        lines: list[Line] = []
        for row in rows_of(visible(text), self.width - 4):
            lead = f"  {sign} " if not lines else f"  {self.signs.rail} " if row.goes_on else "    "
            lead_style = self.palette.muted
            lines.append(self._band([Segment(lead, lead_style), *self.marked(row.text, self.palette.strong)]))
        return lines

    def _band(self, line: Line) -> Line:
        """`line` on the ground of code, over the whole width."""
        ground = self.palette.code_block
        filling = Segment(" " * max(0, self.width - _cells(line)))
        return [Segment(text, ground + style if style else ground) for text, style, _ in (*line, filling)]

    def marked(self, text: str, style: Style) -> Line:
        """`text` with the shapes of hidden characters standing out."""
        pieces = _HIDDEN.split(text)
        return [
            Segment(piece, self.palette.error if at % 2 else style)
            for at, piece in enumerate(pieces)
            if piece
        ]

    def editor(self, editor: LineEditor, sign: str) -> tuple[list[Line], int]:
        """The rows of what is being written, and the row of the cursor."""
        text = visible(editor.text)
        at = len(visible(editor.text[: editor.cursor]))
        rows = rows_of(text, self.width - 5)
        cursor = max(place for place, row in enumerate(rows) if row.start <= at)
        lines: list[Line] = []
        for place, row in enumerate(rows):
            lead = Segment(f"  {sign} " if place == 0 else "    ", self.palette.muted)
            lines.append([lead, Segment(row.text, self.palette.strong)])
            if place == cursor:
                column = at - row.start
                lines[-1][1:] = [
                    Segment(row.text[:column], self.palette.strong),
                    Segment(row.text[column : column + 1] or " ", Style(reverse=True)),
                    Segment(row.text[column + 1 :], self.palette.strong),
                ]
        return lines, cursor


def build_card(docket: Docket, request: Request, asker: str, pen: Pen) -> Card:
    """Everything about `request` that a person needs to decide on it."""
    palette = pen.palette
    waiting = len(docket.requests)
    badge = f"request {docket.place + 1} of {waiting}" if waiting > 1 else ""
    head = [[Segment(docket.note, palette.text)]] if docket.note else []
    title, asked = _title(docket, request), f"asked by {one_line(asker)}"
    if cell_len(f"{title}, {asked}{badge}") <= pen.width - GAP:
        title = f"{title}, {asked}"
    else:
        head.append([Segment(asked, palette.text)])
    body, cursor = _body(docket, request, pen), -1
    choices = _in_columns(_choices(docket, pen), pen.width)
    editor = docket.editor
    if editor is not None and docket.mode == "edit":
        body, cursor = pen.editor(editor, "$")
        choices = [[Segment("enter shows it once more before it runs, esc goes back", palette.muted)]]
    elif editor is not None:
        written, row = pen.editor(editor, pen.signs.prompt)
        rule = docket.mode == "rewrite"
        choices = [[Segment("allow, where * is anything:" if rule else _reason_title(request), palette.text)]]
        choices += written[max(0, row - 2) : row + 1]
        enter = "goes on to where it holds" if rule else "sends it"
        choices.append([Segment(f"enter {enter}, esc goes back", palette.muted)])
    return Card(title, badge, head, body, _info(docket, request, pen), choices, cursor)


def _title(docket: Docket, request: Request) -> str:
    detail = request.detail
    if docket.mode == "edit":
        return "Edit the command"
    if docket.mode == "confirm":
        return "Approve the edited command"
    if docket.mode in ("always", "rewrite"):
        return "Allow by a rule"
    if isinstance(detail, CommandDetail):
        if detail.denied:
            return "Run again outside the sandbox"
        return "Approve background command" if detail.background else "Approve shell command"
    if isinstance(detail, NetworkDetail):
        return f"Let a command reach {one_line(detail.host, 40)}"
    if isinstance(detail, RepetitionDetail):
        return f"The same call {detail.times} times: {one_line(detail.name, 40)}"
    if isinstance(detail, ReviewDetail):
        return "A review waits"
    if isinstance(detail, PlanDetail):
        return "A plan waits"
    if isinstance(detail, TrustDetail):
        return "Trust this folder"
    return f"Approve {one_line(detail.name, 40)}"


def _reason_title(request: Request) -> str:
    if isinstance(request.detail, RepetitionDetail):
        return "go on with this message to the agent:"
    return "deny with this message to the agent:"


def _body(docket: Docket, request: Request, pen: Pen) -> list[Line]:
    detail = request.detail
    if isinstance(detail, CommandDetail):
        return pen.command(detail.command if docket.edited is None else docket.edited, "$")
    if isinstance(detail, NetworkDetail):
        return pen.command(detail.command, "$")
    if isinstance(detail, ToolDetail | RepetitionDetail):
        return pen.command(detail.arguments, pen.signs.folded)
    if isinstance(detail, TrustDetail):
        return pen.command(detail.text, pen.signs.folded)
    if isinstance(detail, PlanDetail):
        return [[Segment("  it waits in the diff pane", pen.palette.strong)]]
    hunks = f"{counted(detail.hunks, 'hunk')} in {counted(detail.files, 'file')}"
    return [[Segment(f"  {hunks}: waits in the diff pane", pen.palette.strong)]]


def _info(docket: Docket, request: Request, pen: Pen) -> list[Line]:
    palette, detail = pen.palette, request.detail
    lines: list[Line] = []
    if docket.mode in ("always", "rewrite"):
        return pen.facts(rule_facts(docket.rule if docket.mode == "always" else "", docket.trial))
    if isinstance(detail, CommandDetail) and docket.edited is not None:
        lines += pen.wrapped("was     $ ", detail.command, palette.muted, palette.muted)
    return [*lines, *pen.facts(_facts(docket, request))]


def _facts(docket: Docket, request: Request) -> list[Fact]:
    """Why it asks, and what is known about the call."""
    detail = request.detail
    known = [Fact("folder", detail.folder)] if isinstance(detail, CommandDetail | NetworkDetail) else []
    if docket.described:
        known = list(facts_of(docket.described))
    why = request.why
    if not why.reason:
        return known
    return [Fact("why", asks_because(request), warns=why.rule not in ROUTINE), *known]


def _choices(docket: Docket, pen: Pen) -> list[Line]:
    keys = [" ".join(shown_key(key) for key in docket.keys_of(option)) for option in docket.options]
    widest = max(cell_len(each) for each in keys)
    return [
        [
            Segment(each + " " * (widest - cell_len(each)), pen.palette.key + Style(bold=True)),
            Segment(f"  {option.label}", pen.palette.text),
        ]
        for each, option in zip(keys, docket.options, strict=True)
    ]


def _in_columns(pieces: Sequence[Line], width: int) -> list[Line]:
    """`pieces` below each other, in two columns where both fit beside each other."""
    half = (len(pieces) + 1) // 2
    left, right = pieces[:half], pieces[half:]
    room = max(map(_cells, left), default=0) + GAP
    if len(pieces) < 3 or room + max(map(_cells, right)) > width:
        return [list(piece) for piece in pieces]
    return [
        [*piece, Segment(" " * (room - _cells(piece))), *beside]
        for piece, beside in zip_longest(left, right, fillvalue=list[Segment]())
    ]


def _cells(line: Line) -> int:
    return sum(cell_len(segment.text) for segment in line)
