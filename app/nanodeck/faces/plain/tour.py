"""`/tour` in lines: how to work here, and a change and a command to practise on."""

from __future__ import annotations

from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.requests import CommandDetail, Request
from nanodeck.contracts.rules import Why
from nanodeck.core.review import ProposedFile
from nanodeck.faces.plain.questions import Approval, Question
from nanodeck.faces.plain.rehearsal import Rehearsal
from nanodeck.faces.plain.talk import Talk

WRITE = (
    "Write: a line is sent as typed; a backslash at its end goes on in the next line.",
    "  While the agent works, a line steers it, /queue says something afterwards, ctrl+c stops it.",
    "  @file in a line lets that file go along; /explorer finds files. !command runs a command.",
)
REVIEW = (
    "Review: a change is asked about hunk by hunk, and nothing is written before you send it.",
    "  What you typed before a question came up never answers it. Practise, nothing of this is real:",
)
ANSWER = ("Answer: commands ask before they run. Practise, this one runs nowhere:",)
REST = (
    "And the rest: /help lists every command, /diff says what was changed, /undo puts a change back,",
    "  /copy takes the last reply, /model and /mode switch, /exit leaves.",
)
GO_ON = "An empty line goes on; /help or another command ends the tour."
OLD = "def greet(name):\n    print('hello')\n\n\n# The end\n\n\n\n\n\ngreet('you')\n"
NEW = OLD.replace("'hello'", "f'hello {name}'").replace("greet('you')", "greet('world')")


async def take_tour(talk: Talk, argument: str) -> None:
    """Page by page, with something to answer on two of them."""
    await talk.hear(*WRITE, GO_ON)
    rehearsal = Rehearsal(ProposedFile("greeting.py", OLD.encode(), NEW.encode()))
    await _practise(talk, REVIEW, rehearsal)
    detail = CommandDetail("make test", talk.state.folder)
    request = Request("practice", MAIN_AGENT, "", detail, Why(reason="commands ask"))
    await _practise(talk, ANSWER, Approval(request))
    talk.say(*REST)


async def _practise(talk: Talk, about: tuple[str, ...], question: Question) -> None:
    """Ask until it is answered; what that would do is done nowhere."""
    line = await talk.hear(*about, *question.lines())
    while not (step := question.take(line)).over:
        said = step.said.split("\n") if step.said else []
        line = await talk.hear(*said, *(question.lines() if step.asks else ()))
    talk.say("That is how it goes.")
