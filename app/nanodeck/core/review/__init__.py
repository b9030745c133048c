"""Reviewing a changeset: hunks from exact bytes, decisions on them, the bytes they add up to."""

from __future__ import annotations

from nanodeck.core.review.decisions import Review, propose
from nanodeck.core.review.file import Target, review_file
from nanodeck.core.review.proposed import Found, ProposedFile

__all__ = ["Found", "ProposedFile", "Review", "Target", "propose", "review_file"]
