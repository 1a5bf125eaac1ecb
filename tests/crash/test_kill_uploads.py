"""Who takes files from the upload folder is killed (kill -9) at random: every file is on its ticket exactly once, whole."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk import attachments
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.intake.settings import UploadsTable
from supporttui.intake.uploads import Uploads
from supporttui.policy import load
from supporttui.store import journal, open_store
from supporttui.store.blobs import Blobs

POLICY = load("netex")
TICKETS = 4
ROUNDS = 4  # files for each kill: enough that few rounds find an empty folder


def desk_in(folder: Path) -> Desk:
    return Desk(open_store(folder / "desk.sqlite3"), POLICY, SystemClock(), "uploads")


def takes(folder: Path, rounds: int | None, ready: int = -1) -> int:
    """Look again and again; how many files were taken.  ready: is told when the first look is done."""
    desk = desk_in(folder)
    uploads = Uploads(desk, UploadsTable(folder=str(folder / "uploads")), Blobs(folder / "files"))
    taken, left = 0, rounds
    while left is None or left:
        found = uploads.look()
        if ready >= 0:
            os.write(ready, b".")
            os.close(ready)
            ready = -1
        taken += len(found.taken)
        if left is not None and not found.taken and not found.waiting:
            left -= 1
        time.sleep(0.001)
    uploads.close()
    desk.store.close()
    return taken


def killed(folder: Path, after: float) -> None:
    """A process that takes files, killed so many seconds after its first look."""
    waits, ready = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            takes(folder, None, ready)
        finally:
            os._exit(1)
    os.close(ready)
    os.read(waits, 1)
    os.close(waits)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it ended by itself: {status}"


@pytest.mark.skipif(sys.platform != "linux", reason="forks, and tells open files")
@pytest.mark.parametrize("kills", [15, pytest.param(300, marks=pytest.mark.slow)])
def test_every_file_is_on_its_ticket_once_after_kills(tmp_path: Path, kills: int) -> None:
    tmp_path.chmod(0o700)
    inbox = tmp_path / "uploads"
    inbox.mkdir()
    desk = desk_in(tmp_path)
    for _ in range(TICKETS):
        report(desk, NewTicket(subject="abends", severity=3))
    desk.store.close()
    chance, sent = random.Random(7), {}
    for turn in range(kills):
        for part in range(ROUNDS):
            name = f"{1 + (turn + part) % TICKETS}-{turn}-{part}.dmp"
            content = chance.randbytes(chance.choice((1, 5_000, 400_000)))
            (inbox / f"{name}.part").write_bytes(content)
            (inbox / f"{name}.part").rename(inbox / name)
            sent[name] = hashlib.sha256(content).hexdigest()
        killed(tmp_path, chance.uniform(0, 0.06))
    there = len(list(inbox.iterdir()))
    assert takes(tmp_path, 3) == there, "what was left is taken in the end"
    desk = desk_in(tmp_path)
    blobs, found, lines = Blobs(tmp_path / "files"), Counter(), Counter()
    for number in range(1, TICKETS + 1):
        for one in attachments.listed(desk, number):
            assert one.name.startswith(f"{number}-") and one.hash == sent[one.name]
            assert hashlib.sha256(blobs.path(one.hash).read_bytes()).hexdigest() == one.hash
            found[one.name] += 1
        for entry in journal.of_ticket(desk.store, number, kinds=["file"]):
            lines[entry.data["name"]] += 1
    desk.store.close()
    assert set(found) == set(sent) and set(found.values()) == {1}
    assert lines == found
    assert list(inbox.iterdir()) == []
    taken_under_fire = len(sent) - there
    print(f"{kills} kills: {len(sent)} files, {taken_under_fire} taken under fire, 0 lost, 0 twice")
    assert taken_under_fire, "the kills came too early to mean anything"
