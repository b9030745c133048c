"""Vim keys for the prompt: motions and text objects over plain text, and the modes that use them."""
