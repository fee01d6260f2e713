"""Public door of the clinic: choosing a time, booking, wishing for one, the appointment's own page, feedback."""

from app.clinic.routes import afterwards, booking, choosing, feedback, visiting, wishing

__all__ = ["afterwards", "booking", "choosing", "feedback", "visiting", "wishing"]
