"""Norms: how much of a kind of means a unit should have, by a formula over facts of the unit; and the gaps to them."""
