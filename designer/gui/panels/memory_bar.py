"""What training takes in memory, for batches and numbers of one's choice: the line above the parameter table."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from designer.catalogue.entry import LARGEST
from designer.compiler.checking.report import Report
from designer.compiler.cost import PRECISIONS, USUAL, Cost, batch_size_of, size_text, training_cost
from designer.gui.panels.editors import CalmCombo
from designer.gui.panels.widgets import MARGIN, text_label


class MemoryBar(QWidget):
    """The batch size and the precision to reckon with, and the sum that comes of them."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._design_batch = 0
        self.sum = text_label(parent=self)
        self.batch = QSpinBox(self)
        self.batch.setRange(1, LARGEST)
        self.batch.setKeyboardTracking(False)
        self.batch.setToolTip("How many examples at a time to reckon with; the training itself stays as it is")
        self.batch.setAccessibleName("Batch size to reckon with")
        self.precision = CalmCombo(self)
        self.precision.addItems(list(PRECISIONS))
        self.precision.setCurrentText(USUAL)
        self.precision.setToolTip("The type of the numbers to reckon with; the training itself stays as it is")
        self.precision.setAccessibleName("Precision to reckon with")
        # Narrower than their widest values, so that the panel can be narrow too.
        self.batch.setMinimumWidth(64)
        self.precision.setMinimumWidth(72)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 0, 4, 4)
        row.addWidget(self.sum, 1)
        row.addWidget(QLabel("Batch", self))
        row.addWidget(self.batch)
        row.addWidget(self.precision)
        self.batch.valueChanged.connect(self.chosen)
        self.precision.currentTextChanged.connect(self.chosen)

    def reckon(self, report: Report) -> Cost:
        """What a design takes as chosen here; a new batch size of the design is taken over."""
        batch = batch_size_of(report)
        if batch != self._design_batch:
            self._design_batch = batch
            self.batch.blockSignals(True)
            self.batch.setValue(batch)
            self.batch.blockSignals(False)
        cost = training_cost(report, self.batch.value(), self.precision.currentText())
        self._show(cost)
        return cost

    def _show(self, cost: Cost) -> None:
        parts = {
            "weights": cost.weights,
            "gradients": cost.gradients,
            "optimizer": cost.optimizer,
            "activations": cost.activations,
        }
        if cost.training is None:
            self.sum.setText("Memory in training: not known, as a length is free")
        else:
            self.sum.setText(f"Memory in training: about {size_text(cost.training)}")
        made_up = ", ".join(f"{what} {size_text(number)}" for what, number in parts.items())
        self.sum.setToolTip(f"{made_up}; the batch itself and what is in passing come on top")
