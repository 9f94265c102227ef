"""Answers questions about trained networks; holds the network that was asked last, for the next question."""

from __future__ import annotations

from msgspec.structs import replace

from designer.engine.evaluation.fitted import Fitted, state_of
from designer.engine.evaluation.predicting import Predictor
from designer.engine.evaluation.showing import answers_shown, shown
from designer.engine.evaluation.verdict import by_output, case, class_names, places_of_cell, rows_of, verdict
from designer.engine.failures import EXPECTED, Failure, explain, fail
from designer.engine.training.loop import Trainer
from designer.protocol import Evaluate, Evaluated, Predict, Predicted, Sampled, Samples

SHOWN = 200
"""The inputs of so many of the worst examples go with the answer; those of others are asked for."""


class Answering:
    """Answers one request after the other; nothing is raised but bugs, whatever else comes is told as a problem."""

    def __init__(self) -> None:
        self._fitted: Fitted | None = None
        self._predictor: Predictor | None = None

    def forget(self) -> None:
        """Gives the memory back, for a run that begins."""
        self._fitted = None

    def evaluate(self, request: Evaluate, trainer: Trainer | None) -> Evaluated:
        """How a run does on a split."""
        try:
            fitted = self._fit(request, trainer)
            outcomes = fitted.outcomes(request.split)
            kept, data = fitted.kept, fitted.bench.data
            found = []
            for outcome in outcomes:
                rows = rows_of(outcome, outcome.order[:SHOWN])
                told = verdict(outcome, kept.meaning(outcome.goal.target.field).classes)
                seen = (*shown(kept, data, rows), *answers_shown(outcome, outcome.order[:SHOWN]))
                found.append(replace(told, shown=seen))
        except (Failure, *EXPECTED) as error:
            return Evaluated(request.folder, request.split, problem=explain(error))
        return Evaluated(request.folder, request.split, len(outcomes[0].losses), tuple(found))

    def samples(self, request: Samples, trainer: Trainer | None) -> Sampled:
        """The examples behind a cell of a confusion matrix."""
        cell = (request.folder, request.split, request.output, request.true, request.predicted)
        try:
            fitted = self._fit(request, trainer)
            outcome = by_output(fitted.outcomes(request.split)).get(request.output)
            if outcome is None:
                raise fail("target", f"This run has no output called {request.output}.", "Evaluate it anew.")
            kept = fitted.kept
            places = places_of_cell(outcome, request.true, request.predicted)
            some = places[: request.count]
            classes = class_names(outcome, kept.meaning(outcome.goal.target.field).classes)
            cases = tuple(case(outcome, int(place), classes) for place in some)
            rows = rows_of(outcome, some)
            seen = (*shown(kept, fitted.bench.data, rows), *answers_shown(outcome, some)) if cases else ()
        except (Failure, *EXPECTED) as error:
            return Sampled(*cell, problem=explain(error))
        return Sampled(*cell, len(places), cases, seen)

    def predict(self, request: Predict) -> Predicted:
        """What a run says of new examples."""
        try:
            known = self._predictor
            if known is None or known.folder != request.folder or known.state != state_of(request.folder):
                self._predictor = known = Predictor(request.folder, request.allowed)
            return known.answer(request)
        except (Failure, *EXPECTED) as error:
            return Predicted(request.folder, path=request.path, problem=explain(error))

    def _fit(self, request: Evaluate | Samples, trainer: Trainer | None) -> Fitted:
        known = self._fitted
        if known is None or known.folder != request.folder or known.state != state_of(request.folder):
            self._fitted = None  # before the next one takes as much memory
            self._fitted = known = Fitted(request.folder, trainer, request.allowed)
        return known
