"""Matters out of sheets: what a column means, what a row would become, taking it in, and taking it back."""
