"""Paths as models and attackers spell them, in a workspace with links of every kind."""

from __future__ import annotations

import os
from pathlib import Path


def make_place(folder: Path) -> Path:
    """Fill the workspace `folder`, and put folders beside it that only look like it."""
    (folder / "src").mkdir()
    (folder / "src/a.py").write_text("a")
    (folder / ".git/hooks").mkdir(parents=True)
    (folder / "sub/.git").mkdir(parents=True)
    (folder / "linked/store").mkdir(parents=True)
    (folder / "linked/.git").symlink_to("store")
    (folder / "tree").mkdir()
    (folder / "tree/.git").write_text("gitdir: gitdata\n")
    (folder / "tree/gitdata").mkdir()
    outside = folder.parent / "repo-evil"
    outside.mkdir()
    (outside / "x").write_text("x")
    links = {
        "in": "src/a.py",
        "indir": "src",
        "out": "../repo-evil/x",
        "outdir": "../repo-evil",
        "dangling": "../repo-evil/new",
        "dangling-in": "src/new",
        "loop": "loop",
        "hooks": ".git/hooks",
        "chain": "out",
        "up": "..",
        "null": "/dev/null",
        "agents": ".claude",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe")
    return folder


INSIDE = {
    "src/a.py": "src/a.py",
    "./src/../src/a.py": "src/a.py",
    "src//a.py": "src/a.py",
    "src/a.py/": "src/a.py",
    "in": "src/a.py",
    "indir/a.py": "src/a.py",
    "indir/../src/b": "src/b",
    "dangling-in": "src/new",
    "new/deep/file": "new/deep/file",
    ".": ".",
    "src/..": ".",
    "up/repo/src": "src",
    ".gitignore": ".gitignore",
    ".github/x": ".github/x",
    "git": "git",
    "x.git": "x.git",
    ".git2": ".git2",
    "...": "...",
    " spaced name ": " spaced name ",
    "ünïcode/文件": "ünïcode/文件",
    "new\nline": "new\nline",
    "-rf": "-rf",
    "$HOME": "$HOME",
    "a*b?": "a*b?",
}

OUTSIDE = [
    "..",
    "../repo-evil/x",
    "../repo-evil",
    "src/../../repo-evil/x",
    "out",
    "outdir",
    "outdir/x",
    "outdir/new",
    "dangling",
    "chain",
    "up",
    "up/x",
    "indir/../../x",
    "/",
    "/etc/hosts",
    "//etc/hosts",
    "~",
    "~/x",
]

GIT = [
    ".git",
    ".git/config",
    ".git/hooks/post-commit",
    "./src/../.git/config",
    "hooks/post-commit",
    "sub/.git/config",
    "new/deep/.git/config",
    ".GIT/config",
    ".Git/hooks/x",
    "sub/.giT",
    ".git./config",
    ".git /config",
    ".git::$INDEX_ALLOCATION/config",
    "GIT~1/config",
    ".g\u200cit/config",
    "\uff0egit/config",
    "linked/.git/config",
    "linked/store/config",
    "tree/.git",
    "tree/gitdata/config",
    "../repo-evil/.git/config",
    "outdir/.git/hooks/x",
]

SPECIAL = {
    "/dev/null": "a device",
    "/dev/zero": "a device",
    "null": "a device",
    "pipe": "a named pipe",
    "loop": "a link that leads to itself",
}

IMPOSSIBLE = ["", "  ", "a\0b", "\0", "x" * 256, "x/" * 4000, "\ud800", "a\udcffb", "loop/x"]

GUARDED = [
    ".claude/settings.json",
    "agents/settings.json",
    ".Claude/agents/x.md",
    "sub/.cursor/mcp.json",
    ".codex/config.toml",
    ".gemini/settings.json",
    ".nanodeck/agents/x.md",
    ".mcp.json",
    "AGENTS.md",
    "src/claude.MD",
    ".vscode/tasks.json",
    ".husky/pre-commit",
    ".env",
    "src/.env.local",
    "certificates/server.pem",
    ".bashrc",
    ".profile",
    ".envrc",
    ".gitmodules",
    "mise.toml",
]
"""Asked about wherever edits are applied."""

NEVER = [
    ".nanodeck/settings.toml",
    ".NANODECK/Settings.toml",
    "src/.nanodeck/settings.toml",
    ".ssh/authorized_keys",
    "../.ssh/config",
    "~/.aws/credentials",
    ".gnupg/x",
]
"""Never written, in any mode."""
