"""Which files of a project a command runs, going by its words: what they hold is part of what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from posixpath import basename

INTERPRETERS = """
    python pypy ipython node deno bun ts-node tsx perl ruby irb php lua luajit Rscript julia groovy scala
    java sh bash zsh dash ash ksh fish tcsh csh pwsh powershell osascript tclsh expect guile racket sbcl
    ghci source .
"""
_RECIPES = {
    "make": "GNUmakefile makefile Makefile",
    "gmake": "GNUmakefile makefile Makefile",
    "just": "justfile Justfile .justfile",
    "task": "Taskfile.yml Taskfile.yaml",
    "rake": "Rakefile",
    "npm": "package.json",
    "pnpm": "package.json",
    "yarn": "package.json",
    "bun": "package.json",
    "composer": "composer.json",
}
_VERSION = re.compile(r"[\d.]+$")


def program_of(argv: Sequence[str]) -> str:
    """The name of the program that is run, without a version at its end."""
    name = basename(argv[0]) if argv else ""
    return name if name == "." else _VERSION.sub("", name)


def scripts_of(argv: Sequence[str]) -> Iterator[str]:
    """Paths that may be what a command with these words runs, as they are spelled; the likeliest first."""
    program = program_of(argv)
    if "/" in argv[0]:
        yield argv[0]
    if program in INTERPRETERS.split():
        yield from (word for word in argv[1:] if word and not word.startswith("-"))
    yield from _RECIPES.get(program, "").split()
