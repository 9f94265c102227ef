"""The context menu: what can be done with the node, the link or the empty place under the pointer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from designer.gui.canvas.editing.lining_up import fill_for_several
from designer.gui.canvas.editing.mark_menu import fill_colours, fill_for_mark
from designer.gui.canvas.editing.menu_keys import add_action
from designer.gui.canvas.spots import Spot

if TYPE_CHECKING:
    from designer.gui.canvas.view import Canvas

ROUNDS = (1, 2, 3, 4, 6, 8, 12)
"""How many times a group is repeated most often."""


def pop_up(canvas: Canvas, spot: Spot, at: QPoint, on_screen: QPoint | None = None) -> None:
    """Open the menu for what stands at a point of the viewport, there or elsewhere on the screen."""
    menu = menu_for(canvas, spot, canvas.to_scene(at))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(canvas.viewport().mapToGlobal(at) if on_screen is None else on_screen)


def menu_for(canvas: Canvas, spot: Spot, at: QPointF) -> QMenu:
    """The menu for a spot; `at` is where the pointer is, in scene coordinates."""
    menu = QMenu(canvas)
    menu.setToolTipsVisible(True)
    if spot.node is not None:
        _fill_for_node(menu, canvas, spot.node)
    elif spot.link is not None:
        _fill_for_link(menu, canvas, spot, at)
    elif spot.mark is not None:
        fill_for_mark(menu, canvas, spot.mark)
    else:
        add_action(menu, canvas, "add_here", "Add a layer…", lambda: canvas.quick_add.open_at(at))
        add_action(menu, canvas, "paste", "Paste", lambda: canvas.commands.paste(at))
        add_action(menu, canvas, "select_all", "Select all", canvas.selecting.everything)
        add_action(menu, canvas, "sticky", "Add a note", lambda: canvas.marks.add_sticky(at))
        menu.addSeparator()
        add_action(menu, canvas, "fit_all", "Show everything", canvas.fit_all)
        if canvas.workspace.place:
            add_action(menu, canvas, "leave_group", "Leave the group", canvas.leave_group)
    return menu


def _fill_for_link(menu: QMenu, canvas: Canvas, spot: Spot, at: QPointF) -> None:
    link = spot.link
    assert link is not None
    dots = {(link, index) for index in range(len(canvas.design.links[link].dots))}
    menu.addAction("Disconnect", partial(canvas.commands.cut_links, (link,)))
    menu.addSeparator()
    menu.addAction("Remove the dot" if spot.dot is not None else "Add a dot", partial(canvas.toggle_dot, spot, at))
    if dots:
        menu.addAction("Remove all its dots", partial(canvas.commands.remove_dots, dots))


def _fill_for_node(menu: QMenu, canvas: Canvas, node: str) -> None:
    item = canvas.design.nodes[node]
    for problem in item.problems:
        for fix in problem.fixes:
            # The first one is what the key for the selected layer makes.
            like = "fix_selected" if menu.isEmpty() else "first_fix"
            action = add_action(menu, canvas, like, fix.label, partial(canvas.workspace.fix, fix))
            action.setToolTip(problem.sentence)
            if like == "first_fix" or len(canvas.workspace.selection) != 1:
                action.setShortcut(QKeySequence())
    if not menu.isEmpty():
        menu.addSeparator()
    if item.is_group:
        add_action(menu, canvas, "enter_group", "Enter the group", lambda: canvas.enter_group(node))
    if canvas.lining_up.count > 1:
        fill_for_several(menu, canvas, canvas.lining_up)
    add_action(menu, canvas, "rename", "Rename", canvas.rename_selected)
    menu.addSeparator()
    add_action(menu, canvas, "group", "Group", canvas.groups.group)
    if canvas.groups.chosen:
        _fill_for_groups(menu, canvas)
    menu.addSeparator()
    add_action(menu, canvas, "cut", "Cut", canvas.cut_selection)
    add_action(menu, canvas, "copy", "Copy", canvas.copy_selection)
    add_action(menu, canvas, "duplicate", "Duplicate", canvas.commands.duplicate)
    menu.addSeparator()
    fill_colours(menu, canvas.marks)
    if node in canvas.design.marks.frame_of:
        add_action(menu, canvas, "leave_frame", "Take out of the frame", canvas.marks.leave_frame)
    else:
        add_action(menu, canvas, "frame", "Frame", canvas.marks.frame_selection)
    menu.addSeparator()
    disconnect = menu.addAction("Disconnect", canvas.commands.disconnect)
    disconnect.setEnabled(bool(canvas.workspace.shown.links_of(node)))
    add_action(menu, canvas, "bypass", "Switch on" if canvas.flow.bypassed else "Bypass", canvas.flow.toggle_bypass)
    add_action(menu, canvas, "dissolve", "Dissolve", canvas.flow.dissolve)
    add_action(menu, canvas, "delete", "Delete", canvas.delete_selection)


def _fill_for_groups(menu: QMenu, canvas: Canvas) -> None:
    """What can be done with the selected groups."""
    groups, one = canvas.groups, len(canvas.groups.chosen) == 1
    add_action(menu, canvas, "ungroup", "Ungroup", groups.ungroup)
    shown = "Collapse" if groups.expanded else "Expand in place"
    add_action(menu, canvas, "expand_group", shown, groups.toggle_expanded)
    rounds = menu.addMenu("Repeat")
    for number in ROUNDS:
        rounds.addAction(f"x{number}" if number > 1 else "Once", partial(groups.repeat, number))
    if one:
        rounds.addSeparator()
        add_action(rounds, canvas, "repeat_group", "Other…", groups.ask_rounds)
    if groups.blocks:
        add_action(menu, canvas, "make_unique", "Make unique", groups.make_unique)
        if len(groups.blocks) == 1:
            add_action(menu, canvas, "rename_block", "Rename the block", groups.ask_block_name)
    elif one:
        add_action(menu, canvas, "make_block", "Make a block", groups.make_block)
    if one:
        add_action(menu, canvas, "store_group", "Save to my groups", groups.store)
