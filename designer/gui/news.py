"""What the window tells of runs, refusals and code that waits for consent: in the bar, the status bar, the problems."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from designer import protocol
from designer.compiler.checking.custom import WAITING
from designer.gui.custom_code import CustomCode
from designer.gui.docks import Docks
from designer.gui.message_bar import MessageBar
from designer.gui.open_file import OpenFile
from designer.gui.runs import Run, Runs
from designer.gui.sheet import Sheet
from designer.gui.status_bar import StatusBar
from designer.problems import Problem


class News(QObject):
    """Follows what happens, says it where it is seen, and offers the way to where it is mended."""

    node_wanted = Signal(str)
    """A node is to be shown with its settings."""

    def __init__(
        self, file: OpenFile, runs: Runs, custom: CustomCode, docks: Docks, messages: MessageBar, status: StatusBar,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._workspace, self._sheets, self._runs, self._custom = file.workspace, file.sheets, runs, custom
        self._docks, self._messages, self._status = docks, messages, status
        self._refused: Problem | None = None
        self._consent_asked = self._edit_refused = ""
        self._workspace.opened.connect(self._follow_sheet)
        self._workspace.refused.connect(self._say_refused_edit)
        self._workspace.changed.connect(self._forget_refused_edit)
        custom.waiting_changed.connect(self.ask_consent)
        runs.begun.connect(self._follow_begun)
        runs.refused.connect(self._say_refused)
        runs.changed.connect(self._take_back_refusal)
        runs.failed.connect(self._say_failed)
        runs.ended.connect(self._say_ended)
        runs.runner.told.connect(self._follow_event)

    def _follow_sheet(self) -> None:
        """What the bar said was about the design before."""
        self._messages.hide()
        self._recall()
        self.ask_consent()

    def ask_consent(self) -> None:
        """A design that carries code of its own says so, and asks before it is run."""
        waiting = self._custom.waiting
        if waiting:
            number = "1 layer" if len(waiting) == 1 else f"{len(waiting)} layers"
            sentence = f"This design carries Python code of its own ({number}). It is not run until you allow it."
            self._messages.ask(
                sentence, ("Show code", lambda: self.node_wanted.emit(waiting[0][0])), ("Allow", self._custom.allow)
            )
            self._consent_asked = sentence
        elif self._consent_asked and self._messages.text == self._consent_asked:
            self._messages.hide()

    def _say_refused(self, problems: tuple[Problem, ...]) -> None:
        """Why no run began, with the mend of the first problem, if it has one."""
        first = self._refused = problems[0]
        if first.code == WAITING and self._custom.waiting:
            self.ask_consent()
            return
        self._docks.show_panel("training", focus=False)
        fix = next(iter(first.fixes), None)
        if fix is not None:
            self._messages.warn(first.sentence, fix.label, lambda: self._workspace.fix(fix))
        elif (node := first.node) is not None:
            self._messages.warn(first.sentence, f"Show {node}", lambda: self.node_wanted.emit(node))
        elif first.code == "no-data":
            self._messages.warn(first.sentence, "Choose the data", lambda: self._docks.show_panel("data"))
        else:
            self._messages.warn(first.sentence)

    def _say_refused_edit(self, sentence: str) -> None:
        self._edit_refused = sentence
        self._messages.warn(sentence)

    def _forget_refused_edit(self) -> None:
        """The next edit that is made answers the refusal of the one before."""
        if self._edit_refused and self._messages.text == self._edit_refused:
            self._messages.hide()
        self._edit_refused = ""

    def _take_back_refusal(self) -> None:
        """What was mended elsewhere needs no bar any more."""
        if self._refused is not None and self._refused not in self._runs.problems:
            if self._messages.text == self._refused.sentence:
                self._messages.hide()
            self._refused = None

    def _say_failed(self, problem: Problem) -> None:
        run, node = self._runs.current, problem.node
        elsewhere = run.sheet if run is not None and run.left else None
        if elsewhere is None:
            self._docks.problems.add_run_problem(problem)
        if node is None or (elsewhere is not None and elsewhere not in self._sheets.all):
            self._messages.warn(problem.sentence)
        else:
            label = f"Show {node}" if elsewhere is None else f"Show {node} of {elsewhere.title}"
            self._messages.warn(problem.sentence, label, lambda: self._show_in(elsewhere, node))

    def _show_in(self, sheet: Sheet | None, node: str) -> None:
        """Go to a node, in another of the open designs where one is named."""
        if sheet is not None and sheet in self._sheets.all:
            self._sheets.show(sheet)
        self.node_wanted.emit(node)

    def _recall(self) -> None:
        """The design that is shown again failed in its last run: its problems stand among the others."""
        run = self._runs.current
        if run is not None and run.problem is not None and not run.left:
            self._docks.problems.add_run_problem(run.problem)

    def _say_ended(self, run: Run) -> None:
        if run.finished is not None and run.finished.reason:
            self._status.hint(f"The training stopped: {run.finished.reason}.")
        elif run.finished is not None and not run.finished.stopped:
            self._status.hint("The training is done.")

    def _follow_begun(self) -> None:
        self._docks.problems.clear_run_problems()
        self._messages.hide()
        self._status.hint("")
        # Whoever watches the live figures of the layers goes on watching them.
        if not any(self._docks.is_in_front(name) for name in ("curves", "parameters")):
            self._docks.show_panel("curves", focus=False)

    def _follow_event(self, event: protocol.AnyEvent) -> None:
        """What failed outside of a run: the worker's start, an export."""
        if isinstance(event, protocol.Failed) and not event.run:
            self._messages.warn(event.problem.sentence)
