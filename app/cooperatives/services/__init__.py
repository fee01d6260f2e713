"""What changes in the cooperatives' registry."""
