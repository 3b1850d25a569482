"""Building and repair: projects in stages, dates against any earlier date, budget and payments, programmes."""
