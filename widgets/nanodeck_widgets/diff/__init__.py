"""The diff viewer: a changeset as rows, decided on hunk by hunk."""
