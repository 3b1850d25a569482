"""Pages for people, without signing in: procedures, one's own matter, how timely a unit is, feedback."""
