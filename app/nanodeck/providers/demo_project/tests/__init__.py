"""Tests of the bill and the receipt."""
