"""Public door of the cooperatives' room: home, look-up, registration, claims and reports, receipts, help, pocket."""

from app.cooperatives.routes import about_record, home, lookup, pocket, receipts, registering

__all__ = ["about_record", "home", "lookup", "pocket", "receipts", "registering"]
