"""From a plan to the PyTorch source that a person would write."""
