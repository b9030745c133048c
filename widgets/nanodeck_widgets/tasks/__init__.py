"""The task pane."""
