"""The quick end of `kill_writes.py`, in every test run; the figure itself is that command's."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from supporttui.store import open_store

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def kill_writes():
    spec = importlib.util.spec_from_file_location("kill_writes", HERE / "kill_writes.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["kill_writes"] = module
    spec.loader.exec_module(module)
    return module


def test_nothing_acknowledged_is_lost(kill_writes, tmp_path):
    path = str(tmp_path / "desk.sqlite3")
    told, rounds = kill_writes.run(path, kills=20, most_writers=4, seed=3)
    assert sum(rounds) == 20 and len(told) >= 20
    assert kill_writes.check(path, told) == []


def test_the_check_finds_what_is_wrong(kill_writes, tmp_path):
    """A check that can't fail would prove nothing."""
    path = str(tmp_path / "desk.sqlite3")
    told, _ = kill_writes.run(path, kills=1, most_writers=1, seed=4)
    assert any("lost" in line for line in kill_writes.check(path, [*told, "reported 1 nobody/1"]))
    assert any("older" in line for line in kill_writes.check(path, ["changed 1 999999 w1/1"]))
    with open_store(path) as store, store.write():
        store.execute("DELETE FROM deadline WHERE ticket = 1 AND key = 'r1'")
    assert kill_writes.check(path, told) == ["rungs of 1"]
