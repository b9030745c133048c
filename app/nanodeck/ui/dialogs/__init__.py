"""What opens over the deck, is answered and closes: lists, texts to write, facts to read."""
