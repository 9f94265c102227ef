"""What is done to the selection by key or menu; each becomes one edit of the workspace."""
