"""What has nothing to show at first, imported together: its code would delay the first frame."""

from __future__ import annotations

from nanodeck_widgets.approval.layer import ApprovalLayer
from nanodeck_widgets.diff.pane import DiffPane
from nanodeck_widgets.jobs.pane import JobsPane
from nanodeck_widgets.tasks.pane import TasksPane

__all__ = ["ApprovalLayer", "DiffPane", "JobsPane", "TasksPane"]
