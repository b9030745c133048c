"""Checkpoints, and every way back: undo, redo, rewind."""
