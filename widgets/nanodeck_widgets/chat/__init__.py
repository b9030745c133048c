"""The chat: a virtualised transcript with its own Markdown."""
