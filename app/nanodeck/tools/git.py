"""The git tool: looks at the repository and, asked, writes to it, outside of what holds commands back."""

from __future__ import annotations

import os
import shlex
from pathlib import PurePath
from typing import Annotated, Literal

from msgspec import Meta, Struct

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.text import counted, show_controls
from nanodeck.core.guarded import holds_secrets
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.tools.schema import HIDDEN
from nanodeck.workspace.git.work import has_branch, look, names, write

Action = Literal["status", "diff", "log", "add", "commit", "branch"]
MOST_COMMITS = 50
_LOOKS: tuple[Action, ...] = ("status", "diff", "log")
_PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
_COMMIT_LINE = "--format=%h %ad %an%d %s"
_BRANCH_LINE = "--format=%(HEAD) %(refname:short) %(upstream:track) %(contents:subject)"
_EMPTY = {"status": "(clean)", "diff": "(no differences)", "log": "(no commits)", "branch": "(no branches)"}


class GitArguments(Struct, frozen=True):
    """One action on the repository."""

    action: Action
    paths: list[str] = []
    staged: bool = False
    stat: bool = False
    base: Annotated[str, Meta(description="diff against, log of, branch from")] = ""
    count: int = 20
    all: Annotated[bool, Meta(description="add, commit: every change")] = False
    message: str = ""
    amend: bool = False
    name: Annotated[str, Meta(description="branch to switch to, new if need be")] = ""
    author: Annotated[str, HIDDEN] = ""
    since: Annotated[str, HIDDEN] = ""
    grep: Annotated[str, HIDDEN] = ""
    body: Annotated[str, HIDDEN] = ""
    update: Annotated[bool, HIDDEN] = False

    def __post_init__(self) -> None:
        if self.action == "add" and not (self.paths or self.all or self.update):
            raise ValueError("add needs paths, or all: true")
        if self.action == "commit" and not (self.text or self.amend):
            raise ValueError("commit needs a message")
        if named := [name for name in (self.base, self.name) if name.startswith("-") or ":" in name]:
            raise ValueError(f"{named[0]} is no name of a commit or branch")

    @property
    def text(self) -> str:
        """The whole message of a commit."""
        return "\n\n".join(part for part in (self.message.strip(), self.body.strip()) if part)


def _effect(arguments: GitArguments) -> Effect:
    lists = arguments.action == "branch" and not arguments.name
    return Effect.READ if arguments.action in _LOOKS or lists else Effect.EXECUTE


def _title(arguments: GitArguments) -> str:
    about = (arguments.message.partition("\n")[0], arguments.name, *arguments.paths)
    return " ".join(word for word in ("git", arguments.action, *about) if word)


def _looked(arguments: GitArguments, context: ToolContext) -> tuple[str, ...]:
    """The command that looks."""
    base = _base(arguments)
    everything = os.path.relpath(context.workspace.root, context.folder)
    paths = ("--", *(arguments.paths or (everything,)))
    match arguments.action:
        case "status":
            return ("status", "--short", "--branch", "--ignore-submodules=all", *paths)
        case "diff":
            wanted = {"--cached": arguments.staged, "--stat": arguments.stat}
            return ("diff", *_PLAIN, *(name for name, given in wanted.items() if given), *base, *paths)
        case "log":
            given = {"author": arguments.author, "since": arguments.since, "grep": arguments.grep}
            chosen = (f"--{name}={value}" for name, value in given.items() if value)
            count = f"--max-count={max(1, min(arguments.count, MOST_COMMITS))}"
            shape = ("--no-color", "--no-show-signature", "--date=short", _COMMIT_LINE)
            return ("log", count, *shape, *chosen, *base, "--", *arguments.paths)
        case _:
            most = f"--count={MOST_COMMITS}"
            return ("for-each-ref", most, "--sort=-committerdate", _BRANCH_LINE, "refs/heads")


async def _secrets(arguments: GitArguments, context: ToolContext) -> list[str]:
    """The files whose contents a diff would show and nobody was asked about, from the repository's top."""
    if arguments.action != "diff" or arguments.stat:
        return []
    listed = ("diff", "--name-only", "-z", "--no-renames", *_looked(arguments, context)[1:])
    asked = tuple(f"/{PurePath(path)}" for path in arguments.paths)
    return [
        name
        for name in await names(listed, context.folder)
        if holds_secrets(name) and not f"/{name}".endswith(asked)
    ]


async def _written(arguments: GitArguments, context: ToolContext) -> tuple[str, ...]:
    """The command that writes."""
    paths = tuple(arguments.paths)
    if arguments.action == "add":
        every = ("-A",) if arguments.all else ("-u",) if arguments.update else ()
        return ("add", *every, "--", *paths)
    if arguments.action == "commit":
        said = ("-F", "-") if arguments.text else ("--no-edit",)
        every = ("-a",) if arguments.all and not paths else ()
        return ("commit", *said, *(("--amend",) if arguments.amend else ()), *every, "--", *paths)
    if await has_branch(arguments.name, context.folder):
        return ("switch", "--no-guess", arguments.name)
    return ("switch", "--no-guess", "-c", arguments.name, *_base(arguments))


def _base(arguments: GitArguments) -> tuple[str, ...]:
    return (arguments.base,) if arguments.base else ()


async def _shown(arguments: GitArguments, context: ToolContext) -> str:
    """The command as it runs, and what it is about: what is staged, or would be."""
    args = await _written(arguments, context)
    lines = [shlex.join(("git", *args))]
    if arguments.action == "commit":
        lines += ["", arguments.text or "(the message stays)", "", *await _going_in(arguments, context)]
        lines.append("no hook of the repository is run, and the commit is not signed")
    elif arguments.action == "add":
        lines += ["", await look(("add", "--dry-run", *args[1:]), context.folder) or "(nothing to add)"]
    return "\n".join(show_controls(line) for line in lines)


async def _going_in(arguments: GitArguments, context: ToolContext) -> list[str]:
    """The branch and the files a commit is made of."""
    branch = (await look(("branch", "--show-current"), context.folder)) or "(no branch)"
    every = arguments.all or arguments.paths
    against = ("HEAD",) if every and await _has_commits(context) else ("--cached",)
    files = await look(("diff", *_PLAIN, "--stat", *against, "--", *arguments.paths), context.folder)
    return [f"on {branch}:", files or "(nothing is staged)"]


async def _has_commits(context: ToolContext) -> bool:
    try:
        return bool(await look(("rev-parse", "--verify", "--quiet", "HEAD"), context.folder))
    except ToolError:
        return False


@tool(
    "git",
    "Look at the git repository or write to it; add, commit and branch ask the user.",
    effect=Effect.EXECUTE,
    effects=_effect,
    title=_title,
    names=("git_status", "git_diff", "git_log", "git_add", "git_commit", "git_branch"),
    implied={f"git_{action}": {"action": action} for action in (*_LOOKS, "add", "commit", "branch")},
    arguments={
        "files": "paths",
        "file": "paths",
        "path": "paths",
        "branch": "base",
        "target": "base",
        "limit": "count",
        "noVerify": "",
        "no_verify": "",
    },
    items={"paths": {}},
    texts={"paths": lambda text: None if text.lstrip().startswith("[") else [text]},
    places=lambda arguments: tuple(arguments.paths) or (".",),
    shown=_shown,
)
async def git(arguments: GitArguments, context: ToolContext) -> ToolOutput:
    """Carry out the action."""
    if _effect(arguments) is Effect.READ:
        secrets = await _secrets(arguments, context)
        without = (f":(top,exclude,literal){name}" for name in secrets)
        text = await look((*_looked(arguments, context), *without), context.folder)
        left_out = (f"(left out, as it may hold secrets: {show_controls(name)})" for name in secrets)
        text = "\n".join((*([text] if text else ()), *left_out))
        return ToolOutput(text or _EMPTY[arguments.action], counted(len(text.splitlines()), "line"))
    args = await _written(arguments, context)
    text = await write(args, context.folder, arguments.text)
    if arguments.action == "add":
        text = await look(("diff", *_PLAIN, "--cached", "--stat"), context.folder) or "(nothing is staged)"
    return ToolOutput(text or "done", "ok")
