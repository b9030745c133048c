"""System prompts given as text or as the name of a file."""

from __future__ import annotations

import errno
from pathlib import Path

from nanodeck.contracts.errors import UsageError

LARGEST_PROMPT = 256 * 1024
_SUFFIXES = (".md", ".txt", ".prompt")


def prompt_text(value: str, folder: Path | None = None) -> str:
    """The prompt that `--system-prompt TEXT|FILE` means; a relative file is looked for in `folder`.

    Raises UsageError for a file that cannot be read, or a value that can only be a missing file.
    """
    if "\n" in value or "\0" in value or not value.strip():
        return value
    path = (folder or Path.cwd()) / Path(value).expanduser()
    try:
        if not path.is_file():
            if len(value.split()) == 1 and value.endswith(_SUFFIXES):
                raise UsageError(f"there is no prompt file {value}")
            return value
        data = path.read_bytes()
    except OSError as error:
        if len(value.split()) > 1 or error.errno == errno.ENAMETOOLONG:
            return value
        raise UsageError(f"cannot read the prompt file {value}: {error.strerror}") from None
    if len(data) > LARGEST_PROMPT:
        raise UsageError(f"the prompt file {value} is larger than {LARGEST_PROMPT // 1024} KB")
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UsageError(f"the prompt file {value} is not UTF-8 text") from None
