"""What is around the terminal on the person's machine: clipboards, a browser."""
