"""Every kind of node, one file a family; each class says all there is to say about its layer."""
