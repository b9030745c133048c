"""The panes of the deck; they know the vocabulary alone and are fed, never fetch."""
