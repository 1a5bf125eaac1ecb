"""Files of tickets: added, listed, moved, taken away, and each of it taken back."""

from __future__ import annotations

import os

import pytest

from supporttui.desk import attachments
from supporttui.desk.files import blobs_of, put_path
from supporttui.desk.report import NewTicket, report
from supporttui.desk.undo import redo, undo
from supporttui.errors import Conflict, DataError, NotFound, Refused
from supporttui.store import book, journal
from supporttui.store.blobs import Blobs
from supporttui.store.book_criteria import equal


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "files")


@pytest.fixture
def number(desk):
    return report(desk, NewTicket(subject="abends at start", severity=3)).number


def quarantined(desk):
    return book.select(desk.store, attachments.KIND, equal(state="quarantined"))


def add(desk, number, blobs, name="trace.log", content=b"10:01 start\n10:02 abend 0C4\n", **more):
    return attachments.add(desk, number, blobs.put_bytes(content), name, blobs=blobs, **more)


def told(desk, number):
    return [one for one in journal.of_ticket(desk.store, number) if one.kind == "file"]


def test_a_file_is_listed_and_stands_in_the_journal_with_its_first_lines(desk, number, blobs):
    made = add(desk, number, blobs, type="text/plain")
    assert attachments.listed(desk, number) == [made]
    assert (made.name, made.size, made.state, made.added_by) == ("trace.log", 28, "stored", "ana")
    (line,) = told(desk, number)
    assert line.id == made.entry
    assert line.text == "10:01 start\n10:02 abend 0C4"
    assert (line.data["name"], line.data["hash"], line.data["size"]) == ("trace.log", made.hash, 28)
    assert not line.public


def test_an_undo_takes_the_file_away_and_a_redo_brings_it_back(desk, number, blobs):
    made = add(desk, number, blobs)
    for which in (None, number):
        undo(desk, which)
        assert attachments.listed(desk, number) == []
        with pytest.raises(NotFound):
            attachments.get(desk, made.id)
        redo(desk, which)
        assert [one.id for one in attachments.listed(desk, number)] == [made.id]


def test_taking_away_is_taken_back_and_the_content_stays(desk, number, blobs):
    made = add(desk, number, blobs)
    attachments.remove(desk, made)
    assert attachments.listed(desk, number) == [] and blobs.has(made.hash)
    assert told(desk, number)[-1].data["removed"] is True
    undo(desk, number)
    assert [one.id for one in attachments.listed(desk, number)] == [made.id]


def test_moving_tells_both_tickets_and_one_undo_takes_it_back(desk, number, blobs):
    other = report(desk, NewTicket(subject="the right one", severity=3)).number
    made = add(desk, number, blobs)
    moved = attachments.move(desk, made, other, blobs=blobs)
    assert (attachments.listed(desk, number), attachments.listed(desk, other)) == ([], [moved])
    assert told(desk, number)[-1].data["moved"] == other
    assert told(desk, other)[-1].data["from"] == number
    assert told(desk, other)[-1].text.startswith("10:01 start")
    undo(desk)
    assert [one.id for one in attachments.listed(desk, number)] == [made.id]
    assert attachments.listed(desk, other) == []
    redo(desk)
    assert [one.id for one in attachments.listed(desk, other)] == [made.id]


def test_a_file_that_waits_gets_its_ticket_or_is_rejected(desk, number, blobs):
    waits = add(desk, 0, blobs, source="upload", place="acme")
    assert (waits.state, waits.ticket) == ("quarantined", 0)
    assert quarantined(desk) == [waits]
    rejected = attachments.reject(desk, waits)
    assert (rejected.state, quarantined(desk)) == ("rejected", [])
    undo(desk)
    waits = attachments.get(desk, waits.id)
    placed = attachments.move(desk, waits, number, blobs=blobs)
    assert (placed.state, quarantined(desk)) == ("stored", [])
    undo(desk)
    assert attachments.get(desk, waits.id).state == "quarantined"


def test_what_came_by_itself_is_nobodys_to_undo(desk, number, blobs):
    report(desk, NewTicket(subject="mine", severity=4))
    add(desk, number, blobs, source="mail", entry=told(desk, number)[0].id if told(desk, number) else 7)
    assert told(desk, number) == [], "it came with a message that stands in the journal"
    came = add(desk, number, blobs, source="upload", name="core.gz")
    assert told(desk, number)[0].data["source"] == "upload"
    with pytest.raises(Refused):
        undo(desk)
    assert [one.id for one in attachments.listed(desk, number)][-1] == came.id


def test_the_same_content_lies_once_and_is_attached_once(desk, number, blobs):
    add(desk, number, blobs)
    with pytest.raises(Refused, match=r"attached to ticket \d+ already as trace.log"):
        add(desk, number, blobs, name="again.log")
    other = report(desk, NewTicket(subject="too", severity=3)).number
    add(desk, other, blobs)
    kept = [file for _folder, _folders, files in os.walk(blobs.folder) for file in files]
    assert len(kept) == 1


def test_two_who_move_the_same_file_don_t_overwrite_each_other(desk, raj, number, blobs):
    one, two = (report(desk, NewTicket(subject=s, severity=3)).number for s in ("one", "two"))
    made = add(desk, number, blobs)
    attachments.move(desk, made, one)
    before = len(told(desk, two))
    with pytest.raises(Conflict):
        attachments.move(raj, made, two)
    assert len(told(desk, two)) == before, "nothing half-done"


def test_a_file_makes_no_decision_stale(desk, raj, number, blobs):
    from supporttui.desk.change import set_severity
    from supporttui.store import tickets

    seen = tickets.get(desk.store, number).version
    add(raj, number, blobs)
    assert set_severity(desk, number, 2, seen=seen).severity == 2


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\dumps\\core.dmp", "core.dmp"),
        ("a\x1b]52;c;eA==\x07b\nc.log", "a ]52;c;eA== b c.log"),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("x" * 400 + ".log", "x" * 251 + ".log"),
    ],
)
def test_a_name_is_a_label_and_never_a_path(name, label):
    assert attachments.label_of(name) == label


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        ("~root", "_root"),
        ("../.ssh", "_ssh"),
        ("\x1b]0;x\x07", "]0;x"),
        ("-rf", "_rf"),
        ("C:x", "C-x"),
        ("\n", "unnamed"),
    ],
)
def test_a_copy_is_never_called_what_leads_elsewhere(desk, blobs, name, copy):
    """Also where the store holds a name that came past the checks."""
    from dataclasses import replace

    file = replace(add(desk, 0, blobs, source="upload"), name=name)
    assert attachments.file_name(file) == copy


def test_only_regular_files_are_attached_from_a_path(tmp_path, blobs):
    (tmp_path / "a.log").write_bytes(b"x" * 2000)
    assert put_path(blobs, tmp_path / "a.log", most=2000).size == 2000
    with pytest.raises(DataError, match="1,999 are allowed"):
        put_path(blobs, tmp_path / "a.log", most=1999)
    os.mkfifo(tmp_path / "pipe")
    for path, error in ((tmp_path / "pipe", DataError), (tmp_path, DataError), (tmp_path / "no", NotFound)):
        with pytest.raises(error):
            put_path(blobs, path, most=10_000)


def test_files_of_a_store_in_memory_go_with_it(desk):
    blobs = blobs_of(desk)
    blobs.put_bytes(b"x")
    assert blobs_of(desk).folder == blobs.folder
    assert blobs.folder.stat().st_mode & 0o777 == 0o700
