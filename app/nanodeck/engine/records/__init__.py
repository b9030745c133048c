"""What a session leaves on disk beside its journal: outputs, partial replies, exports."""
