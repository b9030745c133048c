"""How models write edits that are not quite what the file holds: one function a habit.

Each takes a flawless case and gives it as a model with that habit writes it, or None where that is no
different or the model itself could not tell what it means.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from html import escape

from tests.unit.workspace.edits.material import Case

Habit = Callable[[Case], Case | None]

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_CURLY = str.maketrans({"'": "’", '"': "”", "-": "‑"})
_STRAIGHT = {
    ord(sign): plain
    for signs, plain in (("‘’", "'"), ("“”«»", '"'), ("–—", "-"), ("\u00a0", " "), ("…", "..."))
    for sign in signs
}


def _both(case: Case, turn: Callable[[str], str]) -> Case | None:
    written = replace(case, old=turn(case.old), new=turn(case.new))
    return written if written.old != case.old else None


def _lines(turn: Callable[[int, str], str]) -> Callable[[str], str]:
    return lambda text: "\n".join(turn(number, line) for number, line in enumerate(text.split("\n")))


def plain_line_ends(case: Case) -> Case:
    """LF for a file of CR LF."""
    return replace(case, text=_crlf(case.text), expected=_crlf(case.expected))


def windows_line_ends(case: Case) -> Case | None:
    """CR LF for a file of LF."""
    return _both(case, _crlf)


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def trailing_blanks(case: Case) -> Case | None:
    """Blanks at the ends of lines that have none in the file."""
    if case.old + "\n" not in case.text:
        return None
    return _both(case, _lines(lambda number, line: line + "  " * (number % 2 == 0)))


def blanks_cleaned(case: Case) -> Case | None:
    """No blanks at the ends of lines that have some in the file."""
    lines = case.old.split("\n")
    if len(lines) < 2 or case.old + "\n" not in case.text:
        return None
    first = lines[0] + "\n"
    if not case.new.startswith(first):
        return None
    spoiled = lines[0] + " \t\n"
    text = case.text.replace(case.old, spoiled + case.old.removeprefix(first))
    expected = case.text.replace(case.old, spoiled + case.new.removeprefix(first))
    return replace(case, text=text, expected=expected)


def _shallowest(case: Case) -> str:
    lines = [line for line in f"{case.old}\n{case.new}".split("\n") if line.strip()]
    return min((line[: len(line) - len(line.lstrip(" \t"))] for line in lines), key=len)


def flush_left(case: Case) -> Case | None:
    """The whole block without the indent it stands in."""
    common = _shallowest(case)
    return _both(case, _lines(lambda _, line: line.removeprefix(common))) if "\n" in case.old else None


def too_deep(case: Case) -> Case | None:
    """The whole block a level deeper than it stands."""
    if "\n" not in case.old or not case.text.count("\n" + case.old):
        return None
    return _both(case, _lines(lambda _, line: "    " + line if line.strip() else line))


def first_line_flush(case: Case) -> Case | None:
    """The first line without its indent, the others with theirs."""
    first = case.old.split("\n")[0]
    if "\n" not in case.old or case.new.split("\n")[0] != first:
        return None
    return replace(case, old=case.old.lstrip(" \t"), new=case.new.lstrip(" \t"), expected=case.expected)


def first_line_drifted(case: Case) -> Case | None:
    """The first line three blanks deeper than it stands, the others right."""
    first = case.old.split("\n")[0]
    if "\n" not in case.old or case.new.split("\n")[0] != first or not case.old[:1].isspace():
        return None
    return replace(case, old="   " + case.old, new="   " + case.new)


def every_other_line_drifted(case: Case) -> Case | None:
    """Every other line one blank deeper than it stands."""
    kept = case.old.split("\n")
    if "\t" in case.text or "\n" not in case.old:
        return None

    def turn(number: int, line: str) -> str:
        return " " + line if line[:1] == " " and line in kept and kept.index(line) % 2 else line

    return _both(case, _lines(turn))


def _tabs_as(width: int) -> Habit:
    def habit(case: Case) -> Case | None:
        def turn(text: str) -> str:
            return _INDENT.sub(lambda indent: indent[0].replace("\t", " " * width), text)

        return _both(case, turn)

    habit.__name__ = f"tabs_as_{width}_blanks"
    return habit


def all_tabs_as_blanks(case: Case) -> Case | None:
    """Blanks for every tab, those inside lines too."""
    return _both(case, lambda text: text.expandtabs(8))


def blanks_as_tabs(case: Case) -> Case | None:
    """Tabs for a file indented by blanks."""
    width = 2 if "\n  " in case.text and re.search(r"\n  \S", case.text) else 4
    if any(len(indent[0]) % width for indent in _INDENT.finditer(case.old + "\n" + case.new)):
        return None
    return _both(case, lambda text: _INDENT.sub(lambda indent: indent[0].replace(" " * width, "\t"), text))


def half_as_deep(case: Case) -> Case | None:
    """Two blanks a level for a file that has four."""
    # Less of the indent before a single line is exactly in the file, and means just that.
    if "\n" not in case.old or "\t" in case.text or re.search(r"\n  \S", case.text):
        return None
    if any(len(indent[0]) % 4 for indent in _INDENT.finditer(case.old + "\n" + case.new)):
        return None
    return _both(case, lambda text: _INDENT.sub(lambda indent: indent[0][::2], text))


def twice_as_deep(case: Case) -> Case | None:
    """Four blanks a level for a file that has two."""
    if "\t" in case.text or not re.search(r"\n  \S", case.text):
        return None
    return _both(case, lambda text: _INDENT.sub(lambda indent: indent[0] * 2, text))


def smart_signs(case: Case) -> Case | None:
    """Curly quotes and odd hyphens for plain ones."""
    if not case.text.isascii():
        return None
    return _both(case, lambda text: text.translate(_CURLY))


def plain_signs(case: Case) -> Case | None:
    """Plain quotes, dashes and dots for typographic ones."""
    return _both(case, lambda text: text.translate(_STRAIGHT))


def odd_blanks(case: Case) -> Case | None:
    """No-break blanks between words."""
    if "\u00a0" in case.old:
        return None
    return _both(case, lambda text: re.sub(r"(?<=\w) (?=\w)", "\u00a0", text))


def apart_accents(case: Case) -> Case | None:
    """Accents apart from their letters."""
    return _both(case, lambda text: unicodedata.normalize("NFD", text))


def unseen_mark(case: Case) -> Case | None:
    """A byte order mark before both texts."""
    return _both(case, lambda text: "\ufeff" + text)


def _numbered(form: str) -> Habit:
    def habit(case: Case) -> Case | None:
        start = case.text[: case.text.index(case.old)]
        if start and not start.endswith("\n"):
            return None
        first = start.count("\n") + 1
        return _both(case, _lines(lambda number, line: form.format(first + number) + line))

    habit.__name__ = "numbered" + form.format("_").replace("\t", "tab")
    return habit


def numbers_in_old_alone(case: Case) -> Case | None:
    """Line numbers before the old text alone."""
    numbered = _numbered("{}\t")(case)
    return replace(numbered, new=case.new) if numbered else None


def escaped_twice(case: Case) -> Case | None:
    """Both texts escaped once more than they should be."""
    if "\n" not in case.old and '"' not in case.old:
        return None
    return _both(case, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])


def escaped_quotes(case: Case) -> Case | None:
    """A backslash before each quote."""
    if "\\" in case.old + case.new:
        return None
    return _both(case, lambda text: text.replace('"', '\\"'))


def lost_escapes(case: Case) -> Case | None:
    """Line ends and tabs where the file's literals have escapes."""
    return _both(case, lambda text: text.replace("\\n", "\n").replace("\\t", "\t"))


def entities(case: Case) -> Case | None:
    """Signs written as in XML."""
    if "&" in case.old and ";" in case.old and "&amp;" in case.old:
        return None
    return _both(case, lambda text: escape(text, quote=False))


def fenced(case: Case) -> Case | None:
    """Both texts in a code fence."""
    return _both(case, lambda text: f"```{case.name.split(':')[0].rsplit('.')[-1].lower()}\n{text}\n```")


def diff_signs(case: Case) -> Case | None:
    """The signs of a diff before every line."""
    if "\n" not in case.old:
        return None
    return replace(case, old=_signed(case.old, "-"), new=_signed(case.new, "+"))


def _signed(text: str, sign: str) -> str:
    return "\n".join(sign + line for line in text.split("\n"))


def blank_lines_lost(case: Case) -> Case | None:
    """No blank lines between the others."""
    return _both(case, lambda text: re.sub(r"\n\n+", "\n", text))


def blank_lines_doubled(case: Case) -> Case | None:
    """Each blank line twice."""
    return _both(case, lambda text: text.replace("\n\n", "\n\n\n"))


def blank_lines_around(case: Case) -> Case | None:
    """A blank line before and after that the file has not there."""
    if not re.search(f"(?<!\n\n){re.escape(case.old)}\n(?!\n)", case.text):
        return None
    return _both(case, lambda text: f"\n\n{text}\n\n")


def blank_lines_in_blanks(case: Case) -> Case | None:
    """Blanks on the blank lines."""
    return _both(case, lambda text: text.replace("\n\n", "\n    \n"))


def blanks_collapsed(case: Case) -> Case | None:
    """One blank wherever a line has several after its indent."""
    if case.new.count("\n") > case.old.count("\n"):
        return None
    return _both(case, lambda text: re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", text))


def windows_file_and_tabs(case: Case) -> Case | None:
    """CR LF in the file, tabs as four blanks in the edit."""
    written = _tabs_as(4)(case)
    return plain_line_ends(written) if written else None


def windows_file_and_smart_signs(case: Case) -> Case | None:
    """CR LF in the file, curly quotes in the edit, flush left."""
    written = flush_left(case)
    written = smart_signs(written) if written else None
    return plain_line_ends(written) if written else None


def numbers_and_smart_signs(case: Case) -> Case | None:
    """Line numbers and curly quotes."""
    written = _numbered("{:>6}→")(case)
    return smart_signs(written) if written else None


HABITS: tuple[Habit, ...] = (
    plain_line_ends,
    windows_line_ends,
    trailing_blanks,
    blanks_cleaned,
    flush_left,
    too_deep,
    first_line_flush,
    first_line_drifted,
    every_other_line_drifted,
    *map(_tabs_as, (2, 3, 4, 8)),
    all_tabs_as_blanks,
    blanks_as_tabs,
    half_as_deep,
    twice_as_deep,
    smart_signs,
    plain_signs,
    odd_blanks,
    apart_accents,
    unseen_mark,
    *map(_numbered, ("{}\t", "{:>6}\t", "{:>5}→", "{}: ", "{:>4} | ", "L{}:")),
    numbers_in_old_alone,
    escaped_twice,
    escaped_quotes,
    lost_escapes,
    entities,
    fenced,
    diff_signs,
    blank_lines_lost,
    blank_lines_doubled,
    blank_lines_around,
    blank_lines_in_blanks,
    blanks_collapsed,
    windows_file_and_tabs,
    windows_file_and_smart_signs,
    numbers_and_smart_signs,
)
