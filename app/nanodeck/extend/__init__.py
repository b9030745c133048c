"""What a project adds to the conversation: instruction files."""
