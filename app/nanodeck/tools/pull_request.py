"""The tool for pull requests, by the program gh where the person has it."""

from __future__ import annotations

import shlex
from typing import Annotated, Literal

from msgspec import Meta, Struct

from nanodeck.contracts.text import show_controls
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool
from nanodeck.workspace.git.work import run_gh


class PullRequestArguments(Struct, frozen=True):
    """One action on the pull requests of the repository."""

    action: Literal["create", "view", "list"] = "view"
    title: str = ""
    body: str = ""
    base: str = ""
    draft: bool = False
    number: Annotated[int | None, Meta(description="to view; default: this branch's")] = None

    def __post_init__(self) -> None:
        if self.action == "create" and not self.title.strip():
            raise ValueError("a new pull request needs a title")


def _title(arguments: PullRequestArguments) -> str:
    about = arguments.title or ("" if arguments.number is None else f"#{arguments.number}")
    return " ".join(word for word in ("pull request", arguments.action, about) if word)


def _args(arguments: PullRequestArguments) -> tuple[str, ...]:
    if arguments.action == "list":
        return ("pr", "list")
    if arguments.action == "view":
        return ("pr", "view", *(() if arguments.number is None else (str(arguments.number),)))
    base = (f"--base={arguments.base}",) if arguments.base else ()
    draft = ("--draft",) if arguments.draft else ()
    return ("pr", "create", f"--title={arguments.title}", "--body-file=-", *base, *draft)


async def _shown(arguments: PullRequestArguments, context: ToolContext) -> str:
    lines = (shlex.join(("gh", *_args(arguments))), *(("", arguments.body) if arguments.body else ()))
    return "\n".join(show_controls(line) for line in lines)


@tool(
    "pull_request",
    "View, list or create pull requests with gh, asked; the branch has to be pushed by the user.",
    effect=Effect.EXECUTE,
    title=_title,
    names=("git_pr", "pr"),
    arguments={"description": "body", "isDraft": "draft"},
    shown=_shown,
)
async def pull_request(arguments: PullRequestArguments, context: ToolContext) -> ToolOutput:
    """Carry out the action: it reaches the network, so looking is asked about, too."""
    text = await run_gh(_args(arguments), context.folder, arguments.body)
    return ToolOutput(text or "done", "ok")
