"""The examples: every source read, laid out as tensors, split and standardized."""
