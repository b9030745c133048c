"""Files renamed, copied, with other rights or bytes that are no text: decided on as lines are."""

from __future__ import annotations

import pytest

from nanodeck.contracts.changes import AppliedFile, FileDiff, HunkMark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review import Found, ProposedFile, Review, Target, propose

OLD = b"".join(b"line %d\n" % number for number in range(1, 31))
NEW = OLD.replace(b"line 3\n", b"three\n").replace(b"line 28\n", b"28\n")
HALF = OLD.replace(b"line 28\n", b"28\n")
PICTURE, OTHER = b"\x89PNG\0old", b"\x89PNG\0newer"


def review_of(file: ProposedFile) -> Review:
    return propose("c1", ["call-1"], [file])


def only(review: Review) -> FileDiff:
    (file,) = review.changeset.files
    return file


def accepting(review: Review, *hunks: int) -> Review:
    return review.mark([HunkMark(only(review).path, hunk, "accepted") for hunk in hunks])


def renamed(new: bytes = NEW) -> Review:
    return review_of(ProposedFile("new.py", OLD, new, old_path="old.py"))


def test_a_new_name_is_a_hunk_before_those_of_the_lines() -> None:
    file = only(renamed())
    assert (file.kind, file.old_path, file.added, file.removed) == ("renamed", "old.py", 2, 2)
    assert [(hunk.id, bool(hunk.body)) for hunk in file.hunks] == [(1, False), (2, True), (3, True)]
    assert len(only(renamed(OLD)).hunks) == 1


@pytest.mark.parametrize(
    ("accepted", "targets"),
    [
        ((), ()),
        ((1,), (Target("old.py", OLD, None), Target("new.py", None, OLD))),
        ((3,), (Target("old.py", OLD, HALF),)),
        ((1, 3), (Target("old.py", OLD, None), Target("new.py", None, HALF))),
        ((1, 2, 3), (Target("old.py", OLD, None), Target("new.py", None, NEW))),
    ],
)
def test_a_rename_and_its_lines_are_taken_apart(
    accepted: tuple[int, ...], targets: tuple[Target, ...]
) -> None:
    review = accepting(renamed(), *accepted)
    assert review.targets() == targets


def test_what_was_applied_and_told_says_the_name_that_the_file_has() -> None:
    whole, lines = accepting(renamed(), 1, 2, 3), accepting(renamed(), 3)
    assert whole.applied() == (AppliedFile("new.py", "renamed", 2, 2, "old.py"),)
    assert lines.applied() == (AppliedFile("old.py", "modified", 1, 1),)
    assert whole.report().splitlines() == [
        "old.py -> new.py: renamed.",
        "new.py: applied 2 of 2 hunks (+2 -2).",
    ]
    told = lines.mark([HunkMark("new.py", 1, "rejected")]).report()
    assert "old.py -> new.py: not renamed, rejected by the person." in told
    assert "old.py: applied 1 of 2 hunks (+1 -1)." in told


def test_a_copy_that_is_not_made_has_no_lines_to_write() -> None:
    review = review_of(ProposedFile("b.py", OLD, NEW, old_path="a.py", copied=True))
    assert only(review).kind == "copied"
    assert accepting(review, 2, 3).targets() == ()
    assert accepting(review, 1).targets() == (Target("b.py", None, OLD),)
    assert accepting(review, 1, 2, 3).targets() == (Target("b.py", None, NEW),)
    assert accepting(review, 2).report().splitlines() == [
        "Nothing was written.",
        "a.py -> b.py: not copied, not decided on.",
    ]


def test_rights_alone_are_one_hunk_and_beside_lines_one_of_its_own() -> None:
    alone = review_of(ProposedFile("run", OLD, OLD, modes=(0o644, 0o755)))
    assert only(alone).modes == (0o644, 0o755)
    assert alone.targets() == ()
    assert accepting(alone, 1).targets() == (Target("run", OLD, OLD, 0o755),)
    assert accepting(alone, 1).report() == "run: rights changed from 644 to 755."
    both = review_of(ProposedFile("run", OLD, NEW, modes=(0o644, 0o755)))
    assert accepting(both, 1, 3).targets() == (Target("run", OLD, HALF, 0o755),)
    assert accepting(both, 3).targets() == (Target("run", OLD, HALF),)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [(PICTURE, OTHER, "modified"), (None, OTHER, "created"), (PICTURE, None, "deleted")],
)
def test_bytes_that_are_no_text_come_whole_or_not_at_all(
    old: bytes | None, new: bytes | None, kind: str
) -> None:
    review = review_of(ProposedFile("a.png", old, new, binary=True))
    file = only(review)
    assert (file.kind, file.sizes, len(file.hunks)) == (kind, (len(old or b""), len(new or b"")), 1)
    assert not file.hunks[0].body
    assert review.targets() == ()
    assert accepting(review, 1).targets() == (Target("a.png", old, new),)
    with pytest.raises(NanodeckError):
        review.mark([HunkMark("a.png", 1, "edited", text="x\n")])
    with pytest.raises(NanodeckError):
        review.split("a.png", 1)


def test_what_is_about_the_file_has_no_lines_to_edit_pick_or_split() -> None:
    for mark in (HunkMark("new.py", 1, "edited", text="x\n"), HunkMark("new.py", 1, "accepted", (0,))):
        with pytest.raises(NanodeckError, match="has no lines"):
            renamed().mark([mark])
    with pytest.raises(NanodeckError, match="one change"):
        renamed().split("new.py", 1)


def test_a_picture_under_a_new_name_is_one_hunk() -> None:
    review = review_of(ProposedFile("b.png", PICTURE, PICTURE, old_path="a.png", binary=True))
    assert accepting(review, 1).targets() == (Target("a.png", PICTURE, None), Target("b.png", None, PICTURE))


def test_a_renamed_file_that_was_changed_moves_with_the_persons_lines() -> None:
    now = b"mine\n" + OLD
    review = accepting(renamed(), 1, 3).rebase({"old.py": Found(now), "new.py": Found(None)})
    assert review.targets() == (Target("old.py", now, None), Target("new.py", None, b"mine\n" + HALF))


def test_a_new_name_that_is_taken_by_now_leaves_the_lines_to_be_written() -> None:
    review = renamed().accept_all().rebase({"new.py": Found(b"theirs\n")})
    assert [hunk.stale for hunk in only(review).hunks] == ["new.py is there by now", "", ""]
    assert review.targets() == (Target("old.py", OLD, NEW),)
