"""Sheets that come in: lists as offices have them, read, shown, taken in line by line, and taken back.

A room that takes lists in says what is its own (`room.py`): its sorts of list, what a line becomes, where it is kept.
"""
