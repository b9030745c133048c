"""A session as Markdown: everything that was said and done, and nothing that breaks out of its place."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
from markdown_it import MarkdownIt

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.commands import MAIN_AGENT
from nanodeck.contracts.messages import Attachment
from nanodeck.contracts.model import ModelRef, Usage
from nanodeck.contracts.views import (
    AgentView,
    Entry,
    Log,
    NoticeEntry,
    ReplyEntry,
    ReviewView,
    SaidEntry,
    SessionView,
    ToolEntry,
    TurnEntry,
)
from nanodeck.engine.records.document import document

ATTACHED = (Attachment("a.py", "12 lines"), Attachment("b", problem="gone"))
HUNKS = (Hunk(1, 1, 1, 1, 1, "def f", "-one\n+two\n"), Hunk(2, 9, 1, 9, 1, "", "-x\n+y\n"))
CHANGE = Changeset("c1", ("t2",), (FileDiff("a.py", "modified", HUNKS, 2, 2),))


def session(*entries: Entry) -> SessionView:
    log: Log[Entry] = Log()
    for entry in entries:
        log = log.append(entry)
    return SessionView(
        session="s1",
        folder="/p",
        title="mend `it`",
        model=ModelRef("local", "m"),
        agents={MAIN_AGENT: AgentView(transcript=log)},
        reviews=(ReviewView(CHANGE, "applied", MAIN_AGENT, marks=(HunkMark("a.py", 2, "rejected"),)),),
    )


def test_everything_that_was_said_and_done_is_in_it_in_its_order() -> None:
    text = document(
        session(
            SaidEntry(
                "m1", "mend it", "prompt", (Attachment("a.py", "12 lines"), Attachment("b", problem="gone"))
            ),
            ReplyEntry("r1", "I *look*.", reasoning="hm", model="m"),
            ToolEntry("t1", "bash", "ls ``x``", "ended", summary="2 lines", output="```\nb", seconds=0.25),
            ToolEntry("t2", "edit", "a.py", "ended", changeset="c1", output="not shown"),
            SaidEntry("m2", "faster", "steer"),
            NoticeEntry("n1", "warning", "low disk", "make room"),
            ReplyEntry("r2", "cut here", cut=True),
            TurnEntry("e1", "error", Usage(1200, 80), 2.0, "the server is gone"),
        ),
        "written today",
    )
    expected = [
        "# mend `it`",
        "- folder: `/p`\n- model: local/m\n- session: s1\n- written today",
        "## You\n\nmend it\n\n- a.py: 12 lines\n- b: gone",
        "## m\n\n<details><summary>Thinking</summary>\n\nhm\n\n</details>\n\nI *look*.",
        "``` ls ``x`` ```: ok, 2 lines, 0.2 s\n\n````\n```\nb\n````",
        "`a.py` (modified, applied)\n\n```diff\n@@ -1,1 +1,1 @@ def f\n-one\n+two",
        "\n@@ -9,1 +9,1 @@ (rejected)\n-x\n+y\n```",
        "## You (while it worked)\n\nfaster",
        "> warning: low disk (make room)",
        "## The model\n\ncut here\n\n*(cut off)*",
        "*error: 1,200 tokens in, 80 out, 2.0 s* the server is gone",
    ]
    places = [text.index(part) for part in expected]
    assert places == sorted(places)
    assert "not shown" not in text


def test_an_empty_session_is_a_document_too() -> None:
    assert document(SessionView(), "w").startswith("# A session without a title\n")


PIECES = ("`", "```", "~~~", " ", "    ", "\n", "- ", "> ", "a", "\x1b[31m", "<!--", "<pre>")
MARKS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(deadline=None, max_examples=60)
@given(MARKS, MARKS)
def test_no_text_swallows_what_comes_after_it(reply: str, output: str) -> None:
    tool = ToolEntry("t", "bash", reply, "ended", output=output)
    entries = (SaidEntry("m1", reply, "prompt"), ReplyEntry("r", output, reasoning=reply), tool)
    text = document(session(*entries, SaidEntry("m2", "after", "prompt")), "w")
    assert "\x1b" not in text
    tokens = MarkdownIt().parse(text)
    opened = [at for at, token in enumerate(tokens) if token.type == "heading_open" and not token.level]
    headings = [tokens[at + 1].content for at in opened]
    assert headings[-1] == "You"
    assert headings.count("You") == 2
