"""What git says was changed, as file diffs: every kind of change, whatever the files and names hold."""

from __future__ import annotations

import os
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from nanodeck.contracts.changes import FileDiff
from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.git.differences import read_blob, read_diff, sized
from nanodeck.workspace.git.patches import parse_diff
from tests.unit.workspace.repositories import commit, git

ODD_NAME = 'tab\tünd "quo\\te"\n b/x'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "trunk")
    return root


async def diffs(folder: Path, *, staged: bool = False) -> dict[str, FileDiff]:
    found = await read_diff(folder, staged=staged)
    return {file.path: file for file in await sized(folder, parse_diff(found.output))}


async def test_every_kind_of_change_is_told_from_every_other(repository: Path) -> None:
    names = ("changed", "gone", "old name", "moved/far", "rights", "kind", "bare", ODD_NAME)
    before = {name: b"".join(b"%s %d\n" % (name.encode(), n) for n in range(40)) for name in names}
    commit(repository, {**before, "picture": b"\0before"})
    (repository / "changed").write_bytes(before["changed"].replace(b"changed 3\n", b"changed three\r\n"))
    (repository / "gone").unlink()
    (repository / "old name").rename(repository / "new name")
    (repository / "moved/far").rename(repository / "near")
    (repository / "near").write_bytes(before["moved/far"].replace(b"moved/far 30\n", b""))
    (repository / "rights").chmod(0o755)
    (repository / "picture").write_bytes(b"\0afterwards")
    (repository / "kind").unlink()
    (repository / "kind").symlink_to("changed")
    (repository / "bare").write_bytes(before["bare"].removesuffix(b"\n"))
    (repository / ODD_NAME).write_bytes(before[ODD_NAME] + b"more\n")
    (repository / "empty").write_bytes(b"")
    git(repository, "add", "-A")
    found = await diffs(repository)
    assert {path: file.kind for path, file in found.items()} == {
        "changed": "modified",
        "gone": "deleted",
        "new name": "renamed",
        "near": "renamed",
        "rights": "modified",
        "picture": "modified",
        "kind": "modified",
        "bare": "modified",
        ODD_NAME: "modified",
        "empty": "created",
    }
    (hunk,) = found["changed"].hunks
    assert hunk.body.split("\n")[2:6] == [" changed 2", "-changed 3", "+changed three\r", " changed 4"]
    assert (hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count) == (1, 7, 1, 7)
    assert found["gone"].removed == 40
    assert (found["new name"].old_path, [h.body for h in found["new name"].hunks]) == ("old name", [""])
    assert found["near"].old_path == "moved/far"
    assert [bool(h.body) for h in found["near"].hunks] == [False, True]
    assert (found["rights"].modes, [h.body for h in found["rights"].hunks]) == ((0o644, 0o755), [""])
    assert (found["picture"].sizes, [h.body for h in found["picture"].hunks]) == ((7, 11), [""])
    assert found["kind"].note == "was a file, is a link"
    assert found["bare"].hunks[0].body.endswith("-bare 39\n+bare 39\n\\ No newline at end of file")
    assert [h.body for h in found["empty"].hunks] == [""]
    assert len({(path, h.id) for path, file in found.items() for h in file.hunks}) == sum(
        len(file.hunks) for file in found.values()
    )
    assert await diffs(repository, staged=True) == found


async def test_the_index_and_the_last_commit_are_told_apart(repository: Path) -> None:
    commit(repository, {"a": b"1\n", "b": b"1\n"})
    (repository / "a").write_bytes(b"2\n")
    git(repository, "add", "a")
    (repository / "a").write_bytes(b"3\n")
    (repository / "b").write_bytes(b"3\n")
    (repository / "new").write_bytes(b"new\n")
    assert {path: file.hunks[0].body for path, file in (await diffs(repository)).items()} == {
        "a": "-1\n+3",
        "b": "-1\n+3",
    }
    assert {p: f.hunks[0].body for p, f in (await diffs(repository, staged=True)).items()} == {"a": "-1\n+2"}
    assert (await read_diff(repository, staged=False)).untracked == ("new",)
    assert (await read_diff(repository, staged=True)).untracked == ()
    assert await read_blob(repository, "HEAD:./a") == b"1\n"
    assert await read_blob(repository, ":./a") == b"2\n"
    assert await read_blob(repository, ":./new") is None


async def test_below_a_folder_only_its_own_files_count(repository: Path) -> None:
    commit(repository, {"a": b"1\n", "sub/b": b"1\n"})
    for name in ("a", "sub/b", "c", "sub/d"):
        (repository / name).write_bytes(b"2\n")
    assert list(await diffs(repository / "sub")) == ["b"]
    assert (await read_diff(repository / "sub", staged=False)).untracked == ("d",)


async def test_settings_of_the_person_and_programs_of_the_repository_change_nothing(repository: Path) -> None:
    commit(repository, {"a": b"1\n", ".gitattributes": b"* diff=evil filter=evil\n"})
    (repository / "a").write_bytes(b"2\n")
    plain = await diffs(repository)
    trace = repository.parent / "ran"
    program = repository.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
    program.chmod(0o755)
    for name in ("diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean"):
        git(repository, "config", name, str(program))
    for name, value in {
        "color.ui": "always",
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.context": "0",
        "diff.suppressBlankEmpty": "true",
        "core.quotePath": "true",
        "diff.renames": "false",
    }.items():
        git(repository, "config", name, value)
    assert await diffs(repository) == plain
    assert not trace.exists()


async def test_why_git_cannot_tell_is_said(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "a").write_bytes(b"1\n")
    with pytest.raises(NanodeckError, match="no commit yet"):
        await read_diff(repository, staged=False)
    git(repository, "add", "a")
    assert list(await diffs(repository, staged=True)) == ["a"]
    outside = tmp_path / "outside"
    outside.mkdir()
    with pytest.raises(NanodeckError, match="in no git repository"):
        await read_diff(outside, staged=True)
    (repository / ".git/HEAD").write_bytes(b"nonsense")
    with pytest.raises(NanodeckError, match=r"git cannot tell: .*not a git repository"):
        await read_diff(repository, staged=True)
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(NanodeckError, match="git is not installed"):
        await read_diff(repository, staged=False)


async def test_a_conflict_shows_what_the_file_holds_now(repository: Path) -> None:
    commit(repository, {"a": b"1\n"})
    git(repository, "checkout", "-q", "-b", "other")
    commit(repository, {"a": b"2\n"})
    git(repository, "checkout", "-q", "trunk")
    commit(repository, {"a": b"3\n"})
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "-q", "other")
    assert "+<<<<<<< HEAD" in (await diffs(repository))["a"].hunks[0].body


LINES = st.lists(
    st.sampled_from([b"", b"a", b"b", b"\r", b"a\r", b"\x0c", b"-- a", b"++ b", b"@@ -1 +1 @@", b"\\ No"])
    | st.binary(max_size=4).map(lambda data: data.replace(b"\n", b"").replace(b"\0", b"")),
    max_size=12,
)
CONTENTS = st.builds(
    lambda lines, ended: b"\n".join(lines) + b"\n" * (ended and bool(lines)), LINES, st.booleans()
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=st.lists(st.tuples(CONTENTS, CONTENTS), min_size=1, max_size=12))
async def test_the_hunks_lead_from_the_old_lines_to_the_new(
    repository: Path, versions: list[tuple[bytes, bytes]]
) -> None:
    git(repository, "config", "core.autocrlf", "false")
    commit(repository, {f"f{n}": old for n, (old, _) in enumerate(versions)})
    for n, (_, new) in enumerate(versions):
        (repository / f"f{n}").write_bytes(new)
    found = await diffs(repository)
    assert set(found) == {f"f{n}" for n, (old, new) in enumerate(versions) if old != new}
    for path, file in found.items():
        before, after = (data.decode(file.encoding, "replace") for data in versions[int(path[1:])])
        assert applied(before, file) == after


def applied(old: str, file: FileDiff) -> str:
    """`old` with the hunks of `file` applied, as text."""
    lines = old.split("\n")
    if lines[-1] == "":
        lines.pop()
    made: list[str] = []
    at = 0
    ended = old.endswith("\n")
    for hunk in file.hunks:
        start = hunk.old_start - (hunk.old_count > 0)
        made += lines[at:start]
        body = hunk.body.split("\n")
        made += [line[1:] for line in body if line[:1] in (" ", "+")]
        at = start + hunk.old_count
        if at >= len(lines):
            ended = not any(
                line.startswith("\\") and before[:1] in (" ", "+") for before, line in pairwise(body)
            )
    made += lines[at:]
    return "\n".join(made) + "\n" * (ended and bool(made))
