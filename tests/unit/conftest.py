"""A desk in memory under NetEx's policy, with a clock that is moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supporttui.clock import ManualClock
from supporttui.desk.session import Desk
from supporttui.store import open_store

MONDAY = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    return ManualClock(MONDAY)


@pytest.fixture
def store():
    store = open_store(":memory:")
    yield store
    store.close()


@pytest.fixture
def desk(store, clock):
    return Desk(store, "netex", clock, "ana")


@pytest.fixture
def raj(desk):
    """Another analyst at the same store."""
    return Desk(desk.store, desk.policy, desk.clock, "raj")
