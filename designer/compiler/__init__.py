"""From a design to what it means: the check, the plan, the recipe of its training, the source, the summary."""
