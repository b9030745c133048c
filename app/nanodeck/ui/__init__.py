"""The deck: the Textual app, its bridge to the engine, its screens and actions."""
