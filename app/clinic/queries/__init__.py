"""What is read about the clinic."""
