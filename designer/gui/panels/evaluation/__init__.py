"""The panels that ask a trained run: how it does on a split, and what it says of new examples."""
