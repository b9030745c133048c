"""More agents in a session than its own one."""

from __future__ import annotations

from nanodeck.contracts.link import EngineLink
from nanodeck.core.history import History
from nanodeck.engine.agent import Agent
from nanodeck.engine.thread import EngineThread


def start_agent(link: EngineLink | None, name: str) -> Agent:
    """Let another agent of the session begin its work."""
    assert isinstance(link, EngineThread)
    agents = link._ready.result().agents
    agent = Agent(agents.session, agents.changesets, agents.plans, name, History())
    link._loop.call_soon_threadsafe(agent.send, "your task")
    return agent
