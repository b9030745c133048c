"""Changes and decisions made at random, and what must come of them, told from the hunks' bodies alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence

from nanodeck.contracts.changes import Encoding, Hunk, HunkMark
from nanodeck.contracts.errors import NanodeckError
from nanodeck.core.review import Found, ProposedFile, Review, Target, propose
from nanodeck.core.review.steps import Steps

PATH, BEFORE = "src/a.py", "src/before.py"
LINES = ("", "a", "b", "}", "x = 1", "tab\t", "-", "+ ", "\\", "@@ -1 +1 @@", "q\rq", "é")
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "latin-1", "cp1252", "utf-16-le", "utf-16-be")
ENDS = (["\n"], ["\n"], ["\r\n"], ["\n", "\r\n"])
KINDS = (*["modified"] * 6, "created", "deleted", "renamed", "copied", "rights", "binary", "binary renamed")
BOM = "\ufeff"


def proposal(chance: random.Random, kinds: Sequence[str] = KINDS) -> ProposedFile:
    """A change of some kind, in some encoding."""
    encoding, kind = chance.choice(ENCODINGS), chance.choice(kinds)
    ends = chance.choice(ENDS)
    lines = [line + chance.choice(ends) for line in chance.choices(LINES, k=chance.randrange(40))]
    mark = chance.choice(["", "", BOM]) if encoding.startswith("utf") else ""
    before, after = (
        (mark + chance.choice([text, text.removesuffix("\n").removesuffix("\r")])).encode(encoding)
        for text in ("".join(lines), "".join(edited(chance, lines, ends)))
    )
    old, new = None if kind == "created" else before, None if kind == "deleted" else after
    source = BEFORE if kind in ("renamed", "copied", "binary renamed") else ""
    modes = (0o644, 0o755) if kind == "rights" else None
    binary = kind.startswith("binary")
    return ProposedFile(PATH, old, new, "", encoding, source, kind == "copied", modes, binary)


def edited(chance: random.Random, lines: Sequence[str], ends: Sequence[str]) -> list[str]:
    """`lines` with a few places changed."""
    lines = list(lines)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(lines))
        lines[at : at + chance.randrange(4)] = [
            line + chance.choice(ends) for line in chance.choices(LINES, k=chance.randrange(4))
        ]
    return lines


def review_of(proposed: ProposedFile) -> Review:
    return propose("c1", [], [proposed])


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


def written(old: str, new: str, hunks: Sequence[Hunk], marks: dict[int, HunkMark]) -> str:
    """The text that must be written, from the bodies and the decisions alone."""
    bom = BOM if old.startswith(BOM) and new.startswith(BOM) else ""
    old, new = old[len(bom) :], new[len(bom) :]
    lines, result, at = kept(old), list[str](), 0
    ended = [line for line in (*lines, *kept(new)) if line.endswith("\n")]
    end = "\r\n" if ended and ended[0].endswith("\r\n") else "\n"
    for hunk in hunks:
        mark = marks.get(hunk.id)
        if mark is None:
            continue
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        result += lines[at:start]
        at = start + hunk.old_count
        parts = body(hunk)
        if mark.mark == "edited":
            after = [text for sign, text in parts if sign in " +"]
            model = after or [text for sign, text in parts if sign in " -"]
            texts = mark.text.removesuffix("\n").split("\n") if mark.text else []
            last = end if texts and (not model or model[-1].endswith("\n")) else ""
            result.append(end.join(texts) + last)
            continue
        chosen: Collection[int] = mark.lines or range(len(parts))
        taken = [
            text
            for place, (sign, text) in enumerate(parts)
            if sign == " " or (sign == "-" and place not in chosen) or (sign == "+" and place in chosen)
        ]
        result += [text if text.endswith("\n") else text + end for text in taken[:-1]] + taken[-1:]
    return bom + "".join(result + lines[at:])


def expected(proposed: ProposedFile, review: Review) -> tuple[Target, ...]:
    """What must become of the file, or of the two that a new name has to do with."""
    marks = {mark.hunk: mark for mark in review.marks if mark.mark in ("accepted", "edited")}
    old, new, hunks = proposed.old, proposed.new, hunks_of(review)
    moves = has_no_lines(proposed, hunks[0]) and hunks[0].id in marks
    if new is None or proposed.binary:
        content = new if marks else old
    elif old is None and not marks:
        content = None
    else:
        before, after = (old or b"").decode(proposed.encoding), new.decode(proposed.encoding)
        lined = [hunk for hunk in hunks if not has_no_lines(proposed, hunk)]
        content = written(before, after, lined, marks).encode(proposed.encoding)
    if proposed.copied:
        return (Target(PATH, None, content),) if moves else ()
    if proposed.old_path and moves:
        return Target(BEFORE, old, None), Target(PATH, None, content)
    mode = proposed.modes[1] if proposed.modes and moves else None
    return (Target(proposed.place, old, content, mode),) if content != old or mode is not None else ()


def has_no_lines(proposed: ProposedFile, hunk: Hunk) -> bool:
    """Whether a hunk is about the file itself: its name, its rights, bytes that are no text."""
    return hunk.id == 1 and bool(proposed.old_path or proposed.modes or proposed.binary)


def decided(chance: random.Random, steps: Steps, proposed: ProposedFile) -> Steps:
    """One more decision, the same steps where it is none."""
    hunk = chance.choice(hunks_of(steps.review))
    if chance.random() < 0.3:
        try:
            return steps.split(PATH, hunk.id)
        except NanodeckError:
            pass
    changed = [place for place, (sign, _) in enumerate(body(hunk)) if sign in "+-"]
    whole = has_no_lines(proposed, hunk) or proposed.new is None
    match chance.randrange(5):
        case 0:
            mark = HunkMark(PATH, hunk.id, "undecided")
        case 1:
            mark = HunkMark(PATH, hunk.id, "rejected")
        case 2 if changed and not whole:
            picks = tuple(sorted(chance.sample(changed, chance.randint(1, len(changed)))))
            mark = HunkMark(PATH, hunk.id, "accepted", picks)
        case 3 if not whole:
            text = "\n".join(chance.choice(["", "mine", "x = 2"]) for _ in range(chance.randrange(4)))
            mark = HunkMark(PATH, hunk.id, "edited", text=text)
        case _:
            mark = HunkMark(PATH, hunk.id, "accepted")
    return steps.mark([mark])


def somebody_changes_the_file(chance: random.Random, steps: Steps, proposed: ProposedFile) -> None:
    """No line of theirs is lost; once it is as it was, the review is too."""
    encoding, makes = proposed.encoding, proposed.kind in ("created", "copied")
    old = "" if makes else (proposed.old or b"").decode(encoding)
    now = "".join(edited(chance, kept(old), ["\n"]))
    place = PATH if makes else proposed.place
    review = steps.rebase({place: Found(now.encode(encoding), encoding)}).review
    result = "".join((target.new or b"").decode(encoding, "replace") for target in review.targets())
    if review.targets():
        theirs = Counter(map(bare, kept(now))) - Counter(map(bare, kept(old)))
        assert not theirs - Counter(map(bare, kept(result))), "a line of theirs is lost"
    for target in review.targets():
        assert target.old in (now.encode(encoding), None), "what they wrote is not what is replaced"
    back = review.rebase({place: Found(None if makes else proposed.old, encoding)})
    if not any(mark.mark == "edited" for mark in steps.review.marks):
        assert back == steps.review


def bare(line: str) -> str:
    """A line without what begins the file and what ends it."""
    return line.removeprefix(BOM).rstrip("\r\n")
