"""The check: one walk through a design, the rules it asks, and the report that comes of it."""
