"""A review in lines: hunk by hunk, shaped as on the full screen, never sent by accident."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from nanodeck.contracts.changes import Changeset, FileDiff, Hunk, HunkMark
from nanodeck.contracts.commands import Command, MarkHunks, SendReview, WriteComment
from nanodeck.contracts.events import HunksMarked, HunksRevised
from nanodeck.contracts.views import ReviewView
from nanodeck.core.review import ProposedFile, propose
from nanodeck.faces.plain.questions import Step, refused
from nanodeck.faces.plain.rehearsal import Rehearsal
from nanodeck.faces.plain.review import Review

OLD = "".join(f"line {number}\n" for number in range(60))
NEW = OLD.replace("line 5\n", "five\n").replace("line 30\n", "thirty\n").replace("line 55\n", "fifty\n")
NEAR = OLD.replace("line 5\n", "five\n").replace("line 9\n", "nine\nand more\n")


def review(*news: str) -> Rehearsal:
    files = [ProposedFile(name, OLD.encode(), new.encode()) for name, new in zip("ab", news, strict=False)]
    return Rehearsal(*files)


def heads(question: Rehearsal | Review, *lines: str) -> list[str]:
    """What is said first after each line."""
    said = []
    for line in lines:
        step = question.take(line)
        said.append(step.said.split("\n")[0] if step.said else question.lines()[0])
    return said


def marks_of(step: Step) -> list[HunkMark]:
    return [mark for command in step.commands if isinstance(command, MarkHunks) for mark in command.marks]


def test_it_goes_from_hunk_to_hunk_and_is_sent_at_the_end() -> None:
    question = review(NEW, NEW)
    assert question.lines()[0] == "Hunk 1 of 6: a, modified, +3 -3, from line 3"
    said = heads(question, "y", "2", "a", "D")
    assert [line.split(":")[0] for line in said] == [
        "Hunk 2 of 6",
        "Hunk 3 of 6",
        "Hunk 4 of 6",
        "Every hunk is decided",
    ]
    assert said[-1] == "Every hunk is decided: 2 accepted, 4 rejected."
    assert question.take("y mind the tests") == Step((SendReview("rehearsal", "mind the tests"),), over=True)


@pytest.mark.parametrize("said", ["a better way would be b", "y but why", "D is missing", "1 more thing"])
def test_a_sentence_is_no_decision_on_a_hunk(said: str) -> None:
    question = review(NEW)
    step = question.take(said)
    assert (step.commands, step.over) == ((), False)
    assert step.said
    assert question.lines()[0].startswith("Hunk 1 of 3")


def test_every_step_is_taken_back_and_again() -> None:
    question = review(NEW)
    assert heads(question, "u") == ["There is nothing to take back."]
    said = heads(question, "y", "A", "u", "u", "U", "U")
    assert [line[:8] for line in said] == [
        "Hunk 2 o",
        "Every hu",
        "Hunk 2 o",
        "Hunk 1 o",
        "Hunk 2 o",
        "Every hu",
    ]
    assert heads(question, "U") == ["There is nothing to take again."]


def test_hunks_are_walked_without_deciding() -> None:
    question = review(NEW)
    said = heads(question, "j", "j", "j", "k", "y", "k")
    assert [line.split(":")[0] for line in said] == [f"Hunk {number} of 3" for number in (2, 3, 1, 1, 2, 1)]
    assert question.lines()[1] == "It is accepted."


def test_a_hunk_is_split_and_its_parts_are_decided_alone() -> None:
    question = review(NEAR)
    assert heads(question, "s")[0].startswith("Hunk 1 of 2")
    assert heads(question, "s")[0].startswith("There is nothing to split")
    assert heads(question, "n", "y")[-1] == "Every hunk is decided: 1 accepted, 1 rejected."


def test_lines_of_a_hunk_are_picked_by_number() -> None:
    question = review(NEAR)
    assert heads(question, "v") == ["The lines of this hunk:"]
    assert "  4: -line 5" in question.lines()
    assert heads(question, "", "v 99", "v 1", "v x")[0].startswith("Hunk 1 of 1")
    step = question.take("v 4-5")
    assert marks_of(step) == [HunkMark("a", 1, "accepted", lines=(3, 4))]
    question.take("k")
    assert question.lines()[1] == "It is accepted in part."


def test_a_hunk_is_written_anew_line_by_line_and_seen_before_it_holds() -> None:
    question = review(NEAR)
    question.take("e")
    assert question.verbatim
    for line in ("/tmp/x", "", "..dots \\", "."):
        question.take(line)
    assert not question.verbatim
    assert question.lines()[:4] == ["These lines would stand there:", "  /tmp/x", "  ", "  .dots \\"]
    assert question.take("what").commands == ()
    (mark,) = marks_of(question.take("y"))
    assert mark == HunkMark("a", 1, "edited", text="/tmp/x\n\n.dots \\")
    assert question.lines()[0] == "Every hunk is decided: 0 accepted, 1 edited, 0 rejected."


def test_writing_is_given_up_by_a_lone_dot_and_what_was_written_by_n() -> None:
    question = review(NEAR)
    assert heads(question, "e", ".") == ["These lines would stand there now:", "Nothing was written."]
    assert heads(question, "e", "x", ".", "n")[-1].startswith("Hunk 1 of 1")


def test_a_comment_on_a_hunk_or_its_lines_rejects_what_is_not_decided() -> None:
    question = Review("q", view := review_view())
    (command,) = question.take("c 4-5 why both?").commands
    assert isinstance(command, WriteComment)
    comment = command.comment
    assert (comment.path, comment.old, comment.new, comment.text) == ("a", (6, 6), (6, 6), "why both?")
    assert comment.excerpt == "-line 5\n+five"
    question.remarked((comment,))
    assert "  Your comment on line 6: why both?" in question.lines()
    for wrong in ("c", "c 99 no such line", "c 3-5"):
        assert question.take(wrong) == refused("A comment needs a sentence, and lines that the hunk has.")
    (command, marks) = question.take("n use a constant").commands
    assert isinstance(command, WriteComment)
    assert command.comment.text == "use a constant"
    assert marks == MarkHunks("c", (HunkMark("a", 1, "rejected"),))
    question.renew(view, HunksMarked("c", ()))
    assert question.lines()[0] == "Every hunk is decided: 0 accepted, 0 rejected, 1 rejected by your comment."


def review_view() -> ReviewView:
    """One hunk that waits."""
    changeset = propose("c", [], [ProposedFile("a", OLD.encode(), NEAR.encode())]).changeset
    return ReviewView(changeset, "asking", "main", "q")


def test_a_file_is_gone_to_by_its_number_or_a_part_of_its_name() -> None:
    question = review(NEW, NEW)
    step = question.take("f")
    assert step.said.split("\n")[2] == "  2: b, modified, +3 -3, 0 of 3 hunks decided"
    assert [line.split(":")[0] for line in heads(question, "f 2", "f A")] == ["Hunk 4 of 6", "Hunk 1 of 6"]
    assert heads(question, "f none") == ["No file has none in its name."]


def test_a_hunk_that_no_longer_applies_is_said_and_asks_for_nothing() -> None:
    hunks = (Hunk(1, 1, 1, 1, 1, "", "-a\n+b"), Hunk(2, 9, 1, 9, 1, "", "-c\n+d"))
    view = ReviewView(Changeset("c", (), (FileDiff("a", "modified", hunks, 2, 2),)), "asking", "main", "q")
    question = Review("q", view)
    stale = Hunk(1, 1, 1, 1, 1, "", "-a\n+b", stale="line 1 is another now")
    files = (FileDiff("a", "modified", (stale, hunks[1]), 2, 2),)
    question.renew(
        ReviewView(Changeset("c", (), files), "asking", "main", "q"), HunksRevised("c", "a", (1,), (stale,))
    )
    assert question.lines()[1] == "It no longer applies and will not be written: line 1 is another now"
    assert heads(question, "y")[0].startswith("It no longer applies")
    assert heads(question, "j")[0].startswith("Hunk 2 of 2")
    assert marks_of(question.take("A")) == [HunkMark("a", 2, "accepted")]


def test_files_without_lines_say_what_happens_to_them() -> None:
    moved = Hunk(1, 0, 0, 0, 0, "", "")
    files = (
        FileDiff("new.py", "renamed", (moved,), old_path="old.py", modes=(0o100644, 0o100755)),
        FileDiff("logo.png", "modified", (moved,), sizes=(10, 2048)),
    )
    question = Review("q", ReviewView(Changeset("c", (), files), "asking", "main", "q"))
    assert question.lines()[0] == (
        "Hunk 1 of 2: new.py, renamed from old.py, rights 644 to 755, the file itself"
    )
    assert heads(question, "e") == ["This hunk is taken whole or not at all."]
    assert heads(question, "j") == [
        "Hunk 2 of 2: logo.png, modified, no text, 10 to 2,048 bytes, the file itself"
    ]


def test_choices_are_explained_once_and_again_on_an_empty_line() -> None:
    question = review(NEW)
    full = len(question.lines())
    question.take("y")
    assert len(question.lines()) < full
    question.take("")
    assert len(question.lines()) == full


LINES = ["1", "y", "2", "n", "a", "d", "A", "D", "u", "U", "", "x", "7", "s", "j", "k", "v", "v 4", "e", "."]


@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_it_is_never_sent_with_an_undecided_hunk(lines: list[str]) -> None:
    question = review(NEAR, NEW)
    sent: list[Command] = []
    for line in lines:
        step = question.take(line)
        assert question.lines()
        if step.over:
            sent += step.commands
            break
    assert all(isinstance(command, SendReview) for command in sent)
    if sent:
        assert question.lines()[0].startswith("Every hunk is decided")
