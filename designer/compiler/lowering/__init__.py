"""From a sound report to plain data for the engine: the plan, and the recipe of its training."""
