"""The tools a model can call: one module a family, registered with one decorator."""
