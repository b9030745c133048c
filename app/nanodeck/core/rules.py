"""Rules: what their texts say, and which of them cover a call.

| text | covers |
|---|---|
| `bash(npm test *)` | a command of exactly these words; with `*` at the end and any more |
| `edit(src/**)`, `read(~/notes/**)` | files, links resolved, of every tool that edits or reads |
| `grep(docs/**)` | files that this one tool is used on |
| `network(*.example.org)`, `mcp(server/*)` | the domains below one, the tools of a server |
| `bash`, `edit`, `grep` | every use of the tool; of files those in the workspace |

Paths are seen from the workspace unless they begin with `/` or `~`; a name without a slash is that of a file
in any folder of it. To allow a call every piece of it has to be covered; to deny it or ask about it one is
enough, and then a `read` rule also covers what the words of shell commands name.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from posixpath import basename

from msgspec import Struct

from nanodeck.contracts.errors import SettingsError
from nanodeck.contracts.judging import Opinion
from nanodeck.contracts.modes import Mode
from nanodeck.contracts.rules import Rule, Scope, Why
from nanodeck.core.dialects import command_here, written_here
from nanodeck.core.hosts import host_matches

SUBJECTS = ("network", "mcp")
"""What rules are about that is no tool of its own."""
_GROUPS = ("read", "edit")
_QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.", re.DOTALL)
_TEXT = re.compile(r"([A-Za-z_][\w-]*)\s*(?:\((.*)\))?", re.DOTALL)
_GLOB = re.compile(r"(?<=/)\*\*/|/\*\*$|\*+|.", re.DOTALL)
_WHOSE: dict[Scope, str] = {
    "session": "a rule of this session",
    "project": "a rule of the project",
    "user": "a rule of yours",
}
_DOES: dict[Opinion, str] = {"allow": "allows it", "ask": "asks about", "deny": "denies"}


class Piece(Struct, frozen=True, omit_defaults=True):
    """One thing a call is about: a file, a domain, or a simple command with its `argv`.

    `paths` have no link left in them; those of a command are what its words may name. Of a piece that is not
    `certain` more may be true than is known. `allowed` needs no rule, `inner` stands in another piece,
    `outside` of the workspace; of a `guarded` one only a rule that names it may speak.
    """

    text: str
    argv: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    certain: bool = True
    allowed: bool = False
    inner: bool = False
    outside: bool = False
    guarded: bool = False


class Pattern(Struct, frozen=True):
    """A rule's text taken apart: `target` is empty where it is about every use of the tool."""

    tool: str
    target: str = ""

    @property
    def argv(self) -> tuple[str, ...]:
        """The words that a command has to begin with, or to be."""
        words = shlex.split(self.target)
        return tuple(words[:-1] if self.open_ended else words)

    @property
    def open_ended(self) -> bool:
        """Whether more words may follow."""
        return self.target == "*" or self.target.endswith(" *")


def parse_rule(text: str) -> Pattern:
    """What `text` says. Raises SettingsError."""
    found = _TEXT.fullmatch(text.strip())
    if not found:
        raise SettingsError(f"{text!r} is no rule: write {written_here(text) or 'a tool, or tool(its use)'}")
    pattern = Pattern(found[1], (found[2] or "").strip())
    if found[2] is not None and not pattern.target:
        raise SettingsError(
            f"{text!r}: nothing stands in the brackets; {pattern.tool} alone is every use of it"
        )
    if pattern.tool in SUBJECTS and not pattern.target:
        raise SettingsError(f"{text!r} does not say what it is about, as {pattern.tool}(…) does")
    if pattern.tool == "bash" and pattern.target:
        _check_words(text, pattern)
    elif problem := _unheard(pattern):
        raise SettingsError(f"{text!r}: {problem}")
    return pattern


def _unheard(pattern: Pattern) -> str:
    """Why a rule would cover nothing of what it seems to."""
    tool, target = pattern.tool, pattern.target
    if tool == "network" and not target.strip("*."):
        return "name the hosts; network = true in settings opens all of it"
    if tool == "network" and re.search(r"[:/]", target):
        return f"write {written_here(f'network({target})') or 'the name of a host'}"
    if tool == "mcp" and "/" not in target:
        return f"write mcp({target}/*) for all tools of a server"
    if tool in SUBJECTS:
        return ""
    if ".." in target.split("/"):
        return "write where .. leads, from / or ~"
    if target.startswith("//"):
        return f"write {tool}({target[1:]})"
    if re.match(r"!|[A-Za-z]:\\", target):
        return "a path begins with a name, / or ~"
    if re.search(r"\{[^{}]*,[^{}]*\}", target):
        return "write a rule for each of what stands in { }"
    return ""


def _check_words(text: str, pattern: Pattern) -> None:
    try:
        words = pattern.argv
    except ValueError as error:
        raise SettingsError(f"{text!r}: {str(error)[:1].lower()}{str(error)[1:]}") from None
    if not words:
        raise SettingsError(f"{text!r} names no program: bash alone is every command")
    bare = _QUOTED.sub("", pattern.target.removesuffix(" *"))
    if "*" in bare:
        here = command_here(pattern.target)
        advice = f"write {here}" if here else "* stands for words at the end alone; in quotes it is a star"
        raise SettingsError(f"{text!r}: {advice}")
    if re.search(r"[|&;<>]", bare):
        raise SettingsError(f"{text!r}: a rule is about one simple command: write one for each")
    if re.match(r"[A-Za-z_]\w*=", bare):
        raise SettingsError(f"{text!r}: a rule begins with the program, not with a variable")
    if re.search(r"[$`]|(?<!\S)~", bare):
        raise SettingsError(f"{text!r}: write the words as they are once the shell has filled them in")


class RuleSet:
    """Rules that hold together, whose come first is named first.

    `root` is the workspace, `home` what `~` stands for. Raises SettingsError for a rule that says nothing.
    """

    def __init__(self, rules: Iterable[Rule], root: str, home: str) -> None:
        self._covers: dict[Opinion, list[_Cover]] = {"allow": [], "ask": [], "deny": []}
        for rule in rules:
            self._covers[rule.verdict].append(_Cover.of(rule, root, home))

    def touching(
        self, verdict: Opinion, mode: Mode, tool: str, effect: str, pieces: Sequence[Piece]
    ) -> Why | None:
        """The rule with this verdict that covers some piece of a call."""
        for cover in self._covers[verdict]:
            if cover.holds_in(mode):
                for piece in pieces:
                    if cover.touches(tool, effect, piece):
                        return _why(cover.rule, piece.text)
        return None

    def allowing(
        self, mode: Mode, tool: str, effect: str, pieces: Sequence[Piece], *, named: bool = False
    ) -> Why | None:
        """The allow rules that cover a call whole; `named`: of those that name the mode."""
        deciding: dict[str, Why] = {}
        for piece in pieces:
            if piece.allowed or piece.inner:
                continue
            found = self.covering(mode, tool, effect, piece, named=named)
            if found is None:
                return None
            deciding.setdefault(found.rule, found)
        if len(deciding) > 1:
            return Why("allow", "every part is allowed by a rule", " and ".join(deciding))
        return next(iter(deciding.values()), None)

    def covering(
        self, mode: Mode, tool: str, effect: str, piece: Piece, *, named: bool = False
    ) -> Why | None:
        """The allow rule that covers one piece."""
        for cover in self._covers["allow"]:
            if (mode in cover.rule.modes if named else cover.holds_in(mode)) and cover.covers(
                tool, effect, piece
            ):
                return _why(cover.rule)
        return None


class _Cover(Struct, frozen=True):
    """A rule, ready to be held against calls."""

    rule: Rule
    tool: str
    target: str
    words: tuple[str, ...] = ()
    open_ended: bool = False
    paths: re.Pattern[str] | None = None

    @classmethod
    def of(cls, rule: Rule, root: str, home: str) -> _Cover:
        pattern = parse_rule(rule.text)
        if pattern.tool == "bash":
            return cls(rule, "bash", pattern.target, pattern.argv, pattern.open_ended)
        if pattern.target and pattern.tool not in SUBJECTS:
            return cls(rule, pattern.tool, pattern.target, paths=_path_pattern(pattern.target, root, home))
        return cls(rule, pattern.tool, pattern.target)

    def holds_in(self, mode: Mode) -> bool:
        return not self.rule.modes or mode in self.rule.modes

    def touches(self, tool: str, effect: str, piece: Piece) -> bool:
        if self.paths and self.tool == "read" and tool == "bash":
            return any(map(self.paths.fullmatch, piece.paths))
        if not self._is_about(tool, effect):
            return False
        if not self.target or self._matches(piece):
            return True
        # By whatever way the program is called.
        plain = (*map(basename, piece.argv[:1]), *piece.argv[1:])
        return self.tool == "bash" and self._begins(plain)

    def covers(self, tool: str, effect: str, piece: Piece) -> bool:
        if not self._is_about(tool, effect):
            return False
        if not self.target:
            return not piece.outside and not piece.guarded
        if piece.guarded and ("*" in self.target or "?" in self.target):
            return False
        return piece.certain and self._matches(piece)

    def _is_about(self, tool: str, effect: str) -> bool:
        return self.tool == tool or (bool(self.target) and self.tool in _GROUPS and self.tool == effect)

    def _matches(self, piece: Piece) -> bool:
        if self.tool == "bash":
            return self._begins(piece.argv)
        if self.paths:
            return bool(piece.paths) and all(map(self.paths.fullmatch, piece.paths))
        if self.tool == "network":
            return host_matches(self.target.lower(), piece.text)
        begins = self.target.endswith("/*") and piece.text.startswith(self.target[:-1])
        return begins or piece.text == self.target

    def _begins(self, argv: tuple[str, ...]) -> bool:
        """Whether a command of these words is one that the words of the rule are about."""
        return argv[: len(self.words)] == self.words and (self.open_ended or len(argv) == len(self.words))


def _why(rule: Rule, part: str = "") -> Why:
    reason = f"{_WHOSE[rule.scope]} {_DOES[rule.verdict]}"
    return Why(rule.verdict, f"{reason} {part}".strip(), rule.text, rule.file, rule.line, part)


def _path_pattern(target: str, root: str, home: str) -> re.Pattern[str]:
    """What absolute paths with no link left look like that `target` is about."""
    base = root.rstrip("/")
    if target.startswith("/"):
        base, target = "", target[1:]
    elif target.startswith("~/"):
        base, target = home.rstrip("/"), target[2:]
    elif target.startswith("./"):
        target = target.removeprefix("./")
    elif "/" not in target.rstrip("/") and target != "**":
        target = f"**/{target}"
    below = f"{target}**" if target.endswith("/") or not target else target
    return re.compile(
        re.escape(base) + "".join(_glob_piece(found[0]) for found in _GLOB.finditer(f"/{below}"))
    )


def _glob_piece(piece: str) -> str:
    if piece == "**/":
        return "(?:[^/]+/)*"
    if piece == "/**":
        return "(?:/.*)?"
    if piece.startswith("*"):
        return "[^/]*"
    return "[^/]" if piece == "?" else re.escape(piece)
