"""Deeds of the room registry; one file per capability."""
