"""The shell tool."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from nanodeck.contracts.errors import NanodeckError, ToolError
from nanodeck.shell.session import ShellResult
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool

LONGEST_SECONDS = 24 * 3600.0


class BashArguments(Struct, frozen=True):
    """A command, or a job to stop; `timeout` is in seconds."""

    command: str = ""
    timeout: Annotated[float | None, Meta(description="seconds, default 120, at most 86400")] = None
    background: Annotated[bool, Meta(description="return at once; you are told when it ends")] = False
    stop: Annotated[str, Meta(description="instead: a background job to end, as job-1")] = ""


def _title(arguments: BashArguments) -> str:
    if _stops(arguments):
        return f"stop {arguments.stop}"
    return f"bash {arguments.command}{' &' if arguments.background else ''}"


def _stops(arguments: BashArguments) -> bool:
    return bool(arguments.stop) and not arguments.command.strip()


@tool(
    "bash",
    "Run a shell command; cd persists, stdin is closed. Of an output over 30 KB you get head and tail.",
    effect=Effect.EXECUTE,
    effects=lambda arguments: Effect.STATE if _stops(arguments) else Effect.EXECUTE,
    title=_title,
    names=(
        "shell",
        "execute_bash",
        "run_shell_command",
        "run_bash",
        "run_command",
        "execute_command",
        "exec",
        "KillShell",
        "KillBash",
    ),
    arguments={
        "cmd": "command",
        "script": "command",
        "run_in_background": "background",
        "is_background": "background",
        "timeout_seconds": "timeout",
        "timeout_sec": "timeout",
        "shell_id": "stop",
        "bash_id": "stop",
        "job": "stop",
        "description": "",
        "explanation": "",
        "justification": "",
    },
)
async def bash(arguments: BashArguments, context: ToolContext) -> ToolOutput:
    """Run the command here, start it as a job, or stop one."""
    if _stops(arguments):
        try:
            await context.jobs.stop(arguments.stop, by="you")
        except NanodeckError as error:
            raise ToolError(error.message) from None
        return ToolOutput(f"{arguments.stop} is stopped", "stopped")
    if not arguments.command.strip():
        raise ToolError("the command is empty")
    if arguments.timeout is not None and not 0 < arguments.timeout <= LONGEST_SECONDS:
        raise ToolError("timeout is in seconds, more than 0 and at most 86400 (24 hours)")
    if arguments.background:
        seconds = arguments.timeout or LONGEST_SECONDS
        job = await context.jobs.start(arguments.command, context.folder, seconds, context.walls)
        about = context.jobs.describe(job)
        return ToolOutput(f"{job} runs in the background ({about}); you are told when it ends", job)
    seconds = arguments.timeout or context.shell.seconds
    result = await context.shell.run(
        arguments.command, seconds=seconds, emit=context.emit, walls=context.walls
    )
    return shell_output(result, seconds)


def shell_output(result: ShellResult, seconds: float = 0.0, *, terse: bool = False) -> ToolOutput:
    """What a command did, in words; `seconds` is what it was given. `terse`: not that it went well."""
    output = result.output or "(no output)"
    lines = [output.removesuffix("\n")]
    if result.timed_out:
        lines.append(f"(timed out after {seconds:g} s; everything it started was killed)")
        summary = f"timed out after {seconds:g} s"
    else:
        if result.exit_code or not terse:
            lines.append(f"(exit code {result.exit_code})")
        summary = "ok" if result.exit_code == 0 else f"exit code {result.exit_code}"
    if result.folder_note:
        lines.append(f"(folder is now {result.folder_note})")
    if result.denied:
        lines.append(f"(the sandbox denied {result.denied.what})")
        summary = f"{summary}, denied {result.denied.what}"
    return ToolOutput("\n".join(lines), summary, ok=result.exit_code == 0, walled=result.denied)
