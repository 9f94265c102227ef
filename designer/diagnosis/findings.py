"""All that is found in the course of a run, causes before what follows from them."""

from __future__ import annotations

from designer.diagnosis.course import Course
from designer.diagnosis.of_data import about_data
from designer.diagnosis.of_layers import begins_alike, dead_units, exploding, too_slow, vanishing
from designer.diagnosis.of_learning import diverging, no_signal, not_finite, overfitting, plateau, underfitting
from designer.problems import Problem

CAUSES = (diverging, not_finite, begins_alike, dead_units, vanishing, exploding, too_slow, no_signal)
"""In this order: what comes first explains what comes later, of which nothing is said then."""
COURSES = (overfitting, underfitting, plateau)


def findings(course: Course) -> tuple[Problem, ...]:
    """What is wrong with the run now, worst first; nothing of what is over."""
    data = tuple(about_data(course))
    if course.problem is not None and any(found.code == "nan-data" for found in data):
        return data
    cause = next((found for rule in CAUSES if (found := rule(course)) is not None), None)
    if cause is not None:
        return (cause, *data)
    way = next((found for rule in COURSES if (found := rule(course)) is not None), None)
    return (way, *data) if way is not None else data
