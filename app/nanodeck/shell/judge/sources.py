"""Harm hidden in program text: a line of Python, code out of the network, a shell handed to somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nanodeck.shell.judge.deeds import Harm
from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.precious import Ground
from nanodeck.shell.judge.scope import UNKNOWN
from nanodeck.shell.judge.tolerant import Rough
from nanodeck.shell.judge.wrappers import SHELLS

INTERPRETERS = re.compile(
    r"(?:python|pypy|perl|ruby|node|nodejs|deno|bun|php|lua|tclsh|osascript|awk|gawk|mawk|nawk|Rscript|groovy|"
    r"ipython|jshell|julia|elixir|erl|ghci|scala|pwsh|powershell)[\d.]*"
)
_LITERAL = re.compile(
    r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|`([^`]*)`|q[qwx]?\{([^}]*)\}|qx?\(([^)]*)\)"
)
_DELETES = re.compile(
    r"rmtree|rmSync|rmdirSync|removedirs|remove_tree|rm_rf|rm_r\b|unlink|removeSync|emptyDirSync|delete_tree|"
    r"os\.remove|File\.delete|deleteSync|rimraf|FileUtils|fs\.rm|Remove-Item|shutil\.move|rename"
)
_RUNS = re.compile(
    r"system|exec|popen|spawn|subprocess|\bcall\b|\brun\b|shell|`|\bqx|%x|Popen|proc_open|passthru|os\."
)
_WRITES = re.compile(r"open|write|Write|truncate|print\s*>|>\s*[\"']|file_put_contents|dd\b")
_HOME = re.compile(
    r"Path\.home\(\)|expanduser\(\s*['\"]~/?['\"]\s*\)|homedir\(\)|Dir\.home|\$ENV\{HOME\}|environ\[['\"]HOME['\"]\]"
)
_FORKS = re.compile(
    r"fork\s+while|while\s*\(?\s*(?:1|true)\s*\)?\s*[:{]?\s*(?:os\.)?fork|fork\(?\)?\s*;?\s*(?:}|while)|loop\s*\{\s*fork|while.*fork\(\)",
    re.DOTALL,
)
_FETCHED_CODE = re.compile(
    r"\b(?:exec|eval)\s*\(.*(?:urlopen|requests\.get|urllib|httpx|fetch\(|LWP::Simple|Net::HTTP|open-uri|https?://)",
    re.DOTALL,
)
_HANDED_SHELL = re.compile(
    r"socket.*(?:dup2|pty\.spawn|/bin/(?:ba|z)?sh)|TCPSocket.*exec|fsockopen.*exec", re.DOTALL
)
_KILLS_ALL = re.compile(r"kill\(\s*-1\b|kill\s*\(?\s*['\"]?(?:9|KILL)['\"]?\s*,\s*-1")
_FETCHERS = names(
    """
    curl wget fetch aria2c http https httpie lwp-request lynx GET nc ncat netcat socat ftp ssh scp
    """
)
_DECODERS = names(
    """
    base64 gbase64 base32 xxd openssl gunzip gzip zcat bzcat xzcat bzip2 xz uudecode rev tr gpg
    """
)
_INLINE = re.compile(rf"(?:<\(|\$\(|`)\s*(?:sudo\s+)?(?:\S*/)?(?:{'|'.join(_FETCHERS)})\b")
RUNNERS = frozenset((*SHELLS, "eval", "source", "."))
_PREFIXES = names("sudo env timeout nice nohup command doas -E -n")
_SOCKET = re.compile(r"/dev/(?:tcp|udp)/")
_SECRET = re.compile(
    r"\.ssh/(?:id_|identity|\*|$|\s)|\.ssh$|\.aws/credentials|\.gnupg|\.netrc|\.git-credentials|/etc/(?:shadow|passwd)|\.kube/config|"
    r"\.docker/config|\.config/gh|\.pgpass|\.npmrc|\.pypirc|(?:^|[/\s=@])\.env(?:$|[.\s])|id_(?:rsa|ed25519|ecdsa|dsa)\b|"
    r"keychain|cookies\.sqlite|login data"
)


def code_of(command: Rough) -> Iterator[str]:
    """The program text that an interpreter is given with its words or reads from text that is known."""
    words = command.words
    for place, word in enumerate(words[1:], 1):
        if re.fullmatch(r"-\w*[ceErpx]|--eval|--execute|--print|-Command|eval", word) and place + 1 < len(
            words
        ):
            yield words[place + 1]
        elif re.match(r"-[ce]\S{3}", word):
            yield word[2:]
    if re.match(r"[gmn]?awk", command.words[0]):
        yield from words[1:]
    if command.given:
        yield command.given


def commands_of(code: str) -> list[str]:
    """The strings in program text that it may have a shell run."""
    if not _RUNS.search(code):
        return []
    return [text for text in strings_of(code) if re.search(r"\s|:\(\)", text)]


def strings_of(code: str) -> list[str]:
    """The literal strings in program text: each may be a command it runs or a path it touches."""
    found = [next((each for each in match if each), "") for match in _LITERAL.findall(code)]
    joined = re.findall(r"\[([^\]]*)\]", code)
    found += [" ".join(next((e for e in m if e), "") for m in _LITERAL.findall(one)) for one in joined]
    return found


def harm_in_code(code: str, ground: Ground, folder: str | None) -> Harm | None:
    """What program text deletes or writes over, by the paths that stand in it."""
    if _FORKS.search(code):
        return Harm("harm.fork-bomb", "starts copies of itself without end")
    if _FETCHED_CODE.search(code):
        return Harm("harm.unseen", "runs what it fetches from the network, unseen")
    if _HANDED_SHELL.search(code):
        return Harm("harm.connection", "gives somebody else a shell on this machine")
    if _KILLS_ALL.search(code):
        return Harm("harm.processes", "ends every process")
    for line in code.split("\n"):
        paths = [text for text in strings_of(line) if text and not re.search(r"\s", text)]
        paths = [ground.home + path[1:] if path.startswith("~") else path for path in paths]
        if _HOME.search(line) and not paths:
            paths = [ground.home]
        deletes, writes = _DELETES.search(line), _WRITES.search(line)
        for path in paths:
            if deletes and (found := ground.inside(path, folder)):
                return Harm("harm.delete", f"deletes {found}")
            if writes and (found := ground.critical(path, folder)):
                return Harm("harm.overwrite", f"writes over {found}")
    return None


def runs_unseen(command: Rough, name: str, text: str) -> Harm | None:
    """Code that comes from the network or out of a disguise straight into something that runs it."""
    runs = name in RUNNERS or INTERPRETERS.fullmatch(name)
    if not runs:
        return None
    operands = [word for word in command.words[1:] if not word.startswith("-")]
    takes_input = (
        not operands
        or any(word in ("-", "/dev/stdin") for word in command.words[1:])
        or "-s" in command.words
    )
    source = command.source
    while source is not None and takes_input:
        called = next((_name(word) for word in source.words if _name(word) not in _PREFIXES), "")
        if called in _FETCHERS:
            return Harm("harm.unseen", "runs what it fetches from the network, unseen")
        if called in _DECODERS and not _plain(source):
            return Harm("harm.unseen", "runs what is hidden in coded text")
        source = source.source
    given = [*command.words[1:], *(target for _, target in command.redirects)]
    if any(UNKNOWN in word for word in given) and _INLINE.search(text):
        return Harm("harm.unseen", "runs what it fetches from the network, unseen")
    return None


def _name(word: str) -> str:
    return word.rsplit("/", 1)[-1]


def _plain(source: Rough) -> bool:
    """Whether a program that can decode passes its text on as it is."""
    return source.words[0] in ("gzip", "bzip2", "xz", "tr") and "-d" not in "".join(source.words[1:])


def opens_connection(command: Rough, name: str, text: str) -> Harm | None:
    """A shell whose ends are somewhere else, or keys that leave this machine."""
    source = command.source
    if (
        name in ("nc", "ncat", "netcat", "socat", "telnet")
        and source
        and _name((*source.words, "")[0]) in SHELLS
    ):
        return Harm("harm.connection", "gives somebody else a shell on this machine")
    ends = [target for _, target in command.redirects if _SOCKET.match(target)]
    away = [end for end in ends if not re.match(r"/dev/\w+/(?:localhost|127\.|::1)", end)]
    if (ends and name in SHELLS) or (away and name == "exec"):
        return Harm("harm.connection", "gives somebody else a shell on this machine")
    words = command.words
    if name in ("nc", "ncat", "netcat", "socat") and any(
        re.fullmatch(r"-\w*[ec]|--exec|--sh-exec", word) or word.upper().startswith(("EXEC:", "SYSTEM:"))
        for word in words[1:]
    ):
        return Harm("harm.connection", "gives somebody else a shell on this machine")
    read = [*words[1:], command.given, text if UNKNOWN in "".join(words) else ""]
    while source is not None:
        read += [*source.words[1:], *(target for sign, target in source.redirects if sign == "<")]
        source = source.source
    sends = name in _FETCHERS or bool(ends)
    read += [target for sign, target in command.redirects if sign == "<"]
    if sends and name not in ("ssh", "scp") and any(_SECRET.search(word.casefold()) for word in read):
        return Harm("harm.connection", "sends keys to somebody else")
    return None
