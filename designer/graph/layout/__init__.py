"""Layout in layers: where the nodes of a design stand, and which way its long links run."""

from __future__ import annotations

from designer.graph.layout.arranging import Direction, Layout, arranged
from designer.graph.layout.boxes import Box, usual_boxes
from designer.graph.layout.placing import apply, part_of, put_back

__all__ = ["Box", "Direction", "Layout", "apply", "arranged", "part_of", "put_back", "usual_boxes"]
