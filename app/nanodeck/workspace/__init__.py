"""The person's files: safe paths, exact-bytes edits, atomic writes, checkpoints, listing and search."""
