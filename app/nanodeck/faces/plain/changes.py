"""`/diff` in lines: what was changed, by file and hunk; to read, to comment on, to take back."""

from __future__ import annotations

from collections.abc import Sequence

from nanodeck.contracts.changes import FileDiff, Hunk
from nanodeck.contracts.commands import MarkFile, SendComments, TakeBack
from nanodeck.contracts.queries import ReadDiff
from nanodeck.contracts.sources import NAMED, SOURCE_WORDS, ReviewedFile, Source
from nanodeck.contracts.text import counted, one_line, show_controls
from nanodeck.core.keeping import command_sources
from nanodeck.faces.plain.commenting import comment_lines, comments_in, remark
from nanodeck.faces.plain.hunks import about_file, about_hunk, body
from nanodeck.faces.plain.talk import Talk, choose

MOST_ROWS = 40
HOW = (
    "  A number says a file, a part of its name lists those that have it, l lists all.",
    "  Of the file said last: n and a hunk's number takes it back, c and a hunk's number and a sentence",
    "  comments on it (c 2 3-5 why: on its lines 3 to 5), v and a hunk's number numbers its lines,",
    "  m marks the file reviewed. s sends the comments. An empty line ends it.",
)


async def show_changes(talk: Talk, argument: str) -> None:
    """Go through the files of a source that is picked, if none is named."""
    source = await _source(talk, argument.strip().lower())
    if source is not None:
        await show_changes_of(talk, source)


async def show_changes_of(talk: Talk, source: Source) -> None:
    """Go through the files of a source, until an empty line."""
    changes = Changes(talk, source)
    if not await changes.read():
        return
    changes.list()
    talk.say(*HOW)
    while line := (await talk.hear()).strip():
        await changes.do(line)


async def _source(talk: Talk, word: str) -> Source | None:
    """The source that is meant."""
    if not word:
        choices = {f"{SOURCE_WORDS[kind]} (/diff {kind})": Source(kind) for kind in NAMED}
        choices |= command_sources(talk.state)
        place = await choose(talk, "Which changes?", list(choices))
        return None if place is None else list(choices.values())[place]
    if word not in NAMED:
        talk.say(f"/diff takes one of {', '.join(NAMED)}.")
        return None
    return next(Source(kind) for kind in NAMED if kind == word)


class Changes:
    """The diff of a source as it was read last; hunks are meant of the file said last."""

    def __init__(self, talk: Talk, source: Source) -> None:
        self._talk = talk
        self._source = source
        self._files: list[FileDiff] = []
        self._said: FileDiff | None = None
        self._changed = 0

    async def read(self) -> bool:
        """Read all of it. False where there is nothing. Raises NanodeckError."""
        self._changed = self._talk.state.changed
        page = await self._talk.query(ReadDiff(self._source))
        files = list(page.files)
        while page.files and len(files) < page.total:
            page = await self._talk.query(ReadDiff(self._source, len(files)))
            files += page.files
        self._files = files
        if page.problem:
            self._talk.say(one_line(page.problem, 500))
        elif not files:
            self._talk.say(f"Nothing was changed: {SOURCE_WORDS[self._source.kind]}.")
        return bool(files)

    def list(self, words: str = "") -> None:
        """Say the files that have `words` in their name."""
        rows = [
            f"  {number}: {about_file(file)}, {counted(len(file.hunks), 'hunk')}{self._mark(file)}"
            for number, file in enumerate(self._files, 1)
            if words.lower() in file.path.lower()
        ]
        reviewed = sum(bool(self._mark(file)) for file in self._files)
        hunks = sum(len(file.hunks) for file in self._files)
        self._talk.say(
            f"{counted(len(self._files), 'file')}, {counted(hunks, 'hunk')}, {reviewed} reviewed:",
            *rows[:MOST_ROWS],
        )
        if len(rows) > MOST_ROWS:
            self._talk.say(f"  and {len(rows) - MOST_ROWS} more; a part of a name lists those that have it")

    def _mark(self, file: FileDiff) -> str:
        return ", reviewed" if self._marked(file) in self._talk.state.reviewed else ""

    def _marked(self, file: FileDiff) -> ReviewedFile:
        return ReviewedFile(self._source, file.path, file.digest, file.author)

    async def do(self, line: str) -> None:
        """Carry a line out."""
        if self._talk.state.changed != self._changed and not await self.read():
            return
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word.isdecimal() and not rest:
            self._say_file(int(word))
        elif word == "l" and not rest:
            self.list()
        elif word == "s":
            self._talk.send(SendComments(rest))
        elif word == "m" and not rest:
            self._review()
        elif word in ("n", "c", "v") and (rest[:1].isdecimal() or not rest):
            self._about_hunk(word, rest)
        elif any(line.lower() in file.path.lower() for file in self._files):
            self.list(line)
        else:
            self._talk.say("That is none of the choices.", *HOW)

    def _say_file(self, number: int) -> None:
        if not 0 < number <= len(self._files):
            self._talk.say(f"Type a number from 1 to {len(self._files)}.")
            return
        self._said = file = self._files[number - 1]
        self._talk.say(f"{about_file(file)}{self._mark(file)}:")
        for place, hunk in enumerate(file.hunks, 1):
            self._talk.say(f"  Hunk {place}, {about_hunk(hunk)}", *body(hunk))
            comments = comments_in(self._talk.state.comments, self._source, file.path, hunk)
            self._talk.say(*comment_lines(comments))

    def _review(self) -> None:
        file = self._current()
        if file is not None:
            marked = self._marked(file)
            again = marked in self._talk.state.reviewed
            self._talk.send(MarkFile(marked, not again))
            self._talk.say(f"{show_controls(file.path)} is {'not ' if again else ''}reviewed.")

    def _about_hunk(self, word: str, rest: str) -> None:
        """Take a hunk back, comment on it, or number its lines."""
        file = self._current()
        if file is None:
            return
        number, _, text = rest.partition(" ")
        hunk = _numbered(file.hunks, number)
        if hunk is None or (text and word != "c"):
            self._talk.say(f"{word} takes the number of a hunk, from 1 to {len(file.hunks)}.")
        elif word == "n":
            self._talk.send(TakeBack(self._source, file.path, hunk))
        elif word == "v":
            self._talk.say(*body(hunk, numbered=True))
        elif comment := remark(self._source, file, hunk, text):
            self._talk.send(comment)
        else:
            self._talk.say("A comment needs a sentence, and lines that the hunk has.")

    def _current(self) -> FileDiff | None:
        """The file said last, if it still is as it was said; else that is said."""
        said = self._said
        if said is None:
            self._talk.say("Say a file first, by its number.")
            return None
        if said in self._files:
            return said
        now = [place for place, file in enumerate(self._files, 1) if (file.path, file.author) == _name(said)]
        self._talk.say("That file has changed meanwhile.")
        self._said = None
        if now:
            self._say_file(now[0])
        return None


def _name(file: FileDiff) -> tuple[str, str]:
    return file.path, file.author


def _numbered(hunks: Sequence[Hunk], number: str) -> Hunk | None:
    if not number and len(hunks) == 1:
        return hunks[0]
    return hunks[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(hunks) else None
