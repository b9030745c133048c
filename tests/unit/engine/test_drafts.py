"""Drafts: what an edit would do, from any part of its arguments."""

from __future__ import annotations

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


def draft(folder: Path, name: str, arguments: str) -> tuple[FileDiff, ...]:
    """The files of the draft that the first look at `arguments` gives."""
    seen: list[DraftChanged] = []
    session = SimpleNamespace(
        workspace=Workspace(folder),
        shell=SimpleNamespace(folder=folder),
        publish=lambda agent, event: seen.append(event),
    )
    Drafts(cast(Any, session), "main").grow("c1", name, arguments)
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


def test_a_plan_shows_its_document_as_far_as_it_is_written(folder: Path) -> None:
    (file,) = draft(folder, "ExitPlanMode", '{"plan": "# Plan\\n\\n1. lo')
    assert file.hunks[0].body == " # Plan\n \n 1. lo"
    assert draft(folder, "plan", '{"text": " ') == ()
    assert draft(folder, "plan", "{}") == ()
