"""The canvas: paints the design and follows it; gestures become edits of the workspace."""
