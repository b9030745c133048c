"""The lines above and below the panes: title, state, hints."""

from __future__ import annotations

from nanodeck_widgets.status.hints import Hint, HintLine
from nanodeck_widgets.status.line import StatusLine
from nanodeck_widgets.status.state import StateBar
from nanodeck_widgets.status.title import TitleBar
from nanodeck_widgets.status.values import StateFacts, Tab, TitleFacts

__all__ = ["Hint", "HintLine", "StateBar", "StateFacts", "StatusLine", "Tab", "TitleBar", "TitleFacts"]
