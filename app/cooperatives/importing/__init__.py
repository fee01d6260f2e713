"""Lists of cooperatives brought in from spreadsheets: reading a row, judging it, applying it, taking it back."""
