"""Of which files a call of git shows the contents, and whether secrets are among them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from nanodeck.contracts.requests import Word
from nanodeck.shell.judge.names import names
from nanodeck.shell.judge.options import Parsed
from nanodeck.shell.judge.tracked import tracked_secrets

_ONLY_ABOUT = names(
    """
    --stat --numstat --shortstat --dirstat --summary --compact-summary --name-only --name-status --raw -s
    --no-patch --quiet
    """
)
# Commands that show contents, with the options that make them tell less.
_SHOWING = {
    "diff": _ONLY_ABOUT,
    "show": _ONLY_ABOUT | {"-q"},
    "grep": names("-l -L -q -c --files-with-matches --name-only --files-without-match --quiet --count"),
    "cat-file": names("-t -s -e"),
}
_SHOWING_IF_ASKED = names("log stash reflog diff-tree diff-index diff-files")
_ASKING = names(
    """
    -p -u --patch -U --unified -c --cc -m --dd --diff-merges --remerge-diff --binary -W
    --function-context --word-diff --color-words
    """
)
# A file's version, as HEAD:a.py or :a.py, and a commit or folder by name.
_VERSION = re.compile(r"[^:{]+:.*|:(?:[0-3]:)?[\w.].*", re.ASCII)
_NO_FILE = re.compile(r"HEAD(?:[~^]\d*)*|.+\^\{(?:tree|commit)\}")
_HASH = re.compile(r"[0-9a-f]{4,64}")
_LEFT_OUT = re.compile(r":(?:!|\^|\(exclude\))([\w.*][\w.*/-]*)", re.ASCII)
_UNCLEAR = re.compile(r"^:|[\[\\]")


def shows_contents(name: str, given: Parsed) -> bool:
    """Whether git `name` shows what is in files, other than in a version that an operand names."""
    asked = given.has(*_ASKING)
    if name == "status":
        return given.has("-v", "--verbose")
    if name in _SHOWING_IF_ASKED:
        return asked
    if name not in _SHOWING or (given.has(*_SHOWING[name]) and not asked):
        return False
    texts = [word.text for word in given.operands]
    if name == "cat-file":
        return not all(_VERSION.fullmatch(text) or _NO_FILE.fullmatch(text) for text in texts)
    return not (name == "show" and texts and all(map(_VERSION.fullmatch, texts)))


def shown_paths(name: str, words: Sequence[Word], given: Parsed, folder: str) -> list[str]:
    """The operands that surely are paths, as written; none where that is not certain."""
    texts, operands = [word.text for word in words], [word.text for word in given.operands]
    if name == "grep" and not given.has("-e"):
        operands = operands[1:]
    if name in ("stash", "reflog", "cat-file"):
        return []
    paths = [text for text in operands if text[:1] == ":" or os.path.lexists(os.path.join(folder, text))]
    if "--" in texts:
        behind = texts[texts.index("--") + 1 :]
        paths = behind if behind == operands[len(operands) - len(behind) :] else []
    # A hash may be that of a file, which is compared with the path.
    return [] if any(_HASH.fullmatch(text) for text in operands if text not in paths) else paths


def secret_shown(index: Path, folder: str, paths: Sequence[str]) -> str:
    """A tracked secret that is shown when git, in `folder` below its top, shows contents at `paths`.

    No paths are all of them. Raises UnreadableIndex.
    """
    left_out = [found[1] for path in paths if (found := _LEFT_OUT.fullmatch(path))]
    chosen = [path for path in paths if not _LEFT_OUT.fullmatch(path)]
    for name in tracked_secrets(index):
        if any(_is_at(name, path, folder) for path in left_out):
            continue
        if not chosen or any(
            _UNCLEAR.search(path) or _is_at(name, path, folder) or _is_at(name, f"{path}/*", folder)
            for path in chosen
        ):
            return name
    return ""


def _is_at(name: str, path: str, folder: str) -> bool:
    whole = os.path.normpath(os.path.join(folder, path))
    return whole in (".", name) or name.startswith(f"{whole}/") or fnmatchcase(name, whole)
