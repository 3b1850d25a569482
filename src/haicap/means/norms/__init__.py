"""What a unit should have: norms as data, gaps, and what a change of a norm would do."""
