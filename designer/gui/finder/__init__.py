"""A search field with a list below it, floating over the window: for layers on the canvas, and for all commands."""
