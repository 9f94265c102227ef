"""What is painted on the canvas: nodes, links, frames and notes as items, and the design from afar."""
