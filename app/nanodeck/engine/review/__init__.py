"""Edits on their way to disk: drafted, staged, reviewed, commented on, written or taken back."""
