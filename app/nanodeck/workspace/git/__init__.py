"""Asking git, without ever running what a repository names itself."""
