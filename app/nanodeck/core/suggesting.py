"""The allow rule that fits a command which asked: wide enough to be of use, too narrow to run anything."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from posixpath import basename

from nanodeck.core.rules import Piece
from nanodeck.core.scripts import INTERPRETERS, program_of

# Interpreters and wrappers: a rule for them would let everything run.
_RUNNING = f"""
    {INTERPRETERS} eval exec command builtin env sudo doas su xargs parallel timeout time nice ionice nohup
    setsid stdbuf watch coproc trap ssh mosh chroot unshare nsenter bwrap flatpak strace ltrace gdb lldb
    script screen tmux find fd awk gawk mawk sed ed ex vi vim nvim emacs npx bunx pnpx pipx uvx entr at
    batch crontab systemd-run flock busybox toybox tar rsync psql mysql sqlite3 docker-compose
"""
_RUNNING_WORDS = """
    npm:exec npm:x yarn:dlx yarn:exec pnpm:dlx pnpm:exec uv:run uv:tool uv:x poetry:run pipenv:run pdm:run
    hatch:run rye:run conda:run bundle:exec docker:run docker:exec docker:compose podman:run podman:exec
    kubectl:exec kubectl:run mise:exec mise:x direnv:exec nix:run nix:shell nix:develop go:run cargo:run
    dotnet:run git:bisect git:rebase git:config git:submodule gh:alias
"""
# Their first word says what they do.
_LED = """
    git gh npm yarn pnpm uv pip poetry pipenv pdm hatch cargo go docker podman kubectl helm terraform brew
    apt apt-get dnf make just task mvn gradle dotnet bundle rake rails mix composer flutter dart swift
    systemctl service conda mise asdf pre-commit ruff nx turbo lerna
"""
_LED_TWICE = "npm:run yarn:run pnpm:run git:stash git:remote"
# They do harm with other words: exactly this command or none.
_EXACT = """
    rm rmdir mv cp ln dd chmod chown chgrp kill pkill killall curl wget scp sftp nc ncat telnet mount umount
    shred truncate tee unzip install passwd useradd usermod iptables reboot shutdown halt poweroff fdisk
"""
_PLAIN = re.compile(r"[A-Za-z][\w:.-]*")


def suggest(pieces: Sequence[Piece]) -> str:
    """A rule for each piece that needs one, one a line; empty where one of them should have none."""
    rules: dict[str, None] = {}
    for piece in pieces:
        if piece.allowed or piece.inner:
            continue
        rule = _suggested(piece.argv) if piece.certain and piece.argv else ""
        if not rule:
            return ""
        rules[rule] = None
    return "\n".join(rules)


def runs_anything(argv: Sequence[str]) -> bool:
    """Whether a rule that begins with these words lets other programs run, of which it says nothing."""
    program = program_of(argv)
    led = ":".join((program, *argv[1:2]))
    return not program or program in _RUNNING.split() or led in _RUNNING_WORDS.split()


def among_them(program: str) -> str:
    """A command of `program` that runs other programs, as a rule for all it does lets it; empty if none."""
    led = (word.partition(":") for word in _RUNNING_WORDS.split())
    return next((f"{name} {word}" for name, _, word in led if name == basename(program)), "")


def _suggested(argv: Sequence[str]) -> str:
    program, words = basename(argv[0]), argv[1:]
    if runs_anything(argv) or any("\n" in word or not word.isprintable() for word in argv):
        return ""
    if program in _EXACT.split() or not words:
        return f"bash({shlex.join(argv)})"
    if program not in _LED.split():
        return f"bash({shlex.join(argv[:1])} *)"
    if not _PLAIN.fullmatch(words[0]):
        return f"bash({shlex.join(argv)})"
    fixed = 3 if f"{program}:{words[0]}" in _LED_TWICE.split() and len(argv) > 2 else 2
    return f"bash({shlex.join(argv[:fixed])} *)"
