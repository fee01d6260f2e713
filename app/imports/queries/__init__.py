"""What is read of imports, one file per table."""
