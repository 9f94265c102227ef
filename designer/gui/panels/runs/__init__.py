"""The runs panel: all runs that are kept, what they came to, what differs between them, and their curves."""
