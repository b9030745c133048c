"""What is known of source code: its colours."""
