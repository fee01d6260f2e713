"""What is read in the room registry; one file per capability."""
