"""The engine thread, the composition root, sessions, turns, requests, jobs."""
