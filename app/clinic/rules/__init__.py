"""What the clinic has decided, as pure functions: no clock, no database."""
