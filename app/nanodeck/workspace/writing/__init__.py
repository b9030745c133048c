"""Files on their way to disk: staged, written all or none, noted so that they can go back."""
