"""An import that is killed at any instant: what is in is whole, and the next run ends as if nothing had happened."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supporttui.clock import ManualClock
from supporttui.desk.session import Desk
from supporttui.intake import importer
from supporttui.store import deadlines, journal, open_store, tickets
from supporttui.store.criteria import AllOf, Sort

NOW = datetime(2026, 11, 20, tzinfo=UTC)
TICKETS = 240
MAPPING = """
group_by = "id"
[ticket]
subject = "id"
[event]
time = "at"
status = "status"
severity = { value = 1 }
"""
SLOW_IMPORT = """
import sys
from datetime import UTC, datetime
from supporttui.clock import ManualClock
from supporttui.desk.session import Desk
from supporttui.intake import importer
from supporttui.store import open_store
importer.BATCH = 4
desk = Desk(open_store(sys.argv[1]), "netex", ManualClock(datetime(2026, 11, 20, tzinfo=UTC)), "importer")
importer.run(desk, sys.argv[2], sys.argv[3], progress=lambda done, total: print(done, flush=True))
"""


@pytest.fixture
def files(tmp_path) -> tuple[Path, Path]:
    source, mapping = tmp_path / "in.csv", tmp_path / "map.toml"
    with source.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "at", "status"))
        for number in range(TICKETS):
            writer.writerow((f"T{number}", "2026-11-01 08:00", "new"))
            writer.writerow((f"T{number}", "2026-11-01 20:00", "resolved"))
    mapping.write_text(MAPPING)
    return source, mapping


def state(path: Path) -> list[tuple]:
    """Everything that the desk knows of every ticket."""
    with open_store(path) as store:
        found = []
        for line in tickets.page(store, AllOf(), Sort("number"), limit=1000):
            entries = [(e.kind, e.at, e.version, e.data) for e in journal.of_ticket(store, line.number)]
            found.append((tickets.get(store, line.number), entries, deadlines.of_ticket(store, line.number)))
        return found


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
@pytest.mark.parametrize("batches", [1, 7])
def test_a_killed_import_leaves_whole_tickets_and_goes_on(tmp_path, files, batches):
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    killed, straight = folder / "killed.db", folder / "straight.db"
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_IMPORT, str(killed), *map(str, files)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
    ) as process:  # fmt: skip
        for _ in range(batches):
            assert process.stdout is not None and process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    partly = state(killed)
    assert 4 * batches <= len(partly) < TICKETS
    assert [kind for kind, *_ in partly[-1][1]] == ["reported", "escalated", "resolved"]
    for path in (killed, straight):
        with open_store(path) as store:
            importer.run(Desk(store, "netex", ManualClock(NOW), "importer"), *files)
    assert state(killed) == state(straight)
