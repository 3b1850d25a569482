"""The line to the parent: measured at each contact, its outages written down, what came late because of it."""
