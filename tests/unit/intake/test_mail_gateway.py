"""From the bytes to the ticket: nothing is lost, nothing is twice, and one bad mail keeps no other one back."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from supporttui.desk.incoming import Incoming, Received
from supporttui.errors import StoreBusy
from supporttui.intake.mail import child, reading, spool
from supporttui.intake.mail.child import Wanted, read_apart
from supporttui.intake.mail.gateway import Gateway
from supporttui.intake.settings import read_intake
from supporttui.store.blobs import Blobs

RAW = b"From: Ann <ann@acme.example>\nSubject: down\nMessage-ID: <1@acme.example>\n\nIt is down.\n"
WITH_FILE = (
    b"From: ann@acme.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nsee the dump\n"
    b"--b\nContent-Disposition: attachment; filename=core\n\nCORE\n--b--\n"
)


@dataclass
class Recorder:
    """Stands for the desk: keeps what it is given.  fails: errors that it raises, one for each call."""

    fails: list[Exception] = field(default_factory=list)
    mails: list[Incoming] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def __call__(
        self, _desk: Any, mail: Incoming, _settings: Any, _blobs: Any, *, acknowledges: str = ""
    ) -> Received:
        if self.fails:
            raise self.fails.pop(0)
        self.mails.append(mail)
        self.tokens.append(acknowledges)
        return Received(outcome="new", ticket=len(self.mails))


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def gateway(desk, tmp_path, recorder):
    settings = read_intake('[mail]\naddresses = ["desk@vendor.example"]\nmost_mb = 1\n', "intake.toml")
    return Gateway(desk, settings, Blobs(tmp_path / "files"), str(tmp_path / "spool"), recorder)


def left(gateway: Gateway) -> list[str]:
    return sorted(os.listdir(gateway.folder))


# -- the spool ---------------------------------------------------------------------------------------


def test_a_mail_in_the_spool_is_whole_private_and_in_order(tmp_path):
    folder = str(tmp_path / "spool")
    first = spool.put(folder, [b"one ", b"", b"mail"], envelope="ann+x@acme.example")
    second = spool.put(folder, iter([RAW]))
    assert sorted(spool.waiting(folder)) == sorted([first, second])
    path = Path(folder, first)
    assert path.read_bytes() == b"one mail"
    assert path.stat().st_mode & 0o777 == 0o600 and Path(folder).stat().st_mode & 0o777 == 0o700
    assert spool.envelope_in(first) == "ann+x@acme.example" and spool.envelope_in(second) == ""
    assert abs((spool.arrived_in(first) - datetime.now(UTC)).total_seconds()) < 10


@pytest.mark.parametrize(
    "envelope", ["<>", "a b@x.example", "../../x@y", "ünï@x.example", "%41@x", "x" * 500, "a/b\x00@c"]
)
def test_any_envelope_is_kept_or_left_out_and_never_a_path(tmp_path, envelope):
    name = spool.put(str(tmp_path), [RAW], envelope=envelope)
    assert spool.is_name(name) and len(name) < 255
    assert spool.envelope_in(name) in (envelope, "")
    assert (tmp_path / name).read_bytes() == RAW


def test_what_breaks_off_leaves_no_mail_behind(tmp_path):
    def chunks():
        yield b"half a"
        raise OSError("the line is gone")

    with pytest.raises(OSError, match="gone"):
        spool.put(str(tmp_path), chunks())
    assert os.listdir(tmp_path) == []


def test_a_mail_is_synced_before_it_has_its_name_and_the_folder_after(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(spool.os, "fsync", lambda handle: done.append(os.readlink(f"/proc/self/fd/{handle}")))
    rename = os.rename
    monkeypatch.setattr(spool.os, "rename", lambda old, new: (done.append("rename"), rename(old, new)))
    name = spool.put(str(tmp_path), [RAW])
    assert done == [str(tmp_path / (name + ".part")), "rename", str(tmp_path)]


def test_half_written_files_of_yesterday_go_and_those_of_today_stay(tmp_path):
    for name, age in (("1-a.mail.part", 2 * spool.STALE), ("2-b.mail.part", 10)):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    assert spool.waiting(str(tmp_path)) == []
    assert os.listdir(tmp_path) == ["2-b.mail.part"]


def test_a_mail_that_somebody_works_on_is_nobody_elses(tmp_path):
    name = spool.put(str(tmp_path), [RAW])
    mine = spool.claim(str(tmp_path), name)
    assert mine is not None and spool.claim(str(tmp_path), name) is None
    mine.release()
    again = spool.claim(str(tmp_path), name)
    assert again is not None
    again.done()
    assert spool.claim(str(tmp_path), name) is None and spool.claim(str(tmp_path), name, wait=True) is None


def test_who_waits_for_a_mail_hears_that_it_is_done(tmp_path):
    name = spool.put(str(tmp_path), [RAW])
    mine = spool.claim(str(tmp_path), name)
    assert mine is not None
    heard: list[object] = []
    other = threading.Thread(target=lambda: heard.append(spool.claim(str(tmp_path), name, wait=True)))
    other.start()
    mine.done()
    other.join(10)
    assert heard == [None]


def test_of_two_alike_that_fail_together_the_older_one_stays(tmp_path):
    first, second, other = (spool.put(str(tmp_path), [raw]) for raw in (RAW, RAW, RAW + b"x"))
    assert first < second < other, "names are in the order of arrival"
    for name in (first, second, other):
        spool.drop_twin(str(tmp_path), name)
    assert spool.waiting(str(tmp_path)) == [first, other]


def test_a_spool_that_others_may_write_in_is_not_used(tmp_path):
    folder = tmp_path / "spool"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(PermissionError, match="chmod 700"):
        spool.put(str(folder), [RAW])
    assert os.listdir(folder) == []


def test_a_store_whose_name_was_mistyped_makes_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        spool.put(str(tmp_path / "typo" / "spool"), [RAW])
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("store", "named", "folder"), [
    ("/srv/a/desk.sqlite3", "", "/srv/a/spool"), ("/srv/a/test.sqlite3", "", "/srv/a/spool-test.sqlite3"),
    ("sqlite:////srv/a/desk.sqlite3", "", "/srv/a/spool"), ("/srv/a/desk.sqlite3", "/mnt/files", "/mnt/files/spool"),
    ("postgresql://ana:secret@db.example/desk", "", "{data}/spool-postgresql-db-example-desk"),
    ("", "", "{data}/spool"),
])  # fmt: skip
def test_each_store_has_a_spool_of_its_own(monkeypatch, store, named, folder):
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert spool.folder_for(store, named) == folder.format(data="/data/supporttui")


# -- the child ---------------------------------------------------------------------------------------


@pytest.fixture
def mail(tmp_path):
    path = tmp_path / "a.mail"
    path.write_bytes(RAW)
    return str(path)


def burn(*_given: Any, **_named: Any) -> None:
    while True:
        pass


def gorge(*_given: Any, **_named: Any) -> None:
    held = []
    while True:
        held.append(bytearray(50_000_000))


def dive(*_given: Any, **_named: Any) -> None:
    dive()


def die(*_given: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGUSR1)


def write(*_given: Any, **_named: Any) -> None:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(b"x" * 100)


@pytest.mark.parametrize(("does", "fault"), [
    (burn, "takes more than 1 s"), (gorge, "takes more than 512 MB of memory"), (dive, "goes too deep"),
    (die, "failed"), (write, "failed"),
])  # fmt: skip
def test_whatever_a_mail_does_to_its_reader_it_is_a_reading_with_a_fault_and_its_headers(
    mail, monkeypatch, does, fault
):
    monkeypatch.setattr(child, "read", does)
    monkeypatch.setattr(child, "CPU_SECONDS", 1)
    found = read_apart(mail, Wanted())
    assert found.values["fault"] == f"reading it {fault}"
    assert (found.values["sender"], found.values["subject"]) == ("ann@acme.example", "down")


def test_a_mail_whose_headers_hurt_as_well_is_a_reading(mail, monkeypatch):
    monkeypatch.setattr(child, "read", die)
    monkeypatch.setattr(child, "read_headers", die)
    assert read_apart(mail, Wanted(envelope="a@b.example")).values == {
        "fault": "reading it failed", "envelope": "a@b.example",
    }  # fmt: skip


def test_the_child_says_what_the_reader_says(tmp_path):
    path = tmp_path / "b.mail"
    path.write_bytes(WITH_FILE)
    assert read_apart(str(path), Wanted(envelope="<>")) == reading.read(WITH_FILE, envelope="<>")


def test_a_child_that_stops_half_way_is_not_believed(mail, monkeypatch):
    whole = child._packed
    monkeypatch.setattr(child, "_packed", lambda found: [*whole(found)[:1], b"{"])
    assert read_apart(mail, Wanted()).values["fault"] == "reading it failed"


def _held(*_given: Any, **_named: Any) -> reading.Reading:
    """What the child holds open, and whether it may take back its limits or start a process."""
    import resource

    names = [
        os.readlink(f"/proc/self/fd/{one}")
        for one in os.listdir("/proc/self/fd")
        if os.path.lexists(f"/proc/self/fd/{one}")
    ]
    loose = []
    for what in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_CORE):
        soft, hard = resource.getrlimit(what)
        loose += [what] if soft != hard else []
    return reading.Reading(
        {"open": names, "loose": loose, "processes": resource.getrlimit(resource.RLIMIT_NPROC)[0]}
    )


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no /proc")
def test_the_child_holds_neither_the_store_nor_a_connection_and_cannot_loosen_its_limits(
    mail, monkeypatch, tmp_path
):
    monkeypatch.setattr(child, "read", _held)
    (tmp_path / "desk.sqlite3").touch()
    with open(tmp_path / "desk.sqlite3", "rb"), socket.socket(socket.AF_UNIX) as line:
        line.bind(str(tmp_path / "s"))
        found = read_apart(mail, Wanted()).values
    assert not [one for one in found["open"] if "desk.sqlite3" in one or one.startswith("socket")]
    assert (found["loose"], found["processes"]) == ([], 0)


def test_no_child_is_left_behind(mail):
    read_apart(mail, Wanted())
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# -- the whole way -----------------------------------------------------------------------------------


def test_a_mail_reaches_the_desk_and_leaves_the_spool(gateway, recorder):
    assert gateway.deliver([WITH_FILE], envelope="ann@acme.example").ticket == 1
    [mail] = recorder.mails
    assert (mail.sender, mail.envelope, mail.text) == ("ann@acme.example", "ann@acme.example", "see the dump")
    assert mail.raw_hash == hashlib.sha256(WITH_FILE).hexdigest() and mail.size == len(WITH_FILE)
    assert gateway.blobs.path(mail.raw_hash).read_bytes() == WITH_FILE
    assert [(one.name, gateway.blobs.path(one.hash).read_bytes()) for one in mail.parts] == [
        ("core", b"CORE")
    ]
    assert mail.arrived_at is not None and left(gateway) == []


def test_the_mail_that_was_kept_is_private_and_its_own_file(gateway, recorder):
    gateway.deliver([RAW])
    path = gateway.blobs.path(recorder.mails[0].raw_hash)
    assert path.stat().st_mode & 0o777 == 0o600 and path.stat().st_nlink == 1


def test_what_is_larger_than_allowed_is_kept_whole_with_a_fault(gateway, recorder):
    raw = RAW + b"x" * 1_000_001
    gateway.deliver([raw])
    [mail] = recorder.mails
    assert mail.fault == "larger than 1 MB" and mail.subject == "down"
    assert gateway.blobs.path(mail.raw_hash).read_bytes() == raw


@pytest.mark.parametrize("error", [StoreBusy("busy"), OSError(28, "No space left on device"), MemoryError()])
def test_what_may_pass_leaves_the_mail_in_the_spool(gateway, recorder, error):
    recorder.fails = [error]
    with pytest.raises(type(error)):
        gateway.deliver([RAW])
    assert len(left(gateway)) == 1 and recorder.mails == []
    [taken] = gateway.take_all()
    assert taken.received is not None and left(gateway) == [] and len(recorder.mails) == 1


def test_a_mail_that_is_handed_over_again_and_again_lies_in_the_spool_once(gateway, recorder):
    """A store that is out of order for a day must not fill the disk with the tries of one mail."""
    recorder.fails = [StoreBusy("the store is locked") for _ in range(7)]
    for raw, envelope in (
        (RAW, ""),
        (RAW, ""),
        (RAW + b"x", ""),
        (RAW, "ann@acme.example"),
        (RAW, ""),
        (RAW + b"x", ""),
        (RAW[:-1] + b"!", ""),
    ):
        with pytest.raises(StoreBusy):
            gateway.deliver([raw], envelope=envelope)
    kept = sorted(Path(gateway.folder, name).read_bytes() for name in left(gateway))
    assert kept == sorted([RAW, RAW, RAW + b"x", RAW[:-1] + b"!"]), (
        "what differs, in bytes or envelope, is kept"
    )
    assert len([one for one in gateway.take_all() if one.received]) == 4


def test_a_mail_that_the_desk_can_t_file_becomes_a_fallback(gateway, recorder):
    recorder.fails = [ValueError("nobody thought of this")]
    assert gateway.deliver([WITH_FILE.replace(b"From:", b"Subject: x\nFrom:")]).ticket == 1
    [mail] = recorder.mails
    assert mail.fault == "it could not be filed (ValueError)" and mail.parts == ()
    assert (mail.sender, mail.subject) == ("ann@acme.example", "x")


def test_one_bad_mail_holds_up_no_other(gateway, recorder):
    names = [spool.put(gateway.folder, [RAW + b"%d" % at]) for at in range(3)]
    recorder.fails = [StoreBusy("busy")]
    taken = list(gateway.take_all())
    assert [bool(one.trouble) for one in taken] == [True, False, False]
    assert left(gateway) == [taken[0].name] and taken[0].name in names and taken[0].trouble == "busy"


def test_what_somebody_else_takes_is_left_to_them(gateway, recorder):
    name = spool.put(gateway.folder, [RAW])
    theirs = spool.claim(gateway.folder, name)
    assert theirs is not None
    assert list(gateway.take_all()) == [] and recorder.mails == []
    theirs.release()
    assert len(list(gateway.take_all())) == 1


@pytest.mark.parametrize(
    "name", ["../files/x.mail", "/etc/passwd.mail", "no.such.mail", ".hidden.mail", "x", ""]
)
def test_nothing_but_a_mail_of_the_spool_is_opened(gateway, name):
    assert gateway.take(name) is None


def test_a_link_in_the_spool_is_not_followed(gateway, tmp_path, recorder):
    spool.make(gateway.folder)
    (tmp_path / "secret").write_bytes(b"secret")
    os.symlink(tmp_path / "secret", Path(gateway.folder, "1-a.mail"))
    [taken] = gateway.take_all()
    assert taken.trouble and recorder.mails == []


def test_what_is_no_file_in_the_spool_holds_up_nothing(gateway, recorder):
    spool.make(gateway.folder)
    os.mkfifo(Path(gateway.folder, "1-a.mail"))
    os.mkdir(Path(gateway.folder, "1-b.mail"))
    spool.put(gateway.folder, [RAW])
    found = list(gateway.take_all())
    assert [bool(one.trouble) for one in found] == [True, True, False] and len(recorder.mails) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make somebody else's folder")
def test_a_spool_that_belongs_to_somebody_else_is_not_used(tmp_path, monkeypatch):
    os.mkdir(tmp_path / "spool", 0o700)
    os.chown(tmp_path / "spool", 65534, 65534)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        spool.make(str(tmp_path / "spool"))


@pytest.mark.parametrize(
    ("head", "token"), [(b"", "214-k7rq2m5x4wz3v6ta"), (b"Auto-Submitted: auto-replied\n", "")]
)
def test_an_answer_to_a_notice_brings_its_token_unless_a_machine_wrote_it(gateway, recorder, head, token):
    gateway.deliver([head + b"From: raj@vendor.example\n\nack 214-k7rq2m5x4wz3v6ta\n\n> quoted\n"])
    assert recorder.tokens == [token]


def test_the_same_mail_twice_is_one_file(gateway, recorder):
    gateway.deliver([RAW])
    gateway.deliver([RAW])
    assert len({mail.raw_hash for mail in recorder.mails}) == 1 and left(gateway) == []


def test_with_the_real_desk_the_same_mail_is_one_ticket(desk, gateway):
    real = Gateway(desk, gateway.settings, gateway.blobs, gateway.folder)
    first, second = real.deliver([RAW]), real.deliver([RAW])
    assert (first.outcome, second.outcome) == ("new", "duplicate") and first.ticket == second.ticket
