"""What other threads put into a mailbox comes to the window, in order, and to nobody where the window is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.gui.mailbox import Mailbox


def test_all_that_a_thread_tells_comes_in_order_in_the_window_s_thread(qtbot: QtBot) -> None:
    mailbox, came = Mailbox(), []
    mailbox.came.connect(lambda thing: came.append((thing, threading.current_thread())))

    def work(tell: Callable[[Any], None]) -> None:
        for number in range(100):
            tell(number)

    mailbox.start(work)
    qtbot.waitUntil(lambda: len(came) == 100)
    assert [thing for thing, _ in came] == list(range(100))
    assert {thread for _, thread in came} == {threading.main_thread()}


def test_nobody_is_told_where_the_window_is_gone(qapp: QApplication) -> None:
    mailbox, came = Mailbox(), []
    mailbox.came.connect(came.append)
    go = threading.Event()

    def work(tell: Callable[[Any], None]) -> None:
        go.wait()
        tell("late")

    thread = mailbox.start(work)
    mailbox.deleteLater()
    del mailbox
    qapp.sendPostedEvents(None, 52)  # a deferred deletion
    go.set()
    thread.join()
    qapp.processEvents()
    assert came == []
