"""Data lines: contracted, measured, ended."""
