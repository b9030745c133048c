"""The scenes that are pictured and compared."""

from __future__ import annotations

from screenshots.scenes import dialogs, goingback, job, permissions, planning, review, states, trusting

SCENES = (
    *job.SCENES,
    *dialogs.SCENES,
    *states.SCENES,
    *review.SCENES,
    *planning.SCENES,
    *permissions.SCENES,
    *goingback.SCENES,
    *trusting.SCENES,
)
