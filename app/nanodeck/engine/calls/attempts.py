"""Running one tool: what it answers, or what its failure reads like."""

from __future__ import annotations

import logging

from nanodeck.contracts.errors import ToolError
from nanodeck.contracts.events import ToolOutcome
from nanodeck.engine.calls.prepared import ReadyCall
from nanodeck.engine.session import Session
from nanodeck.tools.context import ToolContext
from nanodeck.tools.registry import ToolOutput

_log = logging.getLogger(__name__)


async def attempt(session: Session, call: ReadyCall, context: ToolContext) -> tuple[ToolOutput, ToolOutcome]:
    """Run `call`; nothing that happens in a tool is an error of the turn."""
    try:
        output = await session.answers.give(call.tool, call.arguments, context)
    except ToolError as error:
        return ToolOutput(error.message, "failed", ok=False), "error"
    except Exception as error:
        _log.exception("tool %s failed", call.tool.name)
        text = f"{call.tool.name} failed inside nanodeck: {type(error).__name__}: {error}"
        return ToolOutput(text, "failed", ok=False), "error"
    return output, "denied" if output.denied else "ok" if output.ok else "error"
