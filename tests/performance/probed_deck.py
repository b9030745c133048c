"""The deck with a ticker on its loop: `probed_deck.py REPORT` writes the longest pauses there at the end."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from time import monotonic

os.environ.setdefault("TEXTUAL_FPS", "120")
os.environ.setdefault("ESCDELAY", "25")

from nanodeck.contracts.link import EngineLink
from nanodeck.contracts.options import Options
from nanodeck.engine.composition import open_engine
from nanodeck.ui.app import DeckApp

TICK = 0.001


class ProbedDeck(DeckApp):
    """Ticks from the moment the engine is there, until its turn is over: leaving is not measured."""

    def on_mount(self) -> None:
        """Begin."""
        super().on_mount()
        self.gaps = {"rest": 0.0, "working": 0.0}
        self._last = 0.0
        self._kind = "rest"

    def _opened(self, link: EngineLink) -> None:
        super()._opened(link)
        self.set_timer(0.3, self._tick)

    def _tick(self) -> None:
        now = monotonic()
        working = bool(self.bridge.state.agent("main").turn)
        if working:
            self._kind = "working"
        if self._last:
            self.gaps[self._kind] = max(self.gaps[self._kind], (now - self._last - TICK) * 1000)
        if self._kind == "working" and not working:
            return
        self._last = now
        asyncio.get_running_loop().call_later(TICK, self._tick)


options = Options(folder=os.getcwd())
app = ProbedDeck(options, lambda: open_engine(options))
app.run()
app.close_link()
Path(sys.argv[1]).write_text(json.dumps(app.gaps))
