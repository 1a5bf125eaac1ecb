"""The folder for uploads: what stands still is taken once, and nothing in it is believed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from supporttui.desk import attachments
from supporttui.desk.change import set_status
from supporttui.desk.reference import reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import PolicyError, StoreError
from supporttui.intake import upload_records, uploads
from supporttui.intake.settings import UploadsTable
from supporttui.intake.uploads import Uploads
from supporttui.store import book, journal, open_store, tickets
from supporttui.store.blobs import Blobs
from supporttui.store.book_criteria import equal

DUMP = b"\x00\x01core" * 1000


class Yard:
    """A folder for uploads beside a desk."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.inbox = folder / "uploads"
        self.inbox.mkdir()
        self.blobs = Blobs(folder / "files")
        self.uploads = self.again()

    def again(self, **more):
        return Uploads(self.desk, UploadsTable(folder=str(self.inbox), **more), self.blobs)

    def put(self, name, content=DUMP):
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def looks(self, times=2):
        """The last of so many looks."""
        return [self.uploads.look() for _ in range(times)][-1]

    def items(self):
        return book.select(self.desk.store, "intake-item", equal(kind="file"))

    def ticket(self, subject="abends", **more):
        return report(self.desk, NewTicket(subject=subject, severity=3, **more)).number


@pytest.fixture
def yard(desk, tmp_path):
    yard = Yard(desk, tmp_path)
    yield yard
    yard.uploads.close()


def customer(desk, name, key=""):
    return book.insert(desk.store, "customer", {"name": name, "key": key})


def test_a_file_is_taken_at_the_second_look_and_told_in_the_journal(yard):
    number = yard.ticket()
    path = yard.put(f"{number}-core.dmp")
    first = yard.uploads.look()
    assert (first.taken, first.waiting, path.exists()) == ((), 1, True)
    (taken,) = yard.uploads.look().taken
    assert (taken.ticket, taken.size, taken.hash) == (number, len(DUMP), hashlib.sha256(DUMP).hexdigest())
    assert not path.exists()
    (file,) = attachments.listed(yard.desk, number)
    assert yard.blobs.path(file.hash).read_bytes() == DUMP
    (line,) = journal.of_ticket(yard.desk.store, number, kinds=["file"])
    assert line.data["hash"] == file.hash and line.data["size"] == len(DUMP)
    assert line.text.startswith("00 01 63 6f 72 65")
    assert yard.items() == []


def test_a_file_that_grows_or_is_touched_is_waited_for(yard):
    number = yard.ticket()
    path = yard.put(f"{number}.log", b"a")
    yard.uploads.look()
    path.write_bytes(b"ab")
    assert yard.uploads.look().taken == ()
    os.utime(path, ns=(1, 1))
    assert yard.uploads.look().taken == ()
    assert len(yard.uploads.look().taken) == 1


def test_a_file_that_changes_while_it_is_copied_is_left(yard, monkeypatch):
    number = yard.ticket()
    path = yard.put(f"{number}.log")
    monkeypatch.setattr(uploads, "_being_written", lambda _file: False)
    yard.uploads.look()
    look = yard.uploads.look(meanwhile=lambda: path.write_bytes(DUMP + b"more"))
    assert look.taken == () and path.exists()
    assert not any(one.is_file() for one in yard.blobs.folder.rglob("*")), "no half copy stays"
    assert yard.looks().taken[0].size == len(DUMP) + 4


def test_a_file_that_somebody_has_open_for_writing_is_waited_for(yard):
    number = yard.ticket()
    path = yard.put(f"{number}.log")
    with path.open("ab"):
        assert yard.looks(5).taken == () and path.exists()
    assert len(yard.looks(1).taken) == 1


def test_clients_partial_and_hidden_files_wait(yard):
    number = yard.ticket()
    for name in (f"{number}.log.filepart", f"{number}.PART", f".{number}.log"):
        yard.put(name)
    assert yard.looks(5).taken == ()
    (yard.inbox / f"{number}.log.filepart").rename(yard.inbox / f"{number}.log")
    assert len(yard.looks().taken) == 1


def test_an_empty_file_is_given_time_to_be_filled(yard):
    number = yard.ticket()
    yard.put(f"{number}.log", b"")
    assert yard.looks(uploads.EMPTY_WAITS - 1).taken == ()
    assert len(yard.looks(1).taken) == 1


# -- what is never taken --------------------------------------------------------------------------


def test_links_pipes_and_large_files_stay_and_are_told_once(yard, tmp_path):
    number = yard.ticket()
    secret = tmp_path / "secret"
    secret.write_bytes(b"root:x")
    (yard.inbox / f"{number}-link.log").symlink_to(secret)
    os.link(secret, yard.inbox / f"{number}-hard.log")
    os.mkfifo(yard.inbox / f"{number}-pipe.log")
    (yard.inbox / "folder").symlink_to(tmp_path)
    with yard.put(f"{number}-large.log").open("r+b") as file:
        file.truncate(2_000_000_001)
    look = yard.looks(4)
    assert look.taken == ()
    whys = {one.key[-1].partition("-")[2] or one.key[-1]: one.why for one in look.left}
    assert whys["link.log"] == whys["folder"] == "a symbolic link"
    assert whys["pipe.log"] == "no regular file"
    assert "2 names" in whys["hard.log"]
    assert "2,000,000,001 bytes" in whys["large.log"]
    assert secret.read_bytes() == b"root:x"
    assert len(yard.items()) == 5
    yard.uploads = yard.again()
    yard.looks(3)
    assert len(yard.items()) == 5, "a new start tells nothing again"
    assert attachments.listed(yard.desk, number) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_only_files_of_the_expected_owners_are_taken(yard):
    number = yard.ticket()
    ours, others = yard.put(f"{number}-a.log", b"a"), yard.put(f"{number}-b.log", b"b")
    os.chown(ours, 1, 1)
    yard.uploads = yard.again(owners=("1",))
    look = yard.looks()
    assert [one.key[-1] for one in look.taken] == [ours.name]
    assert [one.why for one in look.left] == ["of another owner (uid 0)"] and others.exists()
    with pytest.raises(PolicyError, match="no user 'nobodyatall'"):
        yard.again(owners=("nobodyatall",))


def test_a_file_that_is_swapped_for_a_link_after_the_look_is_not_followed(yard, tmp_path, monkeypatch):
    number = yard.ticket()
    path = yard.put(f"{number}.log")
    secret = tmp_path / "secret"
    secret.write_bytes(b"root:x")
    real = os.open

    def swapping(name, flags, *more, **named):
        if name == path.name:
            path.unlink()
            path.symlink_to(secret)
        return real(name, flags, *more, **named)

    yard.uploads.look()
    monkeypatch.setattr(uploads.os, "open", swapping)
    look = yard.uploads.look()
    assert look.taken == () and look.left[0].why.startswith("can't be read")
    assert secret.exists() and not yard.blobs.folder.exists()


def test_a_file_that_is_replaced_while_it_is_copied_is_not_unlinked(yard):
    number = yard.ticket()
    path = yard.put(f"{number}.log")

    def replace():
        (yard.inbox / "new").write_bytes(b"other content")
        os.replace(yard.inbox / "new", path)

    yard.uploads.look()
    taken = yard.uploads.look(meanwhile=replace).taken
    assert len(taken) <= 1 and path.read_bytes() == b"other content"
    more = [one for _ in range(3) for one in yard.uploads.look().taken]
    hashes = {one.hash for one in (*taken, *more)}
    assert hashlib.sha256(b"other content").hexdigest() in hashes


def test_names_are_labels(yard):
    number = yard.ticket()
    name = f"{number} \x1b]0;x\x07\n\u202egpj.exe".encode() + b"\xff"
    with open(os.path.join(os.fsencode(yard.inbox), name), "wb") as file:
        file.write(b"x")
    (taken,) = yard.looks().taken
    (file,) = attachments.listed(yard.desk, number)
    assert file.name.isprintable() and taken.ticket == number


def test_nothing_below_too_many_folders(yard):
    number = yard.ticket()
    yard.put("a/b/c/d/e/f/" + f"{number}.log")
    yard.put("a/b/c/d/e/f/g/" + f"{number}.log", b"deep")
    assert [len(one.key) for one in yard.looks().taken] == [7]


# -- whose it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["{n}.log", "{n}_core.gz", "{n} dump.zip", "ticket {n}.log", "Case-{n}.zip", "core#{n}.gz",
     "{n}/core.dmp", "ticket-{n}/core.dmp", "acme/{n}/core.dmp"],
)  # fmt: skip
def test_a_number_is_read_from_the_name_or_the_folder(yard, name):
    for _ in range(3):
        number = yard.ticket()
    yard.put(name.format(n=number))
    assert yard.looks().taken[0].ticket == number


@pytest.mark.parametrize(
    "name", ["core.{n}", "dump-7.{n}.log", "trace{n}.log", "x{n}/trace.log", "v{n}.1-dump"]
)
def test_process_ids_and_releases_are_no_numbers(yard, name):
    number = yard.ticket()
    yard.put(name.format(n=number))
    (taken,) = yard.looks().taken
    (item,) = yard.items()
    assert (taken.ticket, item.ticket, item.attachment) == (0, 0, taken.attachment)
    assert "names no ticket" in item.text and taken.hash in item.text


def test_a_reference_is_believed_in_anybodys_folder_and_a_made_up_one_is_not(yard):
    customer(yard.desk, "Acme Corp", "4711")
    customer(yard.desk, "Zeta")
    number = yard.ticket(customer="Acme Corp")
    reference = reference_of(yard.desk, number)
    yard.put(f"zeta/dump {reference}.gz")
    assert yard.looks().taken[0].ticket == number
    yard.put(f"zeta/dump {number}-{'a' * 16}.gz", b"other")
    assert yard.looks().taken[0].ticket == 0


def test_in_a_customers_folder_only_that_customers_tickets_count(yard):
    customer(yard.desk, "Acme Corp", "4711")
    customer(yard.desk, "Zeta")
    theirs, ours = yard.ticket(customer="Zeta"), yard.ticket(customer="Acme Corp")
    yard.put(f"4711/{theirs}.log", b"a")
    yard.put(f"acme-corp/{ours}.log", b"b")
    found = {one.key[0]: one.ticket for one in yard.looks().taken}
    assert found == {"4711": 0, "acme-corp": ours}
    (item,) = yard.items()
    assert item.about == theirs and "not of Acme Corp" in item.text


def test_a_customers_only_open_ticket_gets_what_names_none(yard):
    customer(yard.desk, "Acme Corp", "4711")
    only = yard.ticket(customer="Acme Corp")
    yard.put("4711/core.dmp", b"a")
    assert yard.looks().taken[0].ticket == only
    yard.ticket(customer="Acme Corp")
    yard.put("4711/core2.dmp", b"b")
    assert yard.looks().taken[0].ticket == 0
    assert "several open tickets" in yard.items()[0].text


def test_two_numbers_and_unknown_ones_are_a_persons_to_decide(yard):
    one, two = yard.ticket(), yard.ticket("else")
    yard.put(f"{one}/{two}.log", b"a")
    yard.put("ticket 99999.log", b"b")
    assert [taken.ticket for taken in yard.looks().taken] == [0, 0]
    texts = " ".join(item.text for item in yard.items())
    assert "several tickets" in texts and "there is no ticket 99999" in texts


def test_numbers_may_be_believed_in_the_customers_folder_alone(yard):
    customer(yard.desk, "Acme Corp")
    number = yard.ticket(customer="Acme Corp")
    yard.uploads = yard.again(numbers="own", customers={"u17": "acme corp"})
    yard.put(f"{number}.log", b"a")
    yard.put(f"u17/{number}.log", b"b")
    assert sorted(one.ticket for one in yard.looks().taken) == [0, number]


def test_a_merged_tickets_file_goes_where_the_ticket_went(yard):
    from supporttui.desk.relate import merge

    one, two = yard.ticket(), yard.ticket("the same")
    merge(yard.desk, one, two)
    yard.put(f"{one}.log")
    assert yard.looks().taken[0].ticket == two


# -- what it does ---------------------------------------------------------------------------------


def test_what_the_customer_sends_ends_the_wait_for_it_and_a_shared_folder_does_not(yard):
    customer(yard.desk, "Acme Corp")
    number = yard.ticket(customer="Acme Corp")
    set_status(yard.desk, number, "open")
    set_status(yard.desk, number, "waiting-customer")
    yard.put(f"{number}.log", b"a")
    yard.looks()
    assert tickets.get(yard.desk.store, number).status == "waiting-customer"
    yard.put(f"Acme Corp/{number}.log", b"b")
    yard.looks()
    assert tickets.get(yard.desk.store, number).status == "open"


def test_a_file_for_an_ended_ticket_is_attached_and_shown_to_somebody(yard):
    number = yard.ticket()
    for status in ("open", "resolved"):
        set_status(yard.desk, number, status)
    yard.put(f"{number}.log")
    assert yard.looks().taken[0].ticket == number
    assert tickets.get(yard.desk.store, number).status == "resolved"
    (item,) = yard.items()
    assert item.ticket == number and "resolved" in item.text


def test_a_flood_stays_in_its_folder_until_somebody_decides(yard):
    for number in range(upload_records.MOST_WAITING + 15):
        yard.put(f"flood/core.x{number}", b"%d" % number)
    yard.put("other/core.x", b"y")
    look = yard.looks()
    assert len(look.taken) == upload_records.MOST_WAITING + 1
    assert len(look.left) == 15 and "wait for a decision" in look.left[0].why
    assert len(list((yard.inbox / "flood").iterdir())) == 15
    item = next(one for one in yard.items() if one.sender == "flood")
    book.update(yard.desk.store, "intake-item", item.id, item.version, {"state": "rejected"})
    assert len(yard.looks(1).taken) == 1


# -- what breaks off ------------------------------------------------------------------------------


def test_a_file_that_was_written_down_but_not_unlinked_is_one_file(yard, monkeypatch):
    number = yard.ticket()
    path = yard.put(f"{number}.log")

    class Killed(BaseException):
        pass

    real = os.unlink

    def killed(path, *, dir_fd=None):
        if dir_fd is not None:
            raise Killed
        real(path)

    yard.uploads.look()
    with monkeypatch.context() as patch:
        patch.setattr(uploads.os, "unlink", killed)
        with pytest.raises(Killed):
            yard.uploads.look()
    assert path.exists()
    yard.uploads = yard.again()
    (taken,) = yard.looks().taken
    assert taken.again and not path.exists()
    assert len(attachments.listed(yard.desk, number)) == 1


def test_trouble_with_one_file_or_the_folder_is_told_and_the_rest_goes_on(yard, monkeypatch):
    number = yard.ticket()
    for name in "ab":
        yard.put(f"{number}-{name}.log", name.encode())
    real = Blobs.put

    def failing(self, chunks, *, most):
        content = b"".join(chunks)
        if content == b"a":
            raise StoreError("no space left")
        return real(self, [content], most=most)

    monkeypatch.setattr(Blobs, "put", failing)
    look = yard.looks()
    assert [one.key[-1] for one in look.taken] == [f"{number}-b.log"]
    assert [one.why for one in look.left] == ["no space left"]
    monkeypatch.undo()
    assert [one.key[-1] for one in yard.looks(1).taken] == [f"{number}-a.log"]
    yard.inbox.rename(yard.inbox.with_name("moved"))
    assert "can't be opened" in yard.uploads.look().trouble
    yard.inbox.mkdir()
    yard.put(f"{number}-c.log", b"c")
    assert len(yard.looks().taken) == 1


def test_a_full_disk_leaves_the_file(yard, monkeypatch):
    number = yard.ticket()
    path = yard.put(f"{number}.log")
    monkeypatch.setattr(uploads, "KEEP_FREE", 1 << 62)
    look = yard.looks()
    assert "nearly full" in look.left[0].why and path.exists()


def test_a_customer_is_found_in_any_spelling_of_its_name(tmp_path, clock):
    store = open_store(tmp_path / "desk.sqlite3")
    desk = Desk(store, "netex", clock, "uploads")
    number = report(desk, NewTicket(subject="x", severity=3, customer="Größe AG")).number
    assert tickets.open_of_customer(store, "GRÖSSE ag", 2) == [number]
    store.close()


def test_the_settings_that_the_documentation_shows_are_settings():
    import re

    from supporttui.intake.settings import read_intake

    page = (Path(__file__).parents[3] / "docs" / "uploads.md").read_text()
    found = [read_intake(block, "docs") for block in re.findall(r"```toml\n(.*?)```", page, re.S)]
    assert [one.uploads is not None for one in found] == [False, True]
    assert found[1].uploads.customers == {"u4711": "Acme Corp"}


# -- one customer and the others ------------------------------------------------------------------


def test_a_customer_who_floods_a_folder_holds_up_no_other(yard, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_ENTRIES", 20)
    number = yard.ticket()
    for n in range(50):
        yard.put(f"aaa/junk/log{n}x")
        yard.put(f".hidden{n}")
        yard.put(f"flood{n}")
    yard.put(f"bbb/{number}-core.dmp")
    yard.looks(2)
    assert [one.name for one in attachments.listed(yard.desk, number)] == [f"{number}-core.dmp"]
    assert any("more than 20 names" in one.text for one in yard.items())


@pytest.mark.parametrize("place", ["aaa", "."])
def test_a_customer_who_never_stops_sending_holds_up_no_other(yard, monkeypatch, place):
    monkeypatch.setattr(uploads, "MOST_TAKEN", 5)
    number = yard.ticket()
    yard.put(f"bbb/{number}-core.dmp")
    for look in range(6):
        for n in range(12):
            yard.put(f"{place}/{number}-{look}-{n}.txt", f"{look} {n}".encode())
        assert len(yard.uploads.look().taken) <= 5
    assert f"{number}-core.dmp" in [one.name for one in attachments.listed(yard.desk, number)]


def test_a_folder_whose_customer_the_book_does_not_have_is_told_of(yard):
    yard.uploads = yard.again(customers={"u17": "Acme Crop"})
    yard.put("u17/core.dmp")
    [file] = yard.looks().taken
    assert "no open ticket: the book has no customer of this name, which [uploads.customers] says" in file.why
    customer(yard.desk, "Acme Crop")
    yard.put("u17/other.dmp", b"2")
    [file] = yard.looks().taken
    assert file.why == "names no ticket, and Acme Crop has no open ticket"
