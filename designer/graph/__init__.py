"""The design as immutable data: documents, the edits that turn one into another, history, differences, files."""
