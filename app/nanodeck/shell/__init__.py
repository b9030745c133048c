"""Running shell commands: sessions, process groups, background processes."""
