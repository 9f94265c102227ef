"""What a trained network is worth and what it says: how it does on a split, and its answers to new examples."""
