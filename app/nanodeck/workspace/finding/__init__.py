"""Finding files and what is in them: listings, globs, fuzzy names, searches."""
