"""What is read from the cooperatives' registry."""
