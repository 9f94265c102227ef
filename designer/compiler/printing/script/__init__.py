"""Prints a design with its data and its training as one file of plain PyTorch that trains it and asks it."""
