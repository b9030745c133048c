"""Reviewing a changeset: hunks from exact bytes, decisions on them, the bytes they add up to."""

from __future__ import annotations

from nanodeck.core.review.decisions import Review, Target, propose
from nanodeck.core.review.file import ProposedFile

__all__ = ["ProposedFile", "Review", "Target", "propose"]
