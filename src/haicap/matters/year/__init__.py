"""A year of invented work, written by the same actions that people use."""
