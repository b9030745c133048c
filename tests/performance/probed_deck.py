"""The deck with a ticker on its loop: `probed_deck.py REPORT [ARGUMENTS…]` writes the longest pauses."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TEXTUAL_FPS", "120")
os.environ.setdefault("ESCDELAY", "25")

from nanodeck.arguments import parse
from nanodeck.contracts.link import EngineLink
from nanodeck.engine.composition import open_engine
from nanodeck.ui.app import DeckApp
from nanodeck.ui.bridge import Batch
from tests.performance.pauses import Pauses

OPENING, WORKING, REST = "opening", "working", "rest"
SETTLED = 1.0


class ProbedDeck(DeckApp):
    """Opening lasts from the first frame until the session has been there for a second; then turns work."""

    async def _first_frame_drawn(self) -> None:
        await super()._first_frame_drawn()
        self.pauses = Pauses(OPENING)

    def _opened(self, link: EngineLink) -> None:
        super()._opened(link)
        self.set_timer(SETTLED, lambda: self.pauses.begin(REST))

    def _deliver(self, batch: Batch) -> None:
        working = bool(batch.state.agent("main").turn)
        if working and self.pauses.kind == REST:
            self.pauses.begin(WORKING)
        super()._deliver(batch)
        if not working and self.pauses.kind == WORKING:
            # Leaving is not measured.
            self.pauses.stop()


options = parse(sys.argv[2:])
app = ProbedDeck(options, lambda: open_engine(options))
app.run()
app.close_link()
Path(sys.argv[1]).write_text(json.dumps({"longest": app.pauses.longest, "work": app.pauses.work}))
