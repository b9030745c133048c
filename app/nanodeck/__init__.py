"""nanodeck: a full-screen terminal deck for coding agents."""

__version__ = "0.1.0"
