"""A store of its own for every test, and short ways to fill it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supporttui.policy.timeline import Deadline
from supporttui.store import journal, open_store, tickets

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def path(tmp_path):
    return tmp_path / "desk.sqlite3"


@pytest.fixture
def store(path):
    with open_store(path) as opened:
        yield opened


@pytest.fixture
def report():
    """report(store, subject, **fields) writes a ticket and returns its number."""

    def write(store, subject="link down", **fields):
        given = {"subject": subject, "severity": 2, "status": "new", "reported_at": NOW, **fields}
        return tickets.insert(store, given)

    return write


@pytest.fixture
def note():
    """note(store, number, text, **fields) writes a journal entry and returns its id."""

    def write(store, number, text="", **fields):
        entry = {"version": 1, "at": NOW, "recorded_at": NOW, "actor": "ana", "kind": "note", **fields}
        return journal.append(store, ticket=number, text=text, **entry)

    return write


@pytest.fixture
def rung():
    """rung(key, due, state, **fields) is a deadline as the policy plans it."""

    def make(key, due, state="armed", **fields):
        facts = {"kind": "escalation", "role": key, "level": 1, "label": key.title(), "severity": 2, **fields}
        return Deadline(key=key, due_at=due, state=state, **facts)

    return make
