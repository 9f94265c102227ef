"""One example on its way through a network: what comes out of every node, as pictures and bars."""
