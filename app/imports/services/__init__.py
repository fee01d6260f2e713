"""What changes in the imports room."""
