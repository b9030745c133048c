"""The diffs of a session's sources: what calls, turns and git say was changed."""
