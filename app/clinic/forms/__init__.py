"""What may be typed about the clinic."""
