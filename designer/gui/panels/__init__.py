"""One file, one panel: each follows the workspace and the runs, and none knows another."""
