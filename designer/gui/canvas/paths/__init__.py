"""The ways of links: where they run among the nodes, and the geometry of their curves."""
