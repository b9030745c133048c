"""The plan tool: think first, and let a person decide on what is going to be done."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import Effect, ToolOutput, tool


class PlanArguments(Struct, frozen=True):
    """The whole plan; without it plan mode begins, or the plan's file is handed in."""

    text: Annotated[str, Meta(description="the whole plan as Markdown, to hand it in")] = ""


def _title(arguments: PlanArguments) -> str:
    return "plan" if arguments.text.strip() else "plan mode"


@tool(
    "plan",
    "Plan before larger or risky work: without text it enters plan mode, where nothing is changed; with "
    "text it hands the plan in, and the user approves it or sends it back.",
    effect=Effect.STATE,
    title=_title,
    names=("EnterPlanMode", "ExitPlanMode", "enter_plan_mode", "exit_plan_mode"),
    arguments={
        "plan": "text",
        "content": "text",
        **dict.fromkeys(("task_description", "reason", "allowedPrompts", "planFilePath", "plan_path"), ""),
    },
)
async def plan(arguments: PlanArguments, context: ToolContext) -> ToolOutput:
    """Enter plan mode, or hand a plan in."""
    answer = await context.plans.take(context.agent, context.call_id, arguments.text)
    return ToolOutput(answer.text, answer.summary, ok=not answer.refused, denied=answer.refused)
