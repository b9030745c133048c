"""Decisions without I/O: pure functions and values, testable in microseconds."""
