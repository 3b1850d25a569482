"""Files beside a matter: photos, papers, recordings; sealed where they lie, hidden at most, never deleted."""
