"""What happens, said in lines that never change again."""

from __future__ import annotations

from nanodeck.contracts import events as ev
from nanodeck.contracts.messages import AssistantMessage, TextPart, ToolMessage
from nanodeck.contracts.model import Usage
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Rule
from nanodeck.faces.plain.telling import MOST_OUTPUT_LINES, Teller


def told(*events: ev.Event) -> list[str]:
    teller = Teller()
    envelopes = [ev.Envelope(0, 0.0, "s", "main", event) for event in events]
    return [line for envelope in envelopes for line in teller.tell(envelope)]


def ended(text: str) -> ev.ReplyEnded:
    return ev.ReplyEnded("r1", AssistantMessage((TextPart(text),)), Usage(), 1.0)


def test_a_line_of_a_reply_is_said_when_it_is_whole() -> None:
    teller = Teller()

    def tell(event: ev.Event) -> list[str]:
        return list(teller.tell(ev.Envelope(0, 0.0, "s", "main", event)))

    assert tell(ev.TextStreamed("r1", "one ")) == []
    assert tell(ev.TextStreamed("r1", "line\nand an")) == ["one line"]
    assert tell(ended("one line\nand another")) == ["and an"]
    assert tell(ended("whole")) == ["whole"]


def test_text_from_elsewhere_cannot_steer_the_terminal() -> None:
    text = "\x1b]0;gone\x07\x1b[2Jred [red]\x00"
    result = ev.ToolEnded("c1", "bash", text, ToolMessage("c1", "bash", text), "ok", text, 0.1)
    lines = told(ev.TextStreamed("r1", text + "\n"), result, ev.Noticed("error", text, text))
    assert lines
    assert not any("\x1b" in line or "\x00" in line or "\x07" in line for line in lines)
    assert all("[red]" in line for line in lines)


def test_a_rule_that_is_kept_or_deleted_is_named_with_its_place() -> None:
    rule = Rule("allow", "bash(make *)", (Mode.NORMAL,), "user", "/own/settings.toml", 3)
    assert told(ev.RuleAdded(rule), ev.RuleDeleted(Rule("deny", "bash(rm\x1b *)"))) == [
        "Rule kept: allow bash(make *) in normal alone (yours, /own/settings.toml:3)",
        "Rule deleted: deny bash(rm␛ *) (this session's)",
    ]


def test_a_long_output_is_cut_and_says_so() -> None:
    output = "\n".join(map(str, range(100)))
    lines = told(ev.ToolEnded("c1", "bash", "seq", ToolMessage("c1", "bash", output), "ok", "exit 0", 0.1))
    assert len(lines) == MOST_OUTPUT_LINES + 2
    assert lines[-1] == "  and 80 more lines"


def test_the_end_of_a_turn_says_tokens_and_seconds() -> None:
    (line,) = told(ev.TurnEnded("t1", "done", Usage(1200, 80, 1000), 2.5))
    assert line == "Done: 1,200 tokens in (1,000 cached), 80 out, 2.5 seconds."
