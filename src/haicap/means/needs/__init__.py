"""Requests for means: from a gap to a matter of its own procedure, and what came of it."""
