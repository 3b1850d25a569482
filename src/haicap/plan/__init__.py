"""Optimisers as pure functions over plain data: they propose, people decide. Imports nothing of haicap, nor Django."""
