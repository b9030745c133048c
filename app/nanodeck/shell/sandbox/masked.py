"""Where a person keeps secrets: what confined commands never see of a home folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_NAMES = """
    .ssh .gnupg .password-store .aws .azure .kube .docker .config/gh .config/glab-cli .config/hub
    .config/gcloud .config/op .config/doctl .config/heroku .config/sops .config/rclone .terraform.d
    .local/share/keyrings .local/share/kwalletd .mozilla .config/google-chrome .config/chromium .netrc
    .npmrc .yarnrc.yml .pypirc .git-credentials .config/git/credentials .pgpass .my.cnf .vault-token
    .cargo/credentials .cargo/credentials.toml .gem/credentials .m2/settings.xml .bash_history
    .zsh_history .python_history .node_repl_history .psql_history .claude/.credentials.json
    .codex/auth.json .gemini/oauth_creds.json .local/share/opencode/auth.json Library/Keychains
"""


_PLACES = _NAMES.split()


def secret_places(home: Path) -> Iterator[Path]:
    """The folders and files of `home` that hold secrets, as far as they exist; no link in any."""
    for place in _PLACES:
        path = os.path.join(home, place)
        if os.path.lexists(path):
            yield Path(os.path.realpath(path))
