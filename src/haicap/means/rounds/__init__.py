"""Assessment rounds: every unit says how its means stand, the report writes itself."""
