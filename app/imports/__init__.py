"""Room imports: lists from spreadsheets come in by a staged batch that can be corrected and undone."""

from app.core.access import Room

room = Room("imports", __name__)
