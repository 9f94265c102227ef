"""The run: from a plan and a recipe to weights, told as a generator of events."""
