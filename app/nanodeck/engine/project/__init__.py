"""Looking at the project's files for a person: completion, mentions, the explorer."""
