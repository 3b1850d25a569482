"""Directives, resolutions and visits from above: clauses, addressees, dates, and what became of them."""
