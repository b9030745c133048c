"""Why programs that people use every day ask, where the reason is none of their options."""

from __future__ import annotations

_REASONS = {
    "deletes files": "rm rmdir unlink shred",
    "changes files": """
        mv cp ln tee touch mkdir chmod chown chgrp truncate install patch dd rsync unzip gunzip bzip2 xz
        sponge split csplit mktemp mkfifo
        """,
    "runs another program": """
        xargs env sudo doas timeout nice ionice nohup setsid stdbuf watch parallel command exec flock chroot
        strace ltrace script entr npx bunx pnpx uvx su
        """,
    "runs whatever it is given": """
        bash sh zsh dash ksh fish eval source . python python3 node deno bun perl ruby php lua Rscript tclsh
        osascript pwsh java javac sqlite3 psql mysql mongosh redis-cli
        """,
    "may run what the project brings": """
        npm yarn pnpm make cmake gradle mvn just task rake bundle composer dotnet mix sbt pytest tox nox
        jest vitest eslint prettier tsc ruff black mypy poetry pipenv pdm hatch uv pre-commit ack
        """,
    "may fetch and run the toolchain that the project names": "cargo rustc rustup go mise asdf pyenv",
    "imports what the environment brings": "pip pip3 conda ipython jupyter",
    "reaches the network": """
        curl wget ssh scp sftp ftp telnet nc ncat netcat socat ping dig host nslookup whois traceroute gh
        glab kubectl helm aws gcloud az doctl heroku terraform brew
        """,
    "works through a service that may do anything here": "docker docker-compose podman nerdctl systemctl",
    "looks at more than the workspace": """
        journalctl dmesg lsof netstat ss ip ifconfig mount findmnt last crontab top htop lspci lsusb lsmod
        """,
    "shows variables that may be secret": "printenv set export declare",
    "starts other programs at a key": "less more man vi vim nvim nano emacs",
    "may run the program it is shown": "ldd",
    "installs or removes programs": "apt apt-get yum dnf pacman zypper apk snap flatpak gem",
    "ends processes": "kill pkill killall",
}
_GIT = {
    "reaches the network": "push fetch pull clone ls-remote submodule",
    "changes the repository": """
        add commit checkout switch restore reset rm mv merge rebase cherry-pick revert clean init apply am gc
        prune repack bisect notes replace update-index update-ref filter-branch write-tree sparse-checkout
        """,
}
_BY_NAME = {name: reason for reason, names in _REASONS.items() for name in names.split()}


_OF_GIT = {name: reason for reason, names in _GIT.items() for name in names.split()}


def why_unlisted(name: str) -> str:
    """Why a program that is in no table of those that only read asks."""
    return f"{name} {_BY_NAME.get(name, 'is not among the programs that only read')}"


def why_unlisted_of_git(name: str) -> str:
    """The same of a command of git."""
    return f"git {name} {_OF_GIT.get(name, 'is not among what only reads')}"
