"""What the hand does with the mouse, one class a gesture. Nothing is committed before `finish`, and then once."""
