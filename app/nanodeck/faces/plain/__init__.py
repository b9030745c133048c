"""The deck in lines: everything is said once and stays, every choice has a number."""
