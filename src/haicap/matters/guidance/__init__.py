"""Answers that hold for everybody: published, revised, withdrawn, and whether they are asked for again."""
