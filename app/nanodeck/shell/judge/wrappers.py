"""What a command runs in its turn: the program a wrapper starts, the text a shell is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.outputs import output_of
from nanodeck.shell.judge.scope import UNKNOWN
from nanodeck.shell.judge.tolerant import Rough

_OPERANDS = {"timeout": 1, "flock": 1, "chroot": 1, "chrt": 1, "taskset": 1, "setarch": 1, "nsenter": 1}
_WRAPPERS = names(
    """
    env sudo doas timeout nice nohup setsid ionice chrt taskset stdbuf command builtin exec time gtime
    strace ltrace unbuffer flock chroot unshare nsenter setarch linux32 linux64 i386 x86_64 fakeroot
    fakechroot proxychains proxychains4 torsocks torify dbus-run-session dbus-launch xvfb-run caffeinate
    busybox toybox pkexec systemd-run firejail bwrap valgrind gdb perf hyperfine entr xargs parallel
    watch runuser setpriv capsh daemonize start-stop-daemon prlimit numactl rlwrap faketime eatmydata ts
    chpst softlimit cpulimit systemd-inhibit uv pipx poetry npx cmd not sg newgrp gosu su-exec tini
    dumb-init coproc noglob nocorrect
    """
)
SHELLS = names(
    """
    sh bash dash zsh ksh mksh ash rbash fish csh tcsh yash busybox-sh su runuser sg
    """
)
_JOINED = names("eval watch parallel ssh mosh hyperfine entr at batch")
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
    elif name in ("env", "script", "flock", "xargs", "find", "sudo", "doas"):
        for place, word in enumerate(words[1:-1], 1):
            if word in ("-c", "--command", "-S", "--split-string"):
                yield Script(words[place + 1])
            elif name == "env" and word.startswith(("-S", "--split-string=")):
                yield Script(word.removeprefix("--split-string=").removeprefix("-S"))
    if name == "env":
        last = words[-1]
        if last.startswith(("-S", "--split-string=")):
            yield Script(last.removeprefix("--split-string=").removeprefix("-S"))
    if name == "crontab" or name in ("at", "batch"):
        yield Script(_read_text(command))


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
    text = _read_text(command)
    if UNKNOWN not in text:
        yield Script(text)


def _read_text(command: Rough) -> str:
    return command.given or (output_of([command.source]) if command.source else "")


def argvs_in(command: Rough, name: str) -> Iterator[tuple[str, ...]]:
    """The programs that `command`, a program called `name`, starts with their words, as far as told."""
    words = command.words
    if name in _WRAPPERS:
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
    given = read.split() if UNKNOWN not in read else [UNKNOWN]
    for tail in tails:
        if ":::" in tail:
            tail = tuple(word for word in tail if word != ":::")
        yield (*(word for word in tail if word != "{}"), *given)


def _executed(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What `find` starts for the files it finds, for those it starts at."""
    starts = []
    for word in words[1:]:
        if word.startswith(("-", "(", "!")) and word not in ("-H", "-L", "-P"):
            break
        starts.append(word)
    places = [place for place, word in enumerate(words) if word in ("-exec", "-execdir", "-ok", "-okdir")]
    places += [place for place, word in enumerate(words) if word in ("-x", "-X", "--exec", "--exec-batch")]
    for place in places:
        inner = []
        for word in words[place + 1 :]:
            if word in (";", "+"):
                break
            inner.append(word)
        filled = [each for word in inner for each in (starts or ["."] if word == "{}" else [word])]
        if inner:
            yield tuple(filled)
