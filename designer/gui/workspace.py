"""The one place where the open design is held: every change goes through `commit`, every view follows `changed`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from designer.catalogue.tensor import Specs
from designer.compiler.checking.check import check
from designer.compiler.checking.custom import Answers
from designer.compiler.checking.facts import Files, data_key
from designer.compiler.checking.report import Report, dressed
from designer.compiler.moving import moved
from designer.compiler.project import examine, open_design, without_defaults
from designer.graph import edits, files
from designer.graph.blocks import Blocks, with_blocks
from designer.graph.changes import Changes, difference
from designer.graph.document import EMPTY, Document, Link, Node, Position
from designer.graph.history import History
from designer.graph.nesting import renaming
from designer.graph.own_groups import taken_into
from designer.graph.places import free_place
from designer.gui.consent import Consent
from designer.gui.file_looks import FileLooks
from designer.gui.levels import Place, path_of, report_at, stands, still_there
from designer.gui.library import Library
from designer.gui.new_nodes import new_node
from designer.gui.offers import Offer
from designer.gui.sheet import Sheet
from designer.problems import Fix, UserError
from designer.protocol import Inspected

Edit = Callable[[Document], Document]

LAYER_MIME = "application/x-netwright-layer"
"""What a drag from the palette carries: the name of an offer, in UTF-8."""


class Workspace(QObject):
    """The open design, its history, its report, and what of it is selected and shown.

    `place` is the path of groups that is shown, outermost first; `shown` is the design there. Edits
    passed to `commit` are made in the shown design.
    """

    changed = Signal(object, object)
    """(Changes, Report) of the shown design; data, training and text flags are the whole design's.

    Whoever follows it reads the design from `report.document`: another design comes as two signals, one
    that takes everything away and one that brings the new.
    """
    selection_changed = Signal(object)
    """frozenset of node ids in the shown design."""
    place_changed = Signal(object)
    """The new path of groups; comes before the `changed` that shows what is there."""
    going = Signal()
    """The user goes elsewhere in the design, into or out of groups or to a node; comes before anything changes."""
    gone_to = Signal()
    """The selected nodes were gone to: whoever shows the design brings them into view."""
    opened = Signal()
    """Another design is shown now, or an empty one was begun."""
    parked = Signal(object)
    """The `Sheet` that is shown is put aside for another one; comes before anything changes."""
    closed = Signal(object)
    """A `Sheet` is open no more; of the one that is shown, this comes before anything changes."""
    title_changed = Signal()
    """The file's name, or whether there is something to save, changed."""
    refused = Signal(str)
    """One sentence why an edit was not made."""

    def __init__(
        self, parent: QObject | None = None, consent: Consent | None = None, library: Library | None = None
    ) -> None:
        super().__init__(parent)
        self.library = library if library is not None else Library(parent=self)
        """All that can be placed, the user's own groups too."""
        self.consent = consent if consent is not None else Consent(parent=self)
        """Which Python code of designs may run."""
        self.looks = FileLooks(self)
        self.looks.told.connect(self._learn_file)
        self._answers: Answers = {}
        self.sheet = Sheet.empty()
        """Which of the open designs is shown."""
        self._history = self.sheet.history
        self._saved = self._history.document
        self.path: Path | None = None
        self.place: Place = ()
        self.selection: frozenset[str] = frozenset()
        self.report: Report = check(Document(), answers=self._answers)
        self._shown: tuple[Report, Place, Report] = (self.report, (), self.report)

    @property
    def document(self) -> Document:
        """The whole design."""
        return self._history.document

    @property
    def home(self) -> Path | None:
        """The folder of the design's file, from which the files that it names are looked for."""
        return self.path.absolute().parent if self.path is not None else None

    @property
    def shown(self) -> Document:
        """The design that the canvas shows: the whole, or the network inside a group."""
        return self.document.at(self.place)

    @property
    def shown_report(self) -> Report:
        """The report of the shown design; of a repeated group, its first round."""
        of, place, shown = self._shown
        if of is not self.report or place != self.place:
            shown = report_at(self.report, self.place)
            self._shown = (self.report, self.place, shown)
        return shown

    def report_at(self, place: Place) -> Report:
        """The report of the design at a path of groups that stand."""
        return self.shown_report if place == self.place else report_at(self.report, place)

    @property
    def history(self) -> History:
        """All steps, for the undo and redo entries of the menu."""
        return self._history

    @property
    def saved(self) -> Document:
        """The design as its file has it."""
        return self._saved

    @property
    def modified(self) -> bool:
        """Whether there is something to save."""
        return self.document is not self._saved

    def commit(self, edit: Edit, label: str, merge: object = None, blocks: Blocks = EMPTY) -> bool:
        """Make an edit in the shown design, as one undo step; with the same `merge` key, joined to the last.

        `blocks` come along into the whole design. Returns whether it was made; where it was not, `refused` says why.
        """
        return self.commit_whole(
            lambda document: edits.within(with_blocks(document, blocks), self.place, edit), label, merge
        )

    def commit_whole(self, edit: Edit, label: str, merge: object = None) -> bool:
        """Make an edit in the whole design: its data, its training, or inside a group of choice."""
        try:
            document = edit(self.document)
        except UserError as error:
            self.refused.emit(str(error))
            return False
        if document is not self.document:
            self._become(self._history.commit(document, label, merge))
        return True

    def settle(self) -> None:
        """End a gesture: the next edit is a step of its own, whatever its merge key."""
        self._history = self._history.settle()

    def fix(self, fix: Fix) -> bool:
        """Make the mend that a problem offers."""
        return self.commit_whole(lambda document: edits.apply_fix(document, fix), fix.label)

    def add(self, name: str, position: Position | None = None) -> str:
        """Add a node of an offer and select it; returns its id.

        Without a position it stands to the right of the selected node and is connected to it.
        """
        alone = next(iter(self.selection)) if len(self.selection) == 1 else None
        offer, before = self.library.offers[name], alone if position is None else None
        node = self.new_node(offer, self.leaving(before))
        place = position if position is not None else free_place(self.shown, before)

        def add(document: Document) -> Document:
            document = edits.add_node(document, node, place)
            source = self.shown_report.nodes.get(before) if before is not None else None
            if source is not None and source.outputs and offer.takes_links:
                document = edits.connect(document, Link(source.node.id, node.id))
            return document

        self.commit(add, f"Add {offer.title}", blocks=self.blocks_of(offer))
        self.select((node.id,))
        return node.id

    def new_node(self, offer: Offer, behind: Specs | None = None) -> Node:
        """A node under a free id, with the settings that suit the data, and the tensor that it is placed behind."""
        return new_node(self.report, self.shown, offer, behind)

    def blocks_of(self, offer: Offer) -> Blocks:
        """The blocks that the design needs for a node of an offer, and lacks."""
        return taken_into(self.document, offer.ready).new if offer.ready is not None else EMPTY

    def leaving(self, node: str | None) -> Specs | None:
        """What leaves the first port of a node; None where that is not known."""
        report = self.shown_report.nodes.get(node) if node is not None else None
        return report.shape if report is not None else None

    def learn(self, answer: Inspected) -> None:
        """Take what the worker found out about a layer of the user's own; it is asked about once a window."""
        self._answers = {**self._answers, answer.key: answer}
        self.report = self._examined(self.report)
        self._tell(Changes(rest=True))

    def _learn_file(self, key: str) -> None:
        """Take what was found in a data file, where the open design learns from it."""
        if key == self.looks.followed:
            self.report = self._examined(self.report)
            self._tell(Changes(data=True, rest=True))

    def _examined(self, previous: Report | None = None) -> Report:
        self.looks.follow(data_key(self.document.data, self.home))
        return examine(self.document, previous, self._answers, Files(self.looks.known, self.home))

    def outlook(self, document: Document) -> Report:
        """What the check would say of a design that is not open, one that was made from the open one."""
        return examine(document, self.report, self._answers, Files(self.looks.known, self.home))

    def undo(self) -> None:
        """Take the last edit back."""
        self._become(self._history.undo())

    def redo(self) -> None:
        """Make the edit taken back last again."""
        self._become(self._history.redo())

    def go_to_step(self, place: int) -> None:
        """Go to a place of the history, by undo or redo."""
        self._become(self._history.jump(place))

    def select(self, nodes: Collection[str]) -> None:
        """Select nodes of the shown design; unknown ids are left out."""
        chosen = frozenset(nodes) & frozenset(self.shown.nodes)
        if chosen != self.selection:
            self.selection = chosen
            self.selection_changed.emit(chosen)

    def enter(self, place: Place) -> None:
        """Show the network inside groups, outermost first; () for the whole design."""
        if place != self.place:
            self.going.emit()
            self.turn_to(place)

    def turn_to(self, place: Place, selection: Collection[str] = ()) -> None:
        """Show another place without going there: a canvas that shows it already is worked in from now on."""
        if place == self.place:
            return
        before = self.shown
        self.select(())
        self.place = place
        self.place_changed.emit(place)
        self._tell(difference(before, self.shown))
        self.select(selection)

    def show_node(self, full_id: str) -> None:
        """Go where a node stands ("block1.0.conv1") and select it."""
        path = path_of(self.report, full_id)
        if path is not None:
            self.go_to(path)

    def go_to(self, path: Place, together: Collection[str] = ()) -> None:
        """Show the node at a path of groups and its own id, and select it, with others beside it or alone."""
        if self.stands(path[:-1]):
            self.going.emit()
            self.enter(path[:-1])
            self.select({path[-1], *together})
            self.gone_to.emit()

    def new(self, beside: bool = False) -> None:
        """Begin an empty design."""
        self._load(Document(), None, beside)

    def open(self, path: Path, beside: bool = False) -> None:
        """Open a file, in place of this design or beside it; raises UserError, and changes nothing, if it is bad."""
        self._load(open_design(path), path, beside)

    def open_copy(self, path: Path, beside: bool = False) -> None:
        """Open a file as a new design without a path (a sample)."""
        self._load(open_design(path), None, beside)

    def recover(self, document: Document, path: Path | None, place: Place = ()) -> None:
        """Open a design that was never saved, as an unsaved change of the file it belongs to."""
        try:
            before = open_design(path) if path is not None else Document()
        except UserError:
            before = Document()
        self._load(before, path, beside=False)
        self._become(self._history.commit(without_defaults(document), "Recover unsaved changes"))
        if self.stands(place):
            self.enter(place)

    def reload(self, theirs: Document) -> None:
        """Take what another program wrote to the file; undo brings back what was here."""
        self._saved = theirs
        self._become(self._history.commit(theirs, "Reload from disk"))
        self.title_changed.emit()

    def keep_mine(self, theirs: Document) -> None:
        """Stay with this design over what another program wrote, which undo can still reach."""
        mine, self._saved = self.document, theirs
        self._history = self._history.commit(theirs, "What stood on disk").commit(mine, "Keep mine")
        self.title_changed.emit()

    def save(self, path: Path) -> None:
        """Write the design to a file, which is its path from now on; raises UserError.

        In another folder, it still names the same files.
        """
        document = moved(self.document, self.home, path.absolute().parent)
        files.write(document, path)
        self.path = path
        if document is not self.document:
            self._become(self._history.commit(document, "Keep the paths of its files"))
        self._saved = self.document
        if data_key(self.document.data, self.home) != self.looks.followed:  # its folder is another one now
            self.report = self._examined(self.report)
            self._tell(Changes(data=True, rest=True))
        self.title_changed.emit()

    def keep(self) -> None:
        """Write into the sheet what is shown now."""
        sheet = self.sheet
        sheet.history, sheet.saved, sheet.path, sheet.report = self._history, self._saved, self.path, self.report
        sheet.place, sheet.selection = self.place, self.selection

    def show_sheet(self, sheet: Sheet, keep: bool = True) -> None:
        """Show another design; the one that was shown stays open, or not."""
        self.keep()
        (self.parked if keep else self.closed).emit(self.sheet)
        self.select(())
        before, left = self.shown, self.place
        self.sheet, self._history, self._saved, self.path = sheet, sheet.history, sheet.saved, sheet.path
        self.place = sheet.place
        self.report = self._examined(sheet.report)
        if left or self.place:
            self.place_changed.emit(self.place)
        # Nothing of the old design is kept, even where a node happens to have the same id.
        self._tell(difference(before, Document()), Report(Document(), {}))
        self._tell(replace(difference(Document(), self.shown), data=True, training=True, text=True))
        self.select(sheet.selection)
        self.opened.emit()
        self.title_changed.emit()

    def _load(self, document: Document, path: Path | None, beside: bool) -> None:
        self.show_sheet(Sheet.of(document, path), keep=beside)

    def _become(self, history: History) -> None:
        before, shown, inside = self.document, self.shown, bool(self.place)
        if history is self._history or history.document is before:
            self._history = history
            return
        self._history = history
        changes = difference(before, self.document)
        if changes.structure or changes.data or before.blocks is not self.document.blocks:
            self.report = self._examined(self.report)
        else:
            self.report = dressed(self.report, self.document)
        self._stay_in_place(before)
        chosen = self._still_chosen(shown)
        selected_anew, self.selection = chosen != self.selection, chosen
        of_shown = difference(shown, self.shown) if inside else changes
        # What changes around a group may change all inside it: what reaches it, the values of its variables.
        rest = of_shown.rest or changes.structure
        self._tell(replace(of_shown, data=changes.data, training=changes.training, text=changes.text, rest=rest))
        if selected_anew:
            self.selection_changed.emit(self.selection)
        self.title_changed.emit()

    def _still_chosen(self, before: Document) -> frozenset[str]:
        """What of the selection stands in the shown design still; a node that got another id stays selected."""
        old, new = renaming(before, self.shown) or ("", "")
        return frozenset(new if name == old else name for name in self.selection) & frozenset(self.shown.nodes)

    def _stay_in_place(self, before: Document) -> None:
        """Leave groups that an edit took away."""
        place = still_there(self.place, before, self.document)
        if place != self.place:
            self.place = place
            self.place_changed.emit(place)

    def stands(self, place: Place) -> bool:
        """Whether there are these groups, one inside the other."""
        return stands(self.document, place)

    def _tell(self, changes: Changes, report: Report | None = None) -> None:
        self.changed.emit(changes, self.shown_report if report is None else report)
