"""The approval surface: requests shown whole, answered by keys that cannot be pressed by accident."""
