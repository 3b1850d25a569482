"""Kinds of means: what can be held, counted and asked for, each by a code of its own."""
