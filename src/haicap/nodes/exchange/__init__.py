"""Exchange between a child and its parent (`docs/sync-protocol.md`), over a `Shelf`: no database, no web framework."""
