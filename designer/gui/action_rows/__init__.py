"""The table of all actions, one file a menu."""

from __future__ import annotations

from designer.gui.action_rows.arrange import ARRANGE
from designer.gui.action_rows.edit import EDIT
from designer.gui.action_rows.file import FILE
from designer.gui.action_rows.groups import GROUPS
from designer.gui.action_rows.help import HELP
from designer.gui.action_rows.keyboard import KEYBOARD
from designer.gui.action_rows.marks import MARKS
from designer.gui.action_rows.network import NETWORK
from designer.gui.action_rows.select import SELECT
from designer.gui.action_rows.training import TRAINING
from designer.gui.action_rows.view import VIEW
from designer.gui.actions import Row

ROWS: tuple[Row, ...] = (*FILE, *EDIT, *MARKS, *SELECT, *VIEW, *ARRANGE, *NETWORK, *KEYBOARD, *GROUPS, *TRAINING, *HELP)

TOOLBAR = "new open save | undo redo | add_layer first_fix | fit_all zoom_out zoom_in"
TRAINING_BAR = "pause stop more"
