"""The parts of the training panel: sections that fold, a kind and its settings, the learning rate over a run."""
