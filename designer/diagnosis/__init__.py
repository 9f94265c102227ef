"""What is wrong with a training, in plain words: from what a run tells, without Qt and without torch."""

from designer.diagnosis.columns import names_of
from designer.diagnosis.course import Course
from designer.diagnosis.findings import findings

__all__ = ["Course", "findings", "names_of"]
