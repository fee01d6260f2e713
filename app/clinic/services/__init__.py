"""What changes in the clinic."""
