"""What a unit has, against what it should have, and what is being done about the difference."""
