"""A look at the data: pages of examples, how often each class occurs, how each column's values lie."""
