"""The vocabulary every part of nanodeck shares: events, commands, queries, views, errors."""
