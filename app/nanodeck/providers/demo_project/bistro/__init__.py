"""A restaurant bill, split and printed."""
