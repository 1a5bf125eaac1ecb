"""The last words of a console are written once, whoever asks for them and however often."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from supporttui.console.link import Link


class Store:
    """Counts the interrupts; one that comes while `writing` breaks the write off, as a database does."""

    def __init__(self) -> None:
        self.interrupted = threading.Event()
        self.interrupts = 0

    def interrupt(self) -> None:
        self.interrupts += 1
        self.interrupted.set()


def test_a_second_end_waits_for_the_first_and_breaks_nothing_off() -> None:
    store = Store()
    desk: Any = SimpleNamespace(store=store)
    link, began, saved = Link(desk), threading.Event(), []

    def save(_desk: Any) -> None:
        store.interrupted.clear()
        began.set()
        if store.interrupted.wait(0.3):
            raise RuntimeError("broken off")
        saved.append("the draft")

    first = threading.Thread(target=link.finish, args=(save,))
    first.start()
    assert began.wait(5)
    link.finish(lambda _desk: saved.append("again"))
    assert saved == ["the draft"]
    first.join()
    assert store.interrupts == 1


def test_patience_ends() -> None:
    link = Link(SimpleNamespace(store=Store()))  # type: ignore[arg-type]
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        link.finish(lambda _desk: time.sleep(1.0), patience=0.05)
    assert time.monotonic() - began < 0.9
