"""The design as items: follows every change item by item, owns no truth, and knows what stands where."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Set

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsScene

from designer.compiler.checking.report import Report
from designer.graph.blocks import block_named
from designer.graph.changes import Changes, difference
from designer.graph.document import EMPTY, Document, Link, Position
from designer.graph.routes import Dot, Route, Routes, carried_along
from designer.gui.canvas.items.link_item import DOT_RADIUS, LinkItem
from designer.gui.canvas.items.marks import Marks
from designer.gui.canvas.items.node_item import NodeItem
from designer.gui.canvas.items.overview import Overview
from designer.gui.canvas.items.value_item import ValueItems
from designer.gui.canvas.leading import MANY, Leading
from designer.gui.canvas.look import MANY_LINKS, Look, PortEnd
from designer.gui.canvas.paths.ways import Ways, plain
from designer.gui.canvas.spots import PORT_REACH, Spot, spot_among
from designer.gui.theme import Theme

EXTENT = 20_000.0
"""The scene reaches about this far beyond its nodes, in every direction."""


class DesignScene(QGraphicsScene):
    """Items by id and by link, kept equal to the shown design by `follow`."""

    def __init__(self, theme: Theme, *, cosmetic: bool = True) -> None:
        super().__init__(-EXTENT, -EXTENT, 2 * EXTENT, 2 * EXTENT)
        self.look = Look(theme, cosmetic=cosmetic)
        self.nodes: dict[str, NodeItem] = {}
        self.links: dict[Link, LinkItem] = {}
        self.report = Report(Document(), {})
        self.chosen: frozenset[str] = frozenset()
        self._blocks_told = False
        self.chosen_links: frozenset[Link] = frozenset()
        self.chosen_dots: frozenset[Dot] = frozenset()
        self.overview = Overview()
        self.marks = Marks(self, self.nodes, self.look)
        self.values = ValueItems(self, self.look)
        self._links_of: dict[str, set[Link]] = {}
        self._ways = Ways()
        self._leading = Leading(lambda link: self._run(link, self._way(link), anew=False), self)

    @property
    def document(self) -> Document:
        """The design that is shown."""
        return self.report.document

    def show_whole(self, report: Report) -> None:
        """Show a design from nothing."""
        self.follow(difference(self.document, report.document), report)

    def follow(self, changes: Changes, report: Report) -> None:
        """Bring the items in line with a changed design."""
        for link in changes.unlinked:
            self._drop_link(link)
        areas = [self._drop_node(name) for name in changes.removed]
        for name in changes.added:
            self._add_node(name, report)
        reshaped = self._refresh(report).union(changes.added)
        for link in changes.linked:
            self._add_link(link)
        for link in changes.rerouted:
            self._lead(link, report.document.routes.get(link, ()))
        for name in changes.moved:
            self.nodes[name].setPos(*report.document.positions.get(name, (0.0, 0.0)))
        ends = {end for link in (*changes.linked, *changes.unlinked) for end in (link.source, link.target)}
        self._settle(reshaped.union(changes.moved), (*changes.linked, *changes.rerouted), areas)
        self._hold(self.marks.follow(report.document))
        for name in (ends | reshaped) & self.nodes.keys():
            self._note_linked(name)
        self.look.fine = len(self.links) > MANY_LINKS

    def tell_uses(self, uses: Mapping[str, int]) -> None:
        """Say at each group that shows a block how many do."""
        if uses or self._blocks_told:
            for item in self.nodes.values():
                item.tell_uses(uses.get(block_named(item.report.node), 0))
        self._blocks_told = bool(uses)

    def _add_node(self, name: str, report: Report) -> None:
        item = NodeItem(report.nodes[name], self.look)
        item.setPos(*report.document.positions.get(name, (0.0, 0.0)))
        item.mark(chosen=name in self.chosen)
        self.nodes[name] = item
        self._links_of[name] = set()
        self.addItem(item)

    def _drop_node(self, name: str) -> QRectF:
        """Take a node's item away; returns the place that is free now."""
        self.values.drop(name)
        self.removeItem(self.nodes.pop(name))
        self.overview.drop_node(name)
        del self._links_of[name]
        return self._ways.drop_node(name)

    def _add_link(self, link: Link) -> None:
        item = LinkItem(link, self.nodes[link.source], self.nodes[link.target], self.look)
        item.dots = self.document.routes.get(link, ())
        self.links[link] = item
        self._links_of[link.source].add(link)
        self._links_of[link.target].add(link)
        self.addItem(item)

    def _drop_link(self, link: Link) -> None:
        self.removeItem(self.links.pop(link))
        self.overview.drop_link(link)
        self._ways.drop_link(link)
        self._leading.drop(link)
        self._links_of[link.source].discard(link)
        self._links_of[link.target].discard(link)
        self.chosen_links -= {link}
        self.chosen_dots = frozenset(dot for dot in self.chosen_dots if dot[0] != link)

    def _lead(self, link: Link, dots: Route) -> None:
        """Give a link other dots; `_settle` must come after."""
        item = self.links[link]
        if len(item.dots) != len(dots) and item.chosen_dots:
            self.choose_dots(dot for dot in self.chosen_dots if dot[0] != link)
        item.dots = dots

    def _refresh(self, report: Report) -> set[str]:
        """Give items the reports that are not the same as before; returns the nodes whose ports may have moved."""
        problems, nodes, reshaped = report.problems_by_node, self.nodes, set()
        touched = [name for name, fresh in report.nodes.items() if nodes[name].report is not fresh]
        for name in (problems.keys() | self.report.problems_by_node.keys()) & nodes.keys():
            if nodes[name].report is report.nodes[name] and nodes[name].problems != problems.get(name, ()):
                touched.append(name)
        self.report = report
        for name in touched:
            item, fresh, found = nodes[name], report.nodes[name], problems.get(name, ())
            # From afar a node shows its colour and how bad its problems are, which shapes alone do not change.
            plain = not item.problems and not found and item.report.node is fresh.node
            if item.refresh(fresh, found):
                reshaped.add(name)
            elif not plain:
                self.overview.put_node(item)
        self._repaint(touched)
        return reshaped

    def _repaint(self, names: Collection[str]) -> None:
        """Paint nodes anew, and their links."""
        if len(names) > MANY:
            self.update()
            return
        for name in names:
            self.nodes[name].update()
            for link in self._links_of[name]:
                self.links[link].update()

    def _note_linked(self, name: str) -> None:
        """Tell a node which of its ports have links."""
        found: set[tuple[str, str]] = set()
        for link in self._links_of[name]:
            item = self.links[link]
            if link.source == name and item.source_port is not None:
                found.add(("outputs", item.source_port.name))
            if link.target == name and item.target_port is not None:
                found.add(("inputs", item.target_port.name))
        self.nodes[name].link_ports(frozenset(found))

    def place(self, places: Mapping[str, Position], ways: Routes = EMPTY) -> None:
        """Put nodes' items somewhere, links with them, and lead links through dots; the design does not change."""
        for name, position in places.items():
            self.nodes[name].setPos(*position)
        bent = [link for name in places for link in self._links_of[name] if self.links[link].dots]
        carried = carried_along(self.document, places, bent)
        for link in bent:
            if link not in ways:
                self._lead(link, carried.get(link, self.document.routes.get(link, ())))
        for link, dots in ways.items():
            self._lead(link, dots)
        self._settle(places, ways, [])

    def path_under(self, link: Link, node: str) -> QPainterPath:
        """The path of a link if it does not go around a node."""
        way = self.links[link]
        return self._ways.find_over(node, link, way.start(), way.end(), way.dots) if node else self._way(link)

    def _settle(self, nodes: Collection[str], links: Iterable[Link], areas: list[QRectF]) -> None:
        """Lead links anew: new ones, those of nodes that changed, and those that meet what came or went."""
        for name in nodes:
            item = self.nodes[name]
            areas.extend(self._ways.put_node(name, item.body.translated(item.pos())))
            self.overview.put_node(item)
        own = {link for name in nodes for link in self._links_of[name]}.union(links)
        concerned = own if len(own) == len(self.links) else own | self._ways.affected(areas)
        if len(concerned) > MANY:
            for link in own:
                way = self.links[link]
                self._run(link, plain(way.start(), way.end(), way.dots))
            self._leading.add(concerned)
        else:
            for link in concerned:
                self._run(link, self._way(link), anew=link in own)
        bent = [self.links[link].path.controlPointRect() for link in own if self.links[link].dots]
        self.marks.settle(nodes)
        self.values.settle(nodes)
        self._hold((*areas, *bent))

    def _way(self, link: Link) -> QPainterPath:
        """The best path of a link as its ends stand now."""
        item = self.links[link]
        return self._ways.find(link, item.start(), item.end(), item.dots)

    def _run(self, link: Link, path: QPainterPath, *, anew: bool = True) -> None:
        """Let a link run along a path; `anew` where it must, since what is at its ends moved."""
        self._leading.drop(link)
        way = self.links[link]
        if anew or path != way.path:
            way.follow(path)
        if anew:  # from afar a link is straight, whatever it goes around
            self.overview.put_link(way)

    def finish(self) -> None:
        """Lead every link that waits for it, before a picture is taken."""
        self._leading.finish()

    def _hold(self, areas: Iterable[QRectF]) -> None:
        """Let the scene reach far enough beyond its nodes; it is no larger, or hit tests become slow."""
        reach = self.sceneRect()
        for area in areas:
            if not reach.contains(area):
                reach = reach.united(area.adjusted(-EXTENT, -EXTENT, EXTENT, EXTENT))
        if reach != self.sceneRect():
            self.setSceneRect(reach)

    def mark_chosen(self, names: Collection[str]) -> None:
        """Show these nodes as selected."""
        names = frozenset(names)
        for name in self.chosen ^ names:
            if name in self.nodes:
                self.nodes[name].mark(chosen=name in names)
                self.overview.put_node(self.nodes[name])
        self.chosen = names

    def choose_links(self, links: Collection[Link]) -> None:
        """Select links; they are selected on the canvas alone."""
        chosen = frozenset(links) & frozenset(self.links)
        for link in self.chosen_links ^ chosen:
            self.links[link].mark(chosen=link in chosen)
        self.chosen_links = chosen

    def choose_dots(self, dots: Iterable[Dot]) -> None:
        """Select dots of links; they are selected on the canvas alone."""
        chosen = frozenset((link, index) for link, index in dots if index < len(self.document.routes.get(link, ())))
        for link in {link for link, _ in self.chosen_dots ^ chosen} & self.links.keys():
            self.links[link].choose_dots(frozenset(index for each, index in chosen if each == link))
        self.chosen_dots = chosen

    def light(
        self, ports: Collection[PortEnd] | None, held: str = "", fits: Callable[[PortEnd], bool] | None = None
    ) -> None:
        """Light these ports and dim all nodes without one, but not the `held` one; None ends it.

        Those that `fits` is False for are drawn hollow. It is asked for what is in view alone.
        """
        self.look.lit = ports
        self.look.fits = fits
        self.look.lit_nodes = frozenset((held, *(port[0] for port in ports or ())))
        self.update()

    def colour(self, steps: Mapping[str, int] | None) -> None:
        """Colour nodes by their step on the theme's scale, or again as they are; what has no step is muted."""
        self.look.steps = steps
        for item in self.nodes.values():
            self.overview.put_node(item)
        self.update()

    def recolour(self, steps: Mapping[str, int], different: Set[str]) -> None:
        """Give the nodes that are `different` their new step, and paint no others."""
        self.look.steps = steps
        for name in different & self.nodes.keys():
            self.overview.put_node(self.nodes[name])
            self.nodes[name].update()

    def take_theme(self, theme: Theme) -> None:
        """Paint with another theme."""
        self.look.take(theme)
        self.update()

    def spot(self, at: QPointF, zoom: float) -> Spot:
        """What stands at a point."""
        reach = PORT_REACH / zoom
        around = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        return spot_among(self.items(around, Qt.ItemSelectionMode.IntersectsItemBoundingRect), self.marks, at, zoom)

    def port_near(self, at: QPointF, reach: float, ports: Collection[PortEnd]) -> PortEnd | None:
        """The nearest of `ports` within `reach` scene pixels."""
        around = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        found: tuple[float, PortEnd] | None = None
        for item in self.items(around, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
            if not isinstance(item, NodeItem):
                continue
            for end, _, middle in item.ports():
                distance = QLineF(middle, at).length()
                if end in ports and distance <= reach and (found is None or distance < found[0]):
                    found = (distance, end)
        return found[1] if found is not None else None

    def nodes_in(self, area: QRectF) -> frozenset[str]:
        """The nodes whose body touches a rectangle."""
        items = self.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        found = (item for item in items if isinstance(item, NodeItem))
        return frozenset(item.id for item in found if item.body.translated(item.pos()).intersects(area))

    def links_near(self, area: QRectF) -> list[LinkItem]:
        """The links that may touch a rectangle."""
        items = self.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        return [item for item in items if isinstance(item, LinkItem)]

    def dots_in(self, area: QRectF) -> frozenset[Dot]:
        """The dots that stand in a rectangle."""
        return frozenset(
            (item.link, index)
            for item in self.links_near(area)
            for index, dot in enumerate(item.dots)
            if area.contains(QPointF(*dot))
        )

    def bounds(self, names: Collection[str] | None = None) -> QRectF:
        """The rectangle around nodes and the dots between them, as a rule around all; a null one around none."""
        bounds = self.marks.bounds() if names is None else QRectF()
        found = [self.nodes[name] for name in (self.nodes if names is None else names) if name in self.nodes]
        places = [(item.x(), item.y(), item.x() + item.width, item.y() + item.height) for item in found]
        if places:
            lefts, tops, rights, bottoms = zip(*places, strict=True)
            corner, opposite = QPointF(min(lefts), min(tops)), QPointF(max(rights), max(bottoms))
            bounds = bounds.united(QRectF(corner, opposite))
        for link, dots in self.document.routes.items():
            if names is None or (link.source in names and link.target in names):
                for x, y in dots:
                    bounds = bounds.united(QRectF(x - DOT_RADIUS, y - DOT_RADIUS, 2 * DOT_RADIUS, 2 * DOT_RADIUS))
        return bounds
