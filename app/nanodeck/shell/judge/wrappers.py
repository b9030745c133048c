"""What a command runs in its turn: the program a wrapper starts, the text a shell is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.outputs import output_of
from nanodeck.shell.judge.scope import UNKNOWN
from nanodeck.shell.judge.searches import searched
from nanodeck.shell.judge.tolerant import Rough

_OPERANDS = {
    **dict.fromkeys(("timeout", "flock", "chroot", "chrt", "taskset", "setarch", "gosu", "su-exec"), 1),
    **dict.fromkeys(("screen", "npm", "yarn", "pnpm", "bun"), 1),
    **dict.fromkeys(("docker", "podman"), 2),
}
_WRAPPERS = names(
    """
    env sudo doas timeout nice nohup setsid ionice chrt taskset stdbuf command builtin exec time gtime
    strace ltrace unbuffer flock chroot unshare nsenter setarch linux32 linux64 i386 x86_64 fakeroot
    fakechroot proxychains proxychains4 torsocks torify dbus-run-session dbus-launch xvfb-run caffeinate
    busybox toybox pkexec systemd-run firejail bwrap valgrind gdb perf hyperfine entr xargs parallel
    watch runuser setpriv capsh daemonize start-stop-daemon prlimit numactl rlwrap faketime eatmydata ts
    chpst softlimit cpulimit systemd-inhibit uv pipx poetry npx sg newgrp gosu su-exec tini
    dumb-init coproc noglob nocorrect
    """
)
_MAY_WRAP = names("screen npm yarn pnpm bun docker podman")
SHELLS = names(
    """
    sh bash dash zsh ksh mksh ash rbash fish csh tcsh yash su runuser sg
    """
)
_JOINED = names("eval watch parallel ssh mosh hyperfine entr at batch")
_STARTS_OTHERS = names("-exec -execdir -ok -okdir -x -X --exec --exec-batch")
_GIVEN_SCRIPTS = names(
    "tmux screen expect npm yarn pnpm bun concurrently nodemon docker podman kubectl vagrant"
)
_READ_SCRIPTS = names("crontab at batch make gmake")
_EDITORS = names("vi vim nvim view ex gvim rvim")
_FROM_EDITOR = re.compile(r"\+?:?(?:silent\s+)?!\s*(.+)", re.DOTALL)
_TAKE_OPTION = {
    "env": re.compile(r"-S|--split-string"),
    **dict.fromkeys(("script", "flock"), re.compile(r"-\w*c|--command")),
}
_OPTION_C = re.compile(r"-[a-zA-Z]*c|--command|--init-command")


class Script(Struct, frozen=True):
    """Text that a shell runs with these `arguments`, its own name first."""

    text: str
    arguments: tuple[str, ...] | None = None


def scripts_in(command: Rough, name: str) -> Iterator[Script]:
    """The texts that `command`, a program called `name`, has a shell run."""
    words = command.words
    if name in SHELLS:
        yield from _shell_scripts(command)
    elif name in _JOINED:
        yield from _joined(words, name)
    elif name == "trap" and len(words) > 1:
        yield Script(next((word for word in words[1:] if word != "--"), ""))
    elif name == "alias":
        yield from (Script(word.partition("=")[2]) for word in words[1:] if "=" in word)
    elif name in _GIVEN_SCRIPTS:
        yield from (Script(word) for word in words[1:] if re.search(r"\s", word))
    elif name in _EDITORS:
        yield from (Script(found[1]) for word in words[1:] if (found := _FROM_EDITOR.fullmatch(word)))
    elif name == "git":
        yield from _git_scripts(words)
    for place, word in enumerate(words[1:], 1):
        if name in _TAKE_OPTION and _TAKE_OPTION[name].fullmatch(word) and place + 1 < len(words):
            yield Script(words[place + 1])
        elif name == "env" and word.startswith(("-S", "--split-string=")):
            yield Script(word.removeprefix("--split-string=").removeprefix("-S"))
    if name in _READ_SCRIPTS:
        yield Script(_read_text(command))


def _git_scripts(words: Sequence[str]) -> Iterator[Script]:
    for place, word in enumerate(words[1:], 1):
        if found := re.search(r"(?:^|=)!(.+)", word, re.DOTALL):
            yield Script(found[1])
        elif word in ("foreach", "run", "-x", "--exec", "--tree-filter", "--index-filter"):
            yield Script(" ".join(words[place + 1 :]))


def _joined(words: Sequence[str], name: str) -> Iterator[Script]:
    rest = [word for word in words[1:] if word != ":::"]
    yield Script(" ".join(rest))
    for tail in _tails(("", *rest), 1 if name in ("ssh", "mosh") else 0):
        yield Script(" ".join(tail))


def _shell_scripts(command: Rough) -> Iterator[Script]:
    words = command.words
    for place, word in enumerate(words[1:], 1):
        if _OPTION_C.fullmatch(word) or re.fullmatch(r"-[a-zA-Z]*c[a-zA-Z]*", word):
            rest = [each for each in words[place + 1 :] if each != "--"]
            while len(rest) > 1 and re.fullmatch(r"[-+]\w+", rest[0]):
                rest = rest[1:]
            if rest:
                yield Script(rest[0], tuple(rest[1:]) or ("",))
            return
        if word.startswith("--command="):
            yield Script(word.partition("=")[2])
            return
    yield Script(_read_text(command))


def _read_text(command: Rough) -> str:
    """What a command reads, a word of each file where another finds them."""
    if command.given or not command.source:
        return command.given
    source = command.source
    if source.words[:1] and _name(source.words[0]) in ("find", "fd"):
        return "\n".join(searched(source.words))
    return output_of([source])


def _name(word: str) -> str:
    return word.rsplit("/", 1)[-1]


def surely_wraps(name: str) -> bool:
    """Whether what such a program is given is a command, not only perhaps."""
    return name not in _MAY_WRAP


def argvs_in(command: Rough, name: str) -> Iterator[tuple[str, ...]]:
    """The programs that `command`, a program called `name`, starts with their words, as far as told."""
    words = command.words
    if name in _WRAPPERS or name in _MAY_WRAP:
        tails = _tails(words, _OPERANDS.get(name, 0))
        if name in ("xargs", "parallel"):
            tails = _with_read(tails, command)
        yield from tails
    elif name in ("find", "fd", "fdfind", "gfind"):
        yield from _executed(words)


def _tails(words: Sequence[str], operands: int) -> Iterator[tuple[str, ...]]:
    """What may be the inner command: the first that is no option, further where it may be a value."""
    place, skipped = 1, 0
    while place < len(words):
        word = words[place]
        if word.startswith("-") or re.match(r"[A-Za-z_]\w*=", word):
            place += 1
            continue
        yield tuple(words[place:])
        before = words[place - 1]
        if not (place > 1 and before.startswith("-") and "=" not in before):
            if skipped >= operands:
                return
            skipped += 1
        place += 1


def _with_read(tails: Iterator[tuple[str, ...]], command: Rough) -> Iterator[tuple[str, ...]]:
    """The inner commands with what they are given by the pipe."""
    read = _read_text(command) or UNKNOWN
    given = read.split() or [UNKNOWN]
    for tail in tails:
        words = [word for word in tail if word != ":::"]
        if any("{}" in word for word in words):
            for each in given:
                yield tuple(word.replace("{}", each) for word in words)
        else:
            yield (*words, *given)


def _executed(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What `find` starts, given what it comes upon."""
    places = [place for place, word in enumerate(words) if word in _STARTS_OTHERS]
    for place in places:
        inner = []
        for word in words[place + 1 :]:
            if word in (";", "+"):
                break
            inner += searched(words) if word == "{}" else [word]
        if inner:
            yield tuple(inner)
