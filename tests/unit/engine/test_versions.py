"""Whole versions of files under review: pages of lines, colours found once, what is not there."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from nanodeck.code.colouring import encoded_colours
from nanodeck.contracts.changes import Author
from nanodeck.contracts.errors import NanodeckError
from nanodeck.contracts.sources import Source
from nanodeck.contracts.versions import Colour, ReadColours, ReadVersion
from nanodeck.engine.diffs import versions as versions_module
from nanodeck.engine.diffs.versions import CHILD_LINES, Versions

SOURCE = Source("call", "changeset-1")
OLD = "a = 1\nb = '''\nif\n'''\n"
LONG = OLD + "c = None\n" * CHILD_LINES
FILES = {
    "a.py": (OLD.encode(), b"a = 2\n"),
    "new.py": (None, b"a = 2\n"),
    "wide.py": ("\ufeffa = 1\r\n".encode("utf-16-le"), "\ufeffa = 12\r\n".encode("utf-16-le")),
    "long.py": (LONG.encode(), LONG.encode()),
}


@pytest.fixture
def versions() -> Versions:
    async def told(source: Source, path: str, author: Author) -> tuple[bytes | None, bytes | None]:
        if source.kind != "session":
            raise NanodeckError("there is none")
        return FILES[path] if author == "agent" else (b"theirs\n", b"mine\n")

    return Versions(lambda changeset, path: FILES[path] if changeset == SOURCE.name else None, told)


async def test_other_sources_know_their_own_versions(versions: Versions) -> None:
    query = ReadVersion(Source("session"), "a.py", new=True)
    assert (await versions.lines(query)).text == "a = 2"
    assert (await versions.lines(replace(query, author="you"))).text == "mine"


async def test_a_page_of_either_version_is_read(versions: Versions) -> None:
    page = await versions.lines(ReadVersion(SOURCE, "a.py", new=False, first=1, limit=2))
    assert (page.first, page.text) == (1, "b = '''\nif")
    assert (await versions.lines(ReadVersion(SOURCE, "a.py", new=True))).text.startswith("a = 2")


async def test_a_mark_that_stays_is_no_character_of_the_first_line(versions: Versions) -> None:
    assert (await versions.lines(ReadVersion(SOURCE, "wide.py", new=True))).text.startswith("a = 12\r")
    [first, _] = (await versions.colours(ReadColours(SOURCE, "wide.py", new=True))).lines
    assert first == (Colour(4, 6, "number"),)


@pytest.mark.parametrize(("path", "source"), [("new.py", SOURCE), ("a.py", Source("call", "gone"))])
async def test_a_version_that_is_not_there_is_said(versions: Versions, path: str, source: Source) -> None:
    with pytest.raises(NanodeckError):
        await versions.lines(ReadVersion(source, path, new=False))


@pytest.mark.parametrize("path", ["a.py", "long.py"])
async def test_a_line_within_a_string_is_coloured_as_that(versions: Versions, path: str) -> None:
    page = await versions.colours(ReadColours(SOURCE, path, new=False, first=2, limit=1))
    assert page.lines == ((Colour(0, 2, "string"),),)
    assert page.lengths == (2,)
    await versions.close()


async def test_a_file_is_coloured_once_and_the_oldest_forgotten(
    versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(name: str, text: str) -> list[bytes]:
        read.append(name)
        return encoded_colours(name, text)

    monkeypatch.setattr(versions_module, "encoded_colours", counting)
    monkeypatch.setattr(versions_module, "FILES_KEPT", 1)
    for path in ("a.py", "a.py", "wide.py", "a.py"):
        await versions.colours(ReadColours(SOURCE, path, new=False))
    assert read == ["a.py", "wide.py", "a.py"]
