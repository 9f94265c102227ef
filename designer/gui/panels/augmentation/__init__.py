"""How training pictures are changed by chance: the choice, and pictures before and after."""
