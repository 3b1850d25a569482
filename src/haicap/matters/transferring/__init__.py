"""Matters that go on in another commune's file, where that commune has a node of its own."""
