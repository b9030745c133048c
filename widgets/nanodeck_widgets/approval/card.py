"""What the approval layer says about a request, as rows of segments."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment

from nanodeck.contracts.explaining import ROUTINE, Fact, facts_of
from nanodeck.contracts.reasons import asks_because, rule_facts, trust_facts, why_words
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
from nanodeck.contracts.rules import Why
from nanodeck.contracts.text import counted, one_line
from nanodeck_widgets.approval.choosing import brief_choices, choices_of
from nanodeck_widgets.approval.docket import Docket
from nanodeck_widgets.approval.pen import GAP, Line, Pen


class Card(NamedTuple):
    """A request laid out for one width; `body` scrolls, `cursor` is the body row to keep in view.

    `brief` are the choices in a word each, for where there is no room for more.
    """

    title: str
    badge: str
    head: list[Line]
    body: list[Line]
    info: list[Line]
    choices: list[Line]
    brief: list[Line]
    cursor: int = -1

    def height(self) -> int:
        """Rows it takes with blank lines between its parts."""
        return len(self.head) + len(self.body) + len(self.info) + len(self.choices) + self.blanks

    @property
    def blanks(self) -> int:
        """Blank lines between its parts where there is room."""
        return 3 if self.body else 1


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
    editor, brief = docket.editor, list[Line]()
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
    else:
        choices, brief = choices_of(docket, pen), brief_choices(docket, pen)
    info = _info(docket, request, pen)
    return Card(title, badge, head, body, info, choices, brief or choices, cursor)


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
        return "Trust this folder" if detail.whole else "Trust these files"
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
        return pen.command(detail.text, pen.signs.folded) if detail.files else []
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
    if isinstance(detail, TrustDetail):
        return list(trust_facts(detail))
    if docket.described:
        known = list(facts_of(docket.described))
    why, words = request.why, asks_because(request)
    if isinstance(detail, CommandDetail) and docket.edited not in (None, detail.command):
        why = _why_edited(docket.described)
        words = why_words(why, docket.edited or "")
    return [Fact("why", words, warns=why.rule not in ROUTINE), *known] if why.reason else known


def _why_edited(detail: CommandDetail | None) -> Why:
    """What is held against an edited command: its worst part, as far as that is known."""
    parts = detail.judged if detail else ()
    held = [part for verdict in ("deny", "ask") for part in parts if part.verdict == verdict]
    return Why(held[0].verdict, held[0].reason, held[0].rule, part=held[0].text) if held else Why()
