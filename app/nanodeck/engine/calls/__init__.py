"""The tool calls of a reply: what is known about each, the decision, the run within its walls, the result."""
