"""Faces without a screen."""
