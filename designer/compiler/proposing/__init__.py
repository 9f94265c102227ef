"""Proposes networks for data: a few sensible ones by its kind and size, each sound and ready to be trained."""
