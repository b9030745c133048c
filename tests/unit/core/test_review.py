"""Reviewing a changeset: what becomes a hunk, what decisions do, what the model is told."""

from __future__ import annotations

import pytest

from nanodeck.contracts.changes import AppliedFile, HunkMark, Mark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review import ProposedFile, Review, Target, propose

OLD = b"".join(b"line %d\n" % n for n in range(1, 61))
NEW = (
    OLD.replace(b"line 5\n", b"five\n").replace(b"line 30\n", b"").replace(b"line 55\n", b"line 55\nextra\n")
)


def three_hunks() -> Review:
    return propose("c1", ["call-1"], [ProposedFile("src/a.py", OLD, NEW)])


def marked(review: Review, *marks: tuple[int, Mark], path: str = "src/a.py") -> Review:
    return review.mark([HunkMark(path, hunk, mark) for hunk, mark in marks])


def test_separate_places_become_separate_hunks_with_three_lines_around() -> None:
    (file,) = three_hunks().changeset.files
    assert [(h.old_start, h.old_count, h.new_start, h.new_count) for h in file.hunks] == [
        (2, 7, 2, 7),
        (27, 7, 27, 6),
        (53, 6, 52, 7),
    ]
    assert file.hunks[0].body == " line 2\n line 3\n line 4\n-line 5\n+five\n line 6\n line 7\n line 8"
    assert [hunk.id for hunk in file.hunks] == [1, 2, 3]
    assert (file.kind, file.added, file.removed) == ("modified", 2, 2)


@pytest.mark.parametrize(("gap", "hunks"), [(6, 1), (7, 2)])
def test_places_whose_context_would_touch_are_one_hunk(gap: int, hunks: int) -> None:
    between = b"same\n" * gap
    review = propose("c", [], [ProposedFile("f", b"a\n" + between + b"b\n", b"A\n" + between + b"B\n")])
    assert len(review.changeset.files[0].hunks) == hunks


def test_rejecting_the_middle_hunk_writes_the_others() -> None:
    review = marked(three_hunks(), (1, "accepted"), (2, "rejected"), (3, "accepted"))
    expected = NEW.replace(b"line 29\n", b"line 29\nline 30\n")
    assert review.targets() == (Target("src/a.py", OLD, expected),)
    assert review.applied() == (AppliedFile("src/a.py", "modified", 2, 1),)
    assert (review.undecided, review.rejected) == (0, 1)


def test_undecided_hunks_are_never_written() -> None:
    review = marked(three_hunks(), (1, "accepted"))
    assert review.undecided == 2
    assert review.targets()[0].new == OLD.replace(b"line 5\n", b"five\n")
    assert three_hunks().targets() == ()


def test_a_later_mark_wins_and_a_decision_can_be_taken_back() -> None:
    review = marked(three_hunks(), (1, "accepted"), (1, "rejected"))
    assert review.marks == (HunkMark("src/a.py", 1, "rejected"),)
    assert marked(review, (1, "undecided")) == three_hunks()


def test_accepting_everything_leaves_rejected_hunks_rejected() -> None:
    review = marked(three_hunks(), (2, "rejected")).accept_all()
    assert [mark.mark for mark in review.marks] == ["accepted", "rejected", "accepted"]


@pytest.mark.parametrize(("path", "hunk"), [("src/a.py", 4), ("other.py", 1)])
def test_a_mark_on_a_hunk_that_is_not_there_is_refused(path: str, hunk: int) -> None:
    with pytest.raises(NanodeckError, match="no hunk"):
        three_hunks().mark([HunkMark("src/a.py", 1, "accepted"), HunkMark(path, hunk, "accepted")])


@pytest.mark.parametrize("content", [b"", b"one\ntwo", b"one\n" * 500])
def test_creating_and_deleting_a_file_is_one_hunk(content: bytes) -> None:
    created = propose("c", [], [ProposedFile("f", None, content)])
    deleted = propose("c", [], [ProposedFile("f", content, None)])
    assert [(f.kind, len(f.hunks)) for f in created.changeset.files] == [("created", 1)]
    assert [(f.kind, len(f.hunks)) for f in deleted.changeset.files] == [("deleted", 1)]
    assert created.accept_all().targets() == (Target("f", None, content),)
    assert deleted.accept_all().targets() == (Target("f", content, None),)
    assert created.targets() == deleted.targets() == ()


def test_files_that_do_not_change_are_left_out() -> None:
    review = propose("c", ["x"], [ProposedFile("same", b"a\n", b"a\n"), ProposedFile("gone", None, None)])
    assert review.changeset.files == ()
    assert "Nothing to change" in review.report()


def test_a_missing_final_newline_is_shown_and_kept() -> None:
    review = propose("c", [], [ProposedFile("f", b"a\nb", b"a\nb\n")])
    (hunk,) = review.changeset.files[0].hunks
    assert hunk.body == " a\n-b\n\\ No newline at end of file\n+b"
    assert (hunk.old_count, hunk.new_count) == (2, 2)
    assert review.accept_all().targets()[0].new == b"a\nb\n"


def test_a_changed_line_end_is_a_changed_line_and_stays_in_the_body() -> None:
    review = propose("c", [], [ProposedFile("f", b"a\r\nb\rc\n", b"a\nb\rc\n")])
    assert review.changeset.files[0].hunks[0].body == "-a\r\n+a\n b\rc"


def test_bytes_that_are_not_text_are_replaced_in_bodies_only() -> None:
    review = propose("c", [], [ProposedFile("f", b"\xff\xfe\n", b"\xff\xfd\n\xe2\x82\n")])
    assert review.changeset.files[0].hunks[0].body == "-\ufffd\ufffd\n+\ufffd\ufffd\n+\ufffd"
    assert review.accept_all().targets()[0].new == b"\xff\xfd\n\xe2\x82\n"


@pytest.mark.parametrize(
    ("path", "heading", "section"),
    [
        ("a.py", b"    async def login(self, request) -> None:", "async def login(self, request) -> None"),
        ("a.ts", b"export default function load(x) {", "export default function load(x)"),
        ("a.go", b"func (s *Server) Close() error {", "func (s *Server) Close() error"),
        ("a.rs", b"pub(crate) fn parse<T>() {", "pub(crate) fn parse<T>()"),
        ("a.md", b"## How it works", "## How it works"),
        ("a.toml", b"[tool.mypy]", "[tool.mypy]"),
        ("a.py", b"# a comment, not a heading", ""),
    ],
)
def test_a_hunk_names_the_section_it_is_in(path: str, heading: bytes, section: str) -> None:
    filler = b"    body\n" * 20
    old = heading + b"\n" + filler + b"    end\n"
    review = propose("c", [], [ProposedFile(path, old, old.replace(b"end", b"END"))])
    assert review.changeset.files[0].hunks[0].section == section


def test_the_report_names_rejected_and_undecided_hunks_and_what_the_person_said() -> None:
    review = marked(three_hunks(), (1, "accepted"), (2, "rejected"))
    assert review.report("use the constant\n") == "\n".join(
        [
            "src/a.py: applied 1 of 3 hunks (+1 -1).",
            "Rejected by the person; the file keeps its old lines here:",
            "@@ -27,7 +27,6 @@",
            *(" line 27", " line 28", " line 29", "-line 30", " line 31", " line 32", " line 33"),
            "Not decided on, so not written:",
            "@@ -53,6 +52,7 @@",
            *(" line 53", " line 54", " line 55", "+extra", " line 56", " line 57", " line 58"),
            "The person says: use the constant",
        ]
    )


def test_the_report_of_an_accepted_change_is_short_and_tells_how_it_was_matched() -> None:
    review = propose("c", [], [ProposedFile("f", b"a\n", b"b\n", note="matched ignoring blanks")])
    assert review.accept_all().report() == "f: applied 1 of 1 hunk (+1 -1). [matched ignoring blanks]"


def test_the_report_of_one_call_is_on_its_files_only() -> None:
    review = propose("c", [], [ProposedFile("a", None, b"x\n"), ProposedFile("b", None, b"y\n")]).accept_all()
    assert review.report(paths={"b"}) == "b: created (+1 -0)."


def test_the_report_says_when_nothing_was_written() -> None:
    review = propose("c", [], [ProposedFile("new", None, b"x\n"), ProposedFile("old", b"x\n", None)])
    told = review.mark([HunkMark("new", 1, "rejected")]).report()
    assert told == (
        "Nothing was written.\nnew: not created, rejected by the person.\nold: not deleted, not decided on."
    )
    assert review.accept_all().report() == "new: created (+1 -0).\nold: deleted (+0 -1)."


def test_long_rejected_hunks_are_told_in_excerpt() -> None:
    old = b"".join(b"%d\n" % n for n in range(500))
    review = propose("c", [], [ProposedFile("f", old, old.replace(b"\n", b"!\n"))])
    told = marked(review, (1, "rejected"), path="f").report()
    assert "[... 976 more lines]" in told
    assert len(told) < 2_000
