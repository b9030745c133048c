"""The project as a tree, with a look into its files."""
