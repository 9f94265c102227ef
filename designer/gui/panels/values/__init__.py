"""What an example becomes on its way through the network: the choice of one, and one node large."""
