"""What becomes of files on the way back, whatever a person did to them since."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from hypothesis import HealthCheck, given, settings, strategies as st

from nanodeck.engine.undo.wayback import GONE, OUTSIDE, TAKEN, Way, ways_back
from nanodeck.workspace.modes import EXECUTABLE, LINK, PLAIN
from nanodeck.workspace.paths import Workspace
from nanodeck.workspace.shadow.restoring import version_of
from nanodeck.workspace.writing.blobs import digest_of
from nanodeck.workspace.writing.written import Written, WrittenFile

TEN = "".join(f"line {n}\n" for n in range(1, 11))


class Past:
    """Writes that are made, and kept, in `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.writes: list[Written] = []
        self.kept: dict[str, bytes] = {}

    def write(self, *files: tuple[str, str | None], moved_from: str = "", mode: int = 0) -> None:
        """Give files their contents, None removes; the first may come from another one."""
        kept = []
        for name, text in files:
            path = Path(os.path.normpath(self.root / name))
            before = version_of(path)
            data = None if text is None else text.encode()
            if data is None:
                path.unlink()
            elif mode == LINK:
                path.unlink(missing_ok=True)
                os.symlink(data, path)
            else:
                path.write_bytes(data)
                path.chmod(mode & 0o777 or (before.mode & 0o777 if before else 0o644))
            after = version_of(path)
            for version in (before, after):
                if version:
                    self.kept[digest_of(version.data)] = version.data
            origin = str(self.root / moved_from) if moved_from and data is not None else ""
            kept.append(
                WrittenFile(
                    str(path),
                    digest_of(before.data) if before else None,
                    digest_of(after.data) if after else None,
                    before.mode if before else None,
                    new_mode=after.mode if after else None,
                    origin=origin,
                )
            )
        self.writes.append(Written(f"changeset-{len(self.writes)}", tuple(kept)))

    def read(self, digests: Iterable[str]) -> Mapping[str, bytes]:
        return {digest: self.kept[digest] for digest in digests if digest in self.kept}

    def back(self) -> dict[str, Way]:
        return {way.shown: way for way in ways_back(self.writes, Workspace(self.root), self.read)}


def told(ways: Mapping[str, Way]) -> dict[str, tuple[str, str | None]]:
    """State and what would be there."""
    return {name: (way.state, way.target.data.decode() if way.target else None) for name, way in ways.items()}


def test_what_nobody_touched_since_is_as_it_was(tmp_path: Path) -> None:
    past = Past(tmp_path)
    (tmp_path / "a").write_text("one")
    (tmp_path / "gone").write_text("here")
    past.write(("a", "two"), ("new", "made"))
    past.write(("a", "three"), ("gone", None))
    ways = past.back()
    assert told(ways) == {"a": ("restore", "one"), "gone": ("restore", "here"), "new": ("restore", None)}
    assert {name: way.kind for name, way in ways.items()} == {
        "a": "modified",
        "gone": "created",
        "new": "deleted",
    }


def test_c3_what_the_person_changed_since_stays_or_stops_the_file(tmp_path: Path) -> None:
    """C3: beside the agent's lines it is merged, in them the file is left alone."""
    past = Past(tmp_path)
    for name in ("beside", "between", "within", "deleted", "remade", "new"):
        if name != "new":
            (tmp_path / name).write_text(TEN)
    past.write(*((name, TEN.replace("line 2\n", "two\n")) for name in ("beside", "between", "within")))
    (tmp_path / "between").write_text(TEN.replace("line 2\n", "two\n").replace("line 9\n", "mine\n"))
    past.write(("between", TEN.replace("line 2\n", "2\n").replace("line 9\n", "mine\n")))
    past.write(("deleted", "x"), ("remade", None), ("new", "made"))
    (tmp_path / "beside").write_text(TEN.replace("line 2\n", "two\n").replace("line 8\n", "mine\n"))
    (tmp_path / "within").write_text(TEN.replace("line 2\n", "two and mine\n"))
    (tmp_path / "deleted").unlink()
    (tmp_path / "remade").write_text("mine")
    (tmp_path / "new").write_text("made and mine")
    ways = past.back()
    assert told(ways)["beside"] == ("merge", TEN.replace("line 8\n", "mine\n"))
    assert told(ways)["between"] == ("merge", TEN.replace("line 9\n", "mine\n"))
    for name in ("within", "deleted", "remade", "new"):
        assert ways[name].state == "clash"
        assert ways[name].target == ways[name].present
        assert ways[name].why


def test_a_file_that_is_as_it_was_already_is_left_so(tmp_path: Path) -> None:
    past = Past(tmp_path)
    (tmp_path / "a").write_text("one")
    past.write(("a", "two"))
    (tmp_path / "a").write_text("one")
    assert told(past.back()) == {"a": ("same", "one")}


def test_a_moved_file_goes_home_with_what_the_person_changed_in_it(tmp_path: Path) -> None:
    past = Past(tmp_path)
    (tmp_path / "old").write_text(TEN)
    past.write(("new", TEN.replace("line 2\n", "two\n")), ("old", None), moved_from="old")
    assert told(past.back()) == {"new": ("restore", None), "old": ("restore", TEN)}
    (tmp_path / "new").write_text(TEN.replace("line 2\n", "two\n").replace("line 8\n", "mine\n"))
    mine = TEN.replace("line 8\n", "mine\n")
    assert told(past.back()) == {"new": ("merge", None), "old": ("merge", mine)}


def test_modes_and_links_go_back_too(tmp_path: Path) -> None:
    past = Past(tmp_path)
    (tmp_path / "run").write_text("echo")
    (tmp_path / "run").chmod(0o644)
    os.symlink("run", tmp_path / "link")
    past.write(("run", "echo"), mode=0o755)
    past.write(("link", "elsewhere"), mode=LINK)
    ways = past.back()
    assert (ways["run"].state, ways["run"].target and ways["run"].target.mode & 0o777) == ("restore", 0o644)
    assert told(ways)["link"] == ("restore", "run")
    (tmp_path / "run").write_text("echo mine")
    (tmp_path / "link").unlink()
    os.symlink("mine", tmp_path / "link")
    ways = past.back()
    assert told(ways)["run"] == ("merge", "echo mine")
    assert ways["run"].target
    assert ways["run"].target.mode & 0o777 == 0o644
    assert ways["link"].state == "clash"


def test_what_is_not_kept_is_outside_or_is_no_file_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    past = Past(root)
    (root / "a").write_text("one")
    (root / "b").write_text("one b")
    past.write(("a", "two"), ("b", "two b"), ("../out", "out"))
    past.kept.pop(digest_of(b"one"))
    (root / "b").unlink()
    (root / "b").mkdir()
    ways = past.back()
    assert {name: way.why for name, way in ways.items()}[str(tmp_path / "out")] == OUTSIDE
    assert ways["a"].why == GONE
    assert ways["b"].state == "clash"


def test_a_file_comes_back_where_a_folder_holds_nothing_but_what_goes(tmp_path: Path) -> None:
    past = Past(tmp_path)
    (tmp_path / "a").write_text("a file")
    past.write(("a", None))
    (tmp_path / "a/empty").mkdir(parents=True)
    past.write(("a/in it", "new"))
    assert told(past.back()) == {"a": ("restore", "a file"), "a/in it": ("restore", None)}
    (tmp_path / "a/empty/mine").write_text("mine")
    ways = past.back()
    assert told(ways) == {"a": ("clash", None), "a/in it": ("restore", None)}
    assert ways["a"].why == TAKEN


def test_a_file_cannot_come_back_below_a_file_or_a_link_that_stays(tmp_path: Path) -> None:
    for kind in ("file", "link"):
        root = tmp_path / kind
        (root / "a").mkdir(parents=True)
        (root / "a/b").write_text("b")
        past = Past(root)
        past.write(("a/b", None))
        (root / "a").rmdir()
        os.symlink("elsewhere", root / "a") if kind == "link" else (root / "a").touch()
        assert past.back()["a/b"].why == TAKEN
        (root / "a").unlink()
        past.write(("a", "an agent's"))
        assert told(past.back()) == {"a": ("restore", None), "a/b": ("restore", "b")}


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6).map(lambda rows: "\n".join([*rows, ""]))
MAYBE = st.none() | TEXTS


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    first=MAYBE,
    then=st.lists(MAYBE, min_size=1, max_size=5),
    mode=st.sampled_from([PLAIN, EXECUTABLE]),
)
def test_without_anybody_elses_doing_any_writes_are_taken_back_exactly(
    first: str | None, then: list[str | None], mode: int, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.unlink(missing_ok=True)
    past = Past(tmp_path)
    if first is not None:
        path.write_text(first)
        path.chmod(0o644)
    before = version_of(path)
    for text in then:
        if text is not None or path.exists():
            past.write(("a", text), mode=mode)
    for way in past.back().values():
        assert way.state in ("restore", "same")
        assert way.target == before
