"""haicap: one record, written once, for a service of two levels."""

__version__ = "0.1.0"
