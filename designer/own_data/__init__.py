"""Data files of the user's own: what is in them, and their rows as arrays, without Qt and without torch."""
