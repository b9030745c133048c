from __future__ import annotations

import os
import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nanodeck.contracts.errors import NanodeckError
from nanodeck.workspace.shadow import Difference, Shadow, asking
from nanodeck.workspace.shadow.checking import check
from nanodeck.workspace.shadow.rights import NOTED
from nanodeck.workspace.writing.blobs import digest_of
from tests.unit.workspace.repositories import commit, git

BIG = b"x" * (2 * 1024 * 1024 + 1)


@pytest.fixture
def shadow(folder: Path, tmp_path: Path) -> Shadow:
    return Shadow(tmp_path / "state" / "shadow", folder)


def named(differences: list[Difference]) -> dict[str, tuple[bool, bool]]:
    """Path -> whether it was there before and after."""
    return {d.path: (d.old is not None, d.new is not None) for d in differences}


def paths_in(shadow: Shadow, tree: str, empty: str) -> set[str]:
    return {difference.path for difference in shadow.changed(empty, tree)}


def test_what_changes_between_two_trees_is_told_with_contents_modes_and_lines(
    folder: Path, shadow: Shadow
) -> None:
    (folder / "src").mkdir()
    for name in ("same", "changed", "gone", "run"):
        (folder / "src" / name).write_bytes(b"one\ntwo\n")
    before = shadow.take("s/1")
    (folder / "src" / "changed").write_bytes(b"one\nthree\nfour\n")
    (folder / "src" / "gone").unlink()
    (folder / "src" / "run").chmod(0o755)
    (folder / "new").symlink_to("src/same")
    after = shadow.take("s/2")
    old, new = digest_of(b"one\ntwo\n"), digest_of(b"one\nthree\nfour\n")
    assert shadow.changed(before.tree, after.tree) == [
        Difference("new", None, digest_of(b"src/same"), 0, 0o120000, 1, 0),
        Difference("src/changed", old, new, 0o100644, 0o100644, 2, 1),
        Difference("src/gone", old, None, 0o100644, 0, 0, 2),
        Difference("src/run", old, old, 0o100644, 0o100755, 0, 0),
    ]
    assert shadow.read([old, new]) == {old: b"one\ntwo\n", new: b"one\nthree\nfour\n"}
    assert shadow.take("s/3").tree == after.tree


def rights(differences: list[Difference]) -> dict[str, tuple[str, str]]:
    return {d.path: (f"{d.old_mode:o}", f"{d.new_mode:o}") for d in differences}


@pytest.mark.parametrize("usual", [0o644, 0o664, 0o600])
def test_rights_are_told_to_the_bit_whatever_is_usual(folder: Path, shadow: Shadow, usual: int) -> None:
    modes = {
        "same": usual,
        "gone": 0o640,
        "narrowed": usual,
        "new\nline": 0o755,
        "both": usual,
        "to usual": 0o444,
    }
    for name, mode in modes.items():
        (folder / name).write_text(name)
        (folder / name).chmod(mode)
    first = shadow.take("s/1").tree
    (folder / "gone").unlink()
    (folder / "both").write_text("changed")
    for name, mode in {"narrowed": 0o400, "new\nline": 0o711, "both": 0o620, "to usual": usual}.items():
        (folder / name).chmod(mode)
    # Another process knows nothing but what is on the disk.
    second = Shadow(shadow.folder, folder).take("s/2").tree
    plain = f"100{usual:o}"
    assert rights(shadow.changed(first, second)) == {
        "both": (plain, "100620"),
        "gone": ("100640", "0"),
        "narrowed": (plain, "100400"),
        "new\nline": ("100755", "100711"),
        "to usual": ("100444", plain),
    }
    assert rights(shadow.changed(second, first))["gone"] == ("0", "100640")
    (folder / "narrowed").chmod(usual)
    assert rights(shadow.changed(second, shadow.take("s/3").tree)) == {"narrowed": ("100400", plain)}
    (folder / "same").touch()
    assert shadow.changed(second, shadow.take("s/4").tree) == shadow.changed(second, shadow.take("s/5").tree)


def test_an_index_without_rights_is_read_anew(folder: Path, shadow: Shadow) -> None:
    (folder / "a").write_text("a")
    (folder / "a").chmod(0o600)
    first = shadow.take("s/1").tree
    store = ("--git-dir", str(shadow.folder))
    index = {**os.environ, "GIT_INDEX_FILE": str(shadow.folder / "index")}
    argv = ["git", *store, "update-index", "--force-remove", NOTED]
    subprocess.run(argv, env=index, cwd=folder, check=True)
    bare = subprocess.run(["git", *store, "write-tree"], env=index, capture_output=True, check=True)
    assert shadow.changed(bare.stdout.decode().strip(), first) == []
    assert shadow.take("s/2").tree == first


def test_files_and_folders_take_each_others_place(folder: Path, shadow: Shadow) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "b").write_text("in a")
    (folder / "c").write_text("c")
    first = shadow.take("s/1").tree
    (folder / "a" / "b").unlink()
    (folder / "a").rmdir()
    (folder / "a").symlink_to("c")
    (folder / "c").unlink()
    (folder / "c").mkdir()
    (folder / "c" / "d").write_text("in c")
    found = named(shadow.changed(first, shadow.take("s/2").tree))
    assert found == {"a": (False, True), "a/b": (True, False), "c": (True, False), "c/d": (False, True)}


def test_nothing_is_needed_for_an_empty_folder(shadow: Shadow) -> None:
    assert shadow.take("s/1").tree == shadow.take("s/2").tree


def test_files_of_every_name_are_kept(folder: Path, shadow: Shadow) -> None:
    empty = shadow.take("s/0").tree
    names = [
        "-a",
        " b ",
        'q"q',
        "new\nline",
        "tab\t",
        "ümlaut",
        os.fsdecode(b"\xff\xfe"),
        "back\\slash",
        ":(top)c",
    ]
    for name in names:
        (folder / name).write_bytes(name.encode("utf-8", "surrogateescape"))
    assert paths_in(shadow, shadow.take("s/1").tree, empty) == set(names)


def test_ignored_files_are_left_out_unless_an_agent_edited_them(folder: Path, shadow: Shadow) -> None:
    empty = shadow.take("s/0").tree
    (folder / ".gitignore").write_text("*.log\nbuild/\n")
    (folder / "build").mkdir()
    for name in ("a.log", "b.log", "build/made", "kept"):
        (folder / name).write_text(name)
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "x.js").write_text("")
    tree = shadow.take("s/1", also=[folder / "b.log", folder.parent / "elsewhere"]).tree
    assert paths_in(shadow, tree, empty) == {".gitignore", "b.log", "kept"}
    (folder / "b.log").unlink()
    assert named(shadow.changed(tree, shadow.take("s/2").tree)) == {"b.log": (True, False)}


def test_what_the_persons_git_leaves_out_is_left_out_in_a_folder_of_it_too(tmp_path: Path) -> None:
    root = Path(os.path.realpath(tmp_path)) / "top" / "inner"
    root.mkdir(parents=True)
    git(root.parent, "init", "-q")
    (root.parent / ".gitignore").write_text("*.log\n")
    (root.parent / ".git" / "info" / "exclude").write_text("secretly\n")
    shadow = Shadow(tmp_path / "shadow", root)
    empty = shadow.take("s/0").tree
    for name in ("a.log", "secretly", "kept"):
        (root / name).write_text(name)
    assert paths_in(shadow, shadow.take("s/1").tree, empty) == {"kept"}


def test_nested_repositories_are_kept_as_files(folder: Path, shadow: Shadow) -> None:
    git(folder, "init", "-q")
    empty = shadow.take("s/0").tree
    for nested in ("lib", "lib/inner", "plain"):
        (folder / nested).mkdir()
        git(folder / nested, "init", "-q")
        (folder / nested / "file").write_text(nested)
    (folder / "lib" / ".gitignore").write_text("*.o\n")
    (folder / "lib" / "x.o").write_text("")
    first = shadow.take("s/1").tree
    assert paths_in(shadow, first, empty) == {"lib/.gitignore", "lib/file", "lib/inner/file", "plain/file"}
    (folder / "lib" / "inner" / "more").write_text("")
    (folder / "plain" / "file").write_text("changed")
    found = named(shadow.changed(first, shadow.take("s/2").tree))
    assert found == {"lib/inner/more": (False, True), "plain/file": (True, True)}


def test_large_and_secret_files_are_skipped_and_named(folder: Path, shadow: Shadow) -> None:
    empty = shadow.take("s/0").tree
    git(folder, "init", "-q")
    commit(folder, {"tracked.bin": BIG})
    (folder / "large.bin").write_bytes(BIG)
    (folder / "edited.bin").write_bytes(BIG)
    (folder / ".env").write_text("KEY=1")
    (folder / "pipe").touch()
    taken = shadow.take("s/1", also=[folder / "edited.bin"])
    assert taken.skipped == (".env", "large.bin")
    assert paths_in(shadow, taken.tree, empty) == {"edited.bin", "pipe", "tracked.bin"}
    (folder / "pipe").unlink()
    os.mkfifo(folder / "pipe")
    assert named(shadow.changed(taken.tree, shadow.take("s/2").tree)) == {"pipe": (True, False)}


def test_neither_the_persons_repository_nor_its_programs_are_touched(folder: Path, shadow: Shadow) -> None:
    git(folder, "init", "-q")
    commit(folder, {"a.txt": b"one\r\n", ".gitattributes": b"* text filter=evil\n*.txt eol=crlf ident\n"})
    git(folder, "config", "filter.evil.clean", f"touch {folder}/pwned; cat")
    git(folder, "config", "core.fsmonitor", f"touch {folder}/pwned")
    before = {path: path.stat().st_mtime_ns for path in (folder / ".git").rglob("*")}
    first = shadow.take("s/1").tree
    (folder / "a.txt").write_bytes(b"one\r\n$Id$\n")
    [found] = shadow.changed(first, shadow.take("s/2").tree)
    assert found.new == digest_of(b"one\r\n$Id$\n")
    assert not (folder / "pwned").exists()
    assert {path: path.stat().st_mtime_ns for path in (folder / ".git").rglob("*")} == before


def test_everything_kept_is_its_owners_alone(folder: Path, shadow: Shadow) -> None:
    (folder / "a").write_text("a")
    shadow.take("s/1")
    paths = [shadow.folder, *shadow.folder.rglob("*")]
    assert not [path for path in paths if path.stat().st_mode & 0o077]


def test_a_folder_that_holds_the_store_does_not_keep_the_store(folder: Path) -> None:
    shadow = Shadow(folder / "state" / "shadow", folder, left_out=[folder / "state"])
    empty = shadow.take("s/0").tree
    (folder / "a").write_text("a")
    (folder / "state" / "journal").write_text("")
    assert paths_in(shadow, shadow.take("s/1").tree, empty) == {"a"}


def test_several_at_once_wait_for_each_other(folder: Path, shadow: Shadow) -> None:
    for n in range(20):
        (folder / f"f{n}").write_text(str(n))
    others = [Shadow(shadow.folder, folder) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        trees = {taken.tree for taken in pool.map(lambda n: others[n % 4].take(f"s/{n}"), range(8))}
    assert len(trees) == 1


def test_a_take_that_was_killed_is_in_nobodys_way(folder: Path, shadow: Shadow) -> None:
    shadow.take("s/1")
    (folder / "a").write_text("a")
    (shadow.folder / "index.lock").write_text("half")
    shadow.take("s/2")
    assert not (shadow.folder / "index.lock").exists()


def test_a_damaged_index_is_made_anew(folder: Path, shadow: Shadow) -> None:
    (folder / "a").write_text("a")
    tree = shadow.take("s/1").tree
    index = shadow.folder / "index"
    for damaged in (b"", b"x" * 100, index.read_bytes()[:50], b"DIRC\0\0\0\x09" + index.read_bytes()[8:]):
        index.write_bytes(damaged)
        assert Shadow(shadow.folder, folder).take("s/2").tree == tree


def test_without_git_it_is_said_once_and_clearly(
    shadow: Shadow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NanodeckError, match="git is not installed"):
        shadow.take("s/1")


@pytest.mark.parametrize("pipe", [".gitignore", "sub/.gitattributes", "sub/.gitignore"])
def test_a_pipe_where_git_reads_is_named_and_not_waited_for(
    folder: Path, shadow: Shadow, monkeypatch: pytest.MonkeyPatch, pipe: str
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "file").write_text("file")
    os.mkfifo(folder / pipe)
    monkeypatch.setattr(asking, "PATIENCE", 0.05)
    with pytest.raises(NanodeckError, match=rf"{pipe} is a pipe"):
        shadow.take("s/1")
    monkeypatch.setattr(asking, "PATIENCE", 60)
    with pytest.raises(NanodeckError, match=rf"{pipe} is a pipe"):
        shadow.take("s/1")
    (folder / pipe).unlink()
    assert shadow.take("s/2").tree


def test_what_git_says_is_passed_on(folder: Path, shadow: Shadow) -> None:
    shadow.take("s/1")
    with pytest.raises(NanodeckError, match="checkpoint: "):
        shadow.changed("0" * 64, "1" * 64)
    subprocess.run(["rm", "-rf", folder], check=True)
    with pytest.raises(NanodeckError, match="is gone"):
        shadow.take("s/2")


def test_what_is_let_go_of_frees_its_room_and_the_rest_can_be_read(folder: Path, shadow: Shadow) -> None:
    dice = random.Random(1)
    trees = []
    for n in range(6):
        (folder / "big").write_bytes(dice.randbytes(200_000))
        trees.append(shadow.take(f"{'named' if n == 0 else 's'}/{n}").tree)
    full = shadow.stored()
    assert (full.kept, full.size > 1_200_000) == (6, True)
    shadow.collect(days=1, size=700_000)
    left = shadow.stored()
    assert (left.kept, left.size < 700_000) == (3, True)
    assert shadow.trees() == {trees[0], trees[4], trees[5]}
    [found] = shadow.changed(trees[0], trees[5])
    assert shadow.read([found.new or ""])[found.new or ""] == (folder / "big").read_bytes()
    shadow.collect(days=0, size=0)
    assert shadow.trees() == {trees[0]}
    assert shadow.take("s/7").tree == trees[5]


def test_a_sound_store_has_nothing_to_say_and_damage_is_found(folder: Path, shadow: Shadow) -> None:
    assert check(shadow.folder) == ()
    for n in range(3):
        (folder / f"f{n}").write_text(str(n))
        shadow.take(f"s/{n}")
    assert check(shadow.folder) == ()
    blob = shadow.folder / "objects" / digest_of(b"1")[:2] / digest_of(b"1")[2:]
    blob.chmod(0o600)
    blob.write_bytes(b"no object")
    [line] = check(shadow.folder)
    assert digest_of(b"1")[2:] in line
    (shadow.folder / "refs" / "checkpoints" / "s" / "9").write_text(f"{'7' * 64}\n")
    assert any("refs/checkpoints/s/9" in line for line in check(shadow.folder))
