"""Edits in a file's text: each old text found in one place, patches read, the rest left byte for byte."""
