"""Hunks as values: whatever is split, picked, edited, undone and redone, exactly those lines are written."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings, strategies as st

from nanodeck.contracts.changes import Encoding, Hunk, HunkMark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review import ProposedFile, Review, propose
from nanodeck.core.review.steps import Steps, remarks, revisions
from nanodeck.core.review.text import split_lines

PATH = "src/a.py"
LINES = ("", "a", "b", "}", "x = 1", "tab\t", "-", "+ ", "\\", "@@ -1 +1 @@", "q\rq", "é")
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "latin-1", "cp1252", "utf-16-le", "utf-16-be")
CASES = 5_000
RANDOM = st.randoms(use_true_random=False)

Change = tuple[str, str, Encoding]


def change(chance: random.Random) -> Change:
    """A text and a version of it with a few places edited, line ends of one kind, maybe none at the end."""
    old = chance.choices(LINES, k=chance.randrange(40))
    new = list(old)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(new))
        new[at : at + chance.randrange(4)] = chance.choices(LINES, k=chance.randrange(4))
    end, encoding = chance.choice(["\n", "\r\n"]), chance.choice(ENCODINGS)
    mark = "" if not encoding.startswith("utf") else chance.choice(["", "", "\ufeff"])
    old_text, new_text = (mark + end.join(lines) + chance.choice(["", end]) for lines in (old, new))
    return old_text, new_text, encoding


def review_of(old: str, new: str, encoding: Encoding = "utf-8") -> Review:
    return propose("c1", [], [ProposedFile(PATH, old.encode(encoding), new.encode(encoding), "", encoding)])


def hunks_of(review: Review) -> list[Hunk]:
    return [hunk for file in review.changeset.files for hunk in file.hunks]


def kept(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def body(hunk: Hunk) -> list[tuple[str, str]]:
    """Signs and exact lines, the positions those of the body; a mark of a missing end is ('\\\\', '')."""
    lines: list[tuple[str, str]] = []
    for line in hunk.body.split("\n") if hunk.body else []:
        if line.startswith("\\ No newline"):
            sign, last = lines[-1]
            lines[-1] = (sign, last[:-1])
            lines.append(("\\", ""))
        else:
            lines.append((line[0], line[1:] + "\n"))
    return lines


def expected(old: str, new: str, hunks: Iterable[Hunk], marks: dict[int, HunkMark]) -> str:
    """What must be written, from the bodies and the decisions alone."""
    bom = "\ufeff" if old.startswith("\ufeff") and new.startswith("\ufeff") else ""
    old, new = old[len(bom) :], new[len(bom) :]
    lines, result, at = kept(old), list[str](), 0
    ended = [line for line in (*lines, *kept(new)) if line.endswith("\n")]
    end = "\r\n" if ended and ended[0].endswith("\r\n") else "\n"
    for hunk in hunks:
        mark = marks.get(hunk.id)
        if mark is None or mark.mark not in ("accepted", "edited"):
            continue
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        result += lines[at:start]
        at = start + hunk.old_count
        parts = body(hunk)
        if mark.mark == "edited":
            after = [text for sign, text in parts if sign in " +"]
            model = after or [text for sign, text in parts if sign in " -"]
            written = mark.text.removesuffix("\n").split("\n") if mark.text else []
            last = end if written and (not model or model[-1].endswith("\n")) else ""
            result.append(end.join(written) + last)
            continue
        chosen = mark.lines or range(len(parts))
        taken = [
            text
            for place, (sign, text) in enumerate(parts)
            if sign == " " or (sign == "-" and place not in chosen) or (sign == "+" and place in chosen)
        ]
        result += [text if text.endswith("\n") else text + end for text in taken[:-1]] + taken[-1:]
    return bom + "".join(result + lines[at:])


def decide(review: Review, chance: random.Random) -> HunkMark:
    hunk = chance.choice(hunks_of(review))
    changed = [place for place, (sign, _) in enumerate(body(hunk)) if sign in "+-"]
    match chance.randrange(5):
        case 0:
            return HunkMark(PATH, hunk.id, "undecided")
        case 1:
            return HunkMark(PATH, hunk.id, "rejected")
        case 2:
            picks = tuple(sorted(chance.sample(changed, chance.randint(1, len(changed)))))
            return HunkMark(PATH, hunk.id, "accepted", picks)
        case 3:
            text = "\n".join(chance.choice(["", "mine", "x = 2"]) for _ in range(chance.randrange(4)))
            return HunkMark(PATH, hunk.id, "edited", text=text)
        case _:
            return HunkMark(PATH, hunk.id, "accepted")


def exactly_the_decided_lines_are_written(chance: random.Random) -> None:
    """Decide at random, then undo and redo all of it."""
    old, new, encoding = change(chance)
    steps = Steps(review_of(old, new, encoding))
    if not hunks_of(steps.review):
        assert old == new
        return
    states = [steps]
    for _ in range(chance.randrange(1, 6)):
        review = steps.review
        splittable = chance.random() < 0.3
        try:
            after = steps.split(PATH, chance.choice(hunks_of(review)).id) if splittable else None
        except NanodeckError:
            after = None
        steps = after or steps.mark([decide(review, chance)])
        if steps is not states[-1]:
            states.append(steps)
    marks = {mark.hunk: mark for mark in steps.review.marks}
    wanted = expected(old, new, hunks_of(steps.review), marks).encode(encoding)
    assert [target.new for target in steps.review.targets()] == (
        [wanted] if wanted != old.encode(encoding) else []
    )
    for before in reversed(states[:-1]):
        steps = steps.undo()
        assert steps.review == before.review
    assert steps.undo() is steps
    for after in states[1:]:
        steps = steps.redo()
        assert steps.review == after.review


@settings(max_examples=100, deadline=None)
@given(RANDOM)
def test_exactly_the_decided_lines_are_written(chance: random.Random) -> None:
    exactly_the_decided_lines_are_written(chance)


def test_exactly_the_decided_lines_are_written_in_thousands_of_cases() -> None:
    for seed in range(CASES):
        exactly_the_decided_lines_are_written(random.Random(seed))


@settings(max_examples=100, deadline=None)
@given(RANDOM)
def test_a_split_hunk_is_the_same_change_in_parts(chance: random.Random) -> None:
    old, new, encoding = change(chance)
    review = review_of(old, new, encoding)
    for hunk in hunks_of(review):
        try:
            review = review.split(PATH, hunk.id)
        except NanodeckError:
            assert sum(1 for _ in _changes(hunk)) == 1
    whole = new.encode(encoding)
    assert [target.new for target in review.accept_all().targets()] == ([whole] if old != new else [])
    for hunk in hunks_of(review):
        parts = body(hunk)
        assert hunk.old_count == sum(sign in " -" for sign, _ in parts)
        assert hunk.new_count == sum(sign in " +" for sign, _ in parts)
        assert sum(1 for _ in _changes(hunk)) == 1
    ids = [hunk.id for hunk in hunks_of(review)]
    assert len(ids) == len(set(ids))


def _changes(hunk: Hunk) -> Iterable[int]:
    """Where a run of changed lines begins."""
    before = " "
    for place, (sign, _) in enumerate(body(hunk)):
        if sign in "+-" and before == " ":
            yield place
        if sign != "\\":
            before = sign


@given(st.text(st.sampled_from("a\n\r\u0a0a\u0a00\u000a"), max_size=30), st.sampled_from(ENCODINGS))
def test_lines_of_every_encoding_join_to_the_same_bytes(text: str, encoding: Encoding) -> None:
    data = text.encode(encoding, errors="replace")
    lines = split_lines(data, encoding)
    assert b"".join(lines) == data
    assert [line.decode(encoding) for line in lines] == kept(data.decode(encoding))


OLD = "".join(f"line {n}\n" for n in range(1, 13))
NEW = OLD.replace("line 3\n", "three\n").replace("line 6\n", "six\nand a half\n")


def test_picked_lines_alone_are_written_and_the_model_is_told() -> None:
    review = review_of(OLD, NEW)
    (hunk,) = hunks_of(review)
    places = [place for place, (_, text) in enumerate(body(hunk)) if text in ("line 3\n", "three\n")]
    decided = review.mark([HunkMark(PATH, hunk.id, "accepted", tuple(places))])
    (target,) = decided.targets()
    assert target.new == OLD.replace("line 3\n", "three\n").encode()
    told = decided.report()
    assert told.startswith(f"{PATH}: applied 1 of 1 hunk (+1 -1).\nThe person took only a part of this")
    assert "-six\n-and a half\n+line 6" in told
    assert [(file.added, file.removed) for file in decided.applied()] == [(1, 1)]


def test_an_edited_hunk_is_written_as_the_person_wrote_it_and_the_model_is_told() -> None:
    review = review_of(OLD.replace("\n", "\r\n"), NEW.replace("\n", "\r\n"))
    (hunk,) = hunks_of(review)
    text = (
        "".join(line for sign, line in body(hunk) if sign in " +").replace("\r", "").replace("three", "drei")
    )
    decided = review.mark([HunkMark(PATH, hunk.id, "edited", text=text)])
    (target,) = decided.targets()
    assert target.new == NEW.replace("three", "drei").replace("\n", "\r\n").encode()
    assert "from your lines to theirs" in decided.report()
    assert "-three\n+drei" in decided.report()


def test_a_hunk_of_one_change_cannot_be_split() -> None:
    review = review_of("a\nb\nc\n", "a\nB\nc\n")
    with pytest.raises(NanodeckError, match="pick lines"):
        review.split(PATH, 1)
    with pytest.raises(NanodeckError, match="no hunk 7"):
        review.split(PATH, 7)


def test_what_cannot_be_written_is_refused_before_it_is_decided() -> None:
    review = review_of("a\nb\n", "a\nB\n", "latin-1")
    with pytest.raises(NanodeckError, match="Latin-1, which has no '→'"):
        review.mark([HunkMark(PATH, 1, "edited", text="→")])
    with pytest.raises(NanodeckError, match="only changed lines"):
        review.mark([HunkMark(PATH, 1, "accepted", (0,))])
    gone = propose("c", [], [ProposedFile(PATH, b"a\n", None)])
    with pytest.raises(NanodeckError, match="is deleted"):
        gone.mark([HunkMark(PATH, 1, "accepted", (0,))])


def test_how_one_state_differs_from_another_is_told_as_marks_and_revisions() -> None:
    before = review_of(OLD, NEW).mark([HunkMark(PATH, 1, "rejected")])
    after = before.split(PATH, 1)
    (revision,) = revisions(before, after)
    assert (revision.path, revision.gone, [hunk.id for hunk in revision.hunks]) == (PATH, (1,), [2, 3])
    assert remarks(before, after) == ()
    decided = after.mark([HunkMark(PATH, 3, "accepted")])
    assert revisions(after, decided) == ()
    assert remarks(after, decided) == (HunkMark(PATH, 3, "accepted"),)
    assert remarks(decided, after) == (HunkMark(PATH, 3, "undecided"),)
    (joined,) = revisions(after, before)
    assert (joined.gone, [hunk.id for hunk in joined.hunks]) == ((2, 3), [1])
    assert remarks(after, before) == (HunkMark(PATH, 1, "rejected"),)


def test_a_byte_order_mark_that_stays_is_in_no_hunk() -> None:
    review = review_of("\ufeffone\n", "\ufeffzero\none\n", "utf-16-le")
    (hunk,) = hunks_of(review)
    assert hunk.body == "+zero\n one"
    edited = review.mark([HunkMark(PATH, hunk.id, "edited", text="mine")])
    assert [target.new for target in edited.targets()] == ["\ufeffmine\n".encode("utf-16-le")]
    (hunk,) = hunks_of(review_of("\ufeffone", "one"))
    assert hunk.body.startswith("-\ufeffone")
