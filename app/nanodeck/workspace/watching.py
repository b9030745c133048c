"""Watching folders for changes, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

DEBOUNCE = 800
"""Milliseconds after which changes that never pause are told."""

STEP = 50
"""Milliseconds in which nothing more happens before changes are told."""


class Watch:
    """Tells `changed` the paths of what changes right in one of `folders`, first none: that it watches.

    It tells the error that ends it instead where the system cannot watch. Both come from its own thread.
    """

    def __init__(self, folders: Sequence[Path], changed: Callable[[frozenset[Path] | OSError], None]) -> None:
        self._folders = folders
        self._changed = changed
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; waits for the thread."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        from watchfiles import watch

        batches = watch(
            *self._folders,
            watch_filter=None,
            debounce=DEBOUNCE,
            step=STEP,
            stop_event=self._over,
            rust_timeout=STEP,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
            ignore_permission_denied=True,
        )
        watching = False
        try:
            for batch in batches:
                if batch or not watching:
                    watching = True
                    self._changed(frozenset(Path(path) for _, path in batch))
        except (OSError, RuntimeError) as error:
            self._changed(OSError(str(error)))
