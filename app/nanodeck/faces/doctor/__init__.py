"""`nanodeck doctor`: what is set, what works here, what does not and how it is mended."""
