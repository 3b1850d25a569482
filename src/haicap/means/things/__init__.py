"""Equipment and vehicles: single or counted, from purchase to disposal, handed over with two signatures."""
