"""The judge: what a shell command would do, told before it runs."""

from nanodeck.shell.judge.verdict import judge

__all__ = ["judge"]
