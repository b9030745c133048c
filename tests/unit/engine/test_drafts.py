"""Drafts: what an edit would do, from any part of its arguments."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.events import DraftChanged
from nanodeck.engine.review.drafts import Drafts
from nanodeck.workspace.paths import Workspace

PATCH = """*** Begin Patch
*** Update File: a.txt
@@
 one
-two
+zwei
*** Delete File: b.txt
*** Update File: c.txt
*** Move to: d.txt
*** Add File: new/e.txt
+eins
+“zwei”
*** End Patch"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_bytes("zero\r\none\r\ntwo\r\n".encode("utf-16"))
    (tmp_path / "b.txt").write_text("gone\n")
    (tmp_path / "c.txt").write_text("same\n")
    return tmp_path


def drafts(folder: Path, *calls: tuple[str, str]) -> list[DraftChanged]:
    """What is drawn while calls of one reply stream, each (tool, arguments) in one piece, slowly."""
    seen: list[DraftChanged] = []
    session = SimpleNamespace(
        workspace=Workspace(folder),
        shell=SimpleNamespace(folder=folder),
        publish=lambda agent, event: seen.append(event),
    )
    # Looked at before and after each draft is made: it takes no time, and a minute goes by until the next.
    seconds = (float(look // 2 * 60) for look in itertools.count())
    drawn = Drafts(cast(Any, session), "main", clock=seconds.__next__)
    for number, (name, arguments) in enumerate(calls, 1):
        drawn.grow(f"c{number}", name, arguments)
    return seen


def draft(folder: Path, name: str, arguments: str) -> tuple[FileDiff, ...]:
    """The files of the draft that the first look at `arguments` gives."""
    seen = drafts(folder, (name, arguments))
    return seen[0].diff.files if seen else ()


def test_a_patch_shows_every_file_with_its_lines(folder: Path) -> None:
    files = draft(folder, "apply_patch", json.dumps({"patch": PATCH}))
    assert [(file.path, file.kind) for file in files] == [
        ("a.txt", "modified"),
        ("b.txt", "deleted"),
        ("d.txt", "renamed"),
        ("new/e.txt", "created"),
    ]
    (hunk,) = files[0].hunks
    assert (hunk.body, hunk.old_start, files[0].added, files[0].removed) == (" one\n-two\n+zwei", 2, 1, 1)
    assert files[1].hunks[0].body == "-gone"
    assert files[3].hunks[0].body == "+eins\n+“zwei”"


def test_a_patch_grows_with_its_arguments_and_no_part_of_it_fails(folder: Path) -> None:
    whole = json.dumps({"patch": PATCH})
    counts = [len(draft(folder, "apply_patch", whole[:end])) for end in range(len(whole))]
    assert set(counts) == {0, 1, 2, 3, 4}
    shown = [count for count in counts if count]
    assert shown == sorted(shown)


def test_an_edit_is_placed_in_a_file_of_any_encoding(folder: Path) -> None:
    arguments = json.dumps({"path": "a.txt", "old_string": "one\ntwo", "new_string": "1"})
    (file,) = draft(folder, "edit", arguments[:-4])
    assert (file.hunks[0].old_start, file.hunks[0].body) == (2, "-one\n-two")


def test_the_calls_of_one_reply_are_drawn_as_the_one_change_they_become(folder: Path) -> None:
    def edit(path: str, old: str) -> tuple[str, str]:
        return "edit", json.dumps({"path": path, "old_string": old, "new_string": "new"})

    *_, last = drafts(folder, edit("a.txt", "one"), edit("c.txt", "same"), edit("a.txt", "two"))
    assert (last.diff.id, last.diff.calls) == ("draft:c1", ("c1", "c2", "c3"))
    bodies = [(file.path, [(hunk.id, hunk.body) for hunk in file.hunks]) for file in last.diff.files]
    assert bodies == [("a.txt", [(0, "-one\n+new"), (1, "-two\n+new")]), ("c.txt", [(0, "-same\n+new")])]
    assert (last.diff.files[0].added, last.diff.files[0].removed) == (2, 2)


def test_a_plan_shows_its_document_as_far_as_it_is_written(folder: Path) -> None:
    (file,) = draft(folder, "ExitPlanMode", '{"plan": "# Plan\\n\\n1. lo')
    assert file.hunks[0].body == " # Plan\n \n 1. lo"
    assert draft(folder, "plan", '{"text": " ') == ()
    assert draft(folder, "plan", "{}") == ()
