"""What changes accounts. Every function is one deed inside a write block."""
