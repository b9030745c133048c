"""What nanodeck keeps on disk: journal, settings, keys, and where they live."""
