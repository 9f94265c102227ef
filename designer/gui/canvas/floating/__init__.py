"""What floats over the canvas: the search, the card, lists, fields, the legend, the minimap."""
