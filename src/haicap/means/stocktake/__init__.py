"""Counting what is there: by label and camera, or by list; closed as a signed act."""
