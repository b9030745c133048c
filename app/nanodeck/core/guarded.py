"""Names that are more than files: what runs programs, steers agents or holds secrets, wherever it stands.

| what | written | read |
|---|---|---|
| git's own folder | never | as usual |
| nanodeck's own settings and sessions | never: they decide what agents may do | as usual |
| nanodeck's own keys | never | never |
| stores of keys (`.ssh`, `.gnupg`, credentials of clouds and hosts) | never | asks |
| files that hold secrets (`.env`, private keys, tokens of registries) | asks | asks |
| files of other agents, instructions for agents | asks | as usual |
| what shells, editors, hooks and environments start | asks | as usual |

Never holds in every mode, asks in all but yolo, both of them inside and outside of the workspace.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fnmatch import translate
from functools import lru_cache
from typing import Literal

from msgspec import Struct

Access = Literal["usual", "ask", "never"]


class Guard(Struct, frozen=True):
    """What a guarded path is, in words, and how it may be written and read."""

    what: str
    write: Access
    read: Access = "usual"


GIT = Guard("git's own folder, which is never written: use git itself", "never")
OWN = Guard("nanodeck's own, which only the user changes", "never")
OWN_KEYS = Guard("where nanodeck keeps keys, which no agent sees", "never", "never")
_KEYS = Guard("a store of keys, which agents never write", "never", "ask")
_SECRETS = Guard("a file that holds secrets", "ask", "ask")
_AGENTS = Guard("settings or instructions of agents", "ask")
_SHELL = Guard("a file that shells run when they start", "ask")
_STARTS = Guard("a file that starts programs by itself", "ask")
_GIT_SETTINGS = Guard("settings of git, which can start programs", "ask")

# The strictest first. A name with a slash at its end is a folder and all in it, one with a star a
# pattern for the last name.
_TABLE = {
    GIT: ".git/ git~1/",
    OWN: ".nanodeck/settings.toml .nanodeck/keys.toml .nanodeck/hooks/ .nanodeck/hooks.toml",
    _KEYS: """
        .ssh/ .gnupg/ .password-store/ .aws/credentials .aws/config .aws/sso/ .aws/cli/ .azure/ .kube/
        .docker/config.json .config/gh/ .config/gcloud/ .config/op/ .git-credentials .config/git/credentials
        .netrc _netrc .pgpass .my.cnf .vault-token .terraform.d/ .cargo/credentials .cargo/credentials.toml
        .gem/credentials Library/Keychains/ .local/share/keyrings/ .mozilla/ .config/google-chrome/
    """,
    _SECRETS: """
        .env .env.* *.env .npmrc .yarnrc .yarnrc.yml .pypirc *.pem *.key *.p12 *.pfx *.jks *.keystore *.kdbx
        *.ppk id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk .htpasswd .envrc .dockercfg
    """,
    _AGENTS: """
        .nanodeck/ .nanocoder/ .nanocode/ .nano_claude/ .claude/ .claude.json .codex/ .gemini/ .cursor/
        .opencode/ .aider* .continue/ .windsurf/ .crush/ .qwen/ .roo/ .roomodes .cline/ .kilocode/ .kiro/
        .junie/ .goose/ .amp/ .augment/ .agents/ .agent/ .factory/ .openhands/ .trae/ .copilot/ .cursorrules
        .cursorignore .windsurfrules .clinerules .clinerules/ .roorules .goosehints .mcp.json mcp.json
        .github/copilot-instructions.md .github/instructions/ opencode.json opencode.jsonc crush.json
        .crush.json agents.config.json agents.md claude.md claude.local.md gemini.md qwen.md codex.md
        agent.md
    """,
    _SHELL: """
        .profile .login .logout .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .zshrc .zshenv
        .zprofile .zlogin .zlogout .kshrc .mkshrc .cshrc .tcshrc .inputrc .xinitrc .xprofile .xsession
        .xsessionrc .pam_environment .config/fish/ .config/nushell/ .config/environment.d/ .oh-my-zsh/
        Documents/PowerShell/
    """,
    _STARTS: """
        .vscode/ .idea/ .fleet/ .zed/ .vim/ .vimrc .exrc .nvimrc .nvim.lua .config/nvim/ .emacs .emacs.d/
        .dir-locals.el .devcontainer/ .devcontainer.json .husky/ .githooks/ .lefthook/ lefthook.yml
        .lefthook.yml .pre-commit-config.yaml .mise.toml mise.toml .mise/ .config/mise/ .tool-versions
        .config/autostart/ .config/systemd/ Library/LaunchAgents/ .tmux.conf .screenrc .ripgreprc .gdbinit
        .lldbinit .pythonstartup .irbrc .pryrc .Rprofile
    """,
    _GIT_SETTINGS: ".gitconfig .config/git/ .gitmodules",
}
_ORDER = list(_TABLE)
_EXAMPLES = re.compile(r"\.env\.(example|sample|template|dist|defaults?|schema|test\.example)")


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """`name` as the file systems see it that are least exact: two names with one fold may be one file.

    Covers case, characters HFS+ ignores, and the trailing dots, blanks and streams of NTFS.
    """
    if name.isascii():
        seen = name
    else:
        plain = unicodedata.normalize("NFKC", name)
        seen = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    return seen.split(":")[0].rstrip(". ").casefold()


def _compiled() -> tuple[dict[tuple[str, ...], Guard], dict[tuple[str, ...], Guard], re.Pattern[str]]:
    folders: dict[tuple[str, ...], Guard] = {}
    files: dict[tuple[str, ...], Guard] = {}
    patterns: list[str] = []
    for place, (guard, names) in enumerate(_TABLE.items()):
        for name in names.casefold().split():
            if "*" in name:
                patterns.append(f"(?P<g{place}_{len(patterns)}>{translate(name)})")
            elif name.endswith("/"):
                folders.setdefault(tuple(name.rstrip("/").split("/")), guard)
            else:
                files.setdefault(tuple(name.split("/")), guard)
    return folders, files, re.compile("|".join(patterns))


_FOLDERS, _FILES, _PATTERNS = _compiled()
_NAMES = frozenset(name for path in (*_FOLDERS, *_FILES) for name in path)


def guard_of(parts: Sequence[str]) -> Guard | None:
    """What guards the path of these names, outermost first; None for everyday files."""
    names = [folded(part) for part in parts]
    found = []
    if not _NAMES.isdisjoint(names):
        found += [
            guard
            for end in range(1, len(names) + 1)
            for length in (1, 2)
            if length <= end and (guard := _FOLDERS.get(tuple(names[end - length : end])))
        ]
        found += [guard for length in (1, 2) if (guard := _FILES.get(tuple(names[-length:])))]
    if names and (match := _PATTERNS.fullmatch(names[-1])) and not _EXAMPLES.fullmatch(names[-1]):
        found.append(_ORDER[int((match.lastgroup or "g0_0")[1:].split("_")[0])])
    return min(found, key=_ORDER.index, default=None)


def holds_secrets(path: str) -> bool:
    """Whether the file at `path` (with '/') is read only where a person says so, going by its name."""
    return is_secret(guard_of(path.split("/")))


def is_secret(guard: Guard | None) -> bool:
    """Whether what is guarded like this is read only where a person says so."""
    return guard is not None and guard.read != "usual"
