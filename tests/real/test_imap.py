"""The polled mailbox against Debian's Dovecot: nothing lost, nothing half, whatever breaks off."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from imapclient import IMAPClient

from supporttui.errors import PolicyError, StoreBusy
from supporttui.intake.imap import IN_A_ROW, Mailbox, Round
from supporttui.intake.settings import ImapTable
from tests.real.mailhosts import PASSWORD, CuttingRelay, Dovecot, dovecot, some_mail

BIG = 700_000  # bytes: several pieces
USERS = iter(f"desk{number}" for number in range(1, 1000))


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(scope="module")
def bare() -> Iterator[Dovecot]:
    """A server that can't move and can't expunge a single mail."""
    with dovecot("imap_capability = IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN STARTTLS") as running:
        yield running


@pytest.fixture
def user() -> str:
    return next(USERS)


@pytest.fixture
def table(server: Dovecot, user: str, tmp_path: Path) -> Callable[..., ImapTable]:
    return lambda **more: _table(server, user, tmp_path, **more)


def _table(server: Dovecot, user: str, folder: Path, **more: object) -> ImapTable:
    word = folder / "password"
    word.write_text(PASSWORD + "\n")
    word.chmod(0o600)
    usual = {
        "host": "127.0.0.1",
        "port": server.imap,
        "user": user,
        "tls": "none",
        "password_file": str(word),
    }
    return ImapTable(**{**usual, **more})  # type: ignore[arg-type]


def box(server: Dovecot, user: str) -> IMAPClient:
    client = IMAPClient("127.0.0.1", server.imap, ssl=False)
    client.login(user, PASSWORD)
    client.select_folder("INBOX")
    return client


def filled(server: Dovecot, user: str, mails: list[bytes]) -> None:
    with box(server, user) as client:
        for mail in mails:
            client.append("INBOX", mail)


class Taken(list[bytes]):
    """What was taken; `fails` says for which mail it can't be kept."""

    def __init__(self, fails: Callable[[bytes], bool] = lambda mail: False) -> None:
        self.fails = fails

    def __call__(self, stream: IO[bytes]) -> None:
        mail = stream.read()
        if self.fails(mail):
            raise StoreBusy("the store is locked")
        self.append(mail)


MAILS = [
    some_mail(1),
    some_mail(2, BIG),
    b"Subject: x\r\n\r\n\x80\xff odd bytes\r\n",
    b"no header at all",
    some_mail(3),
]


@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
def test_every_mail_is_taken_whole_and_once(
    server: Dovecot, user: str, table: Callable[..., ImapTable], tls: str
) -> None:
    filled(server, user, MAILS)
    taken = Taken()
    port = server.imaps if tls == "tls" else server.imap
    mailbox = Mailbox(table(tls=tls, port=port, ca_file=str(server.ca)), taken)
    assert mailbox.round() == Round(taken=5)
    assert taken == MAILS
    assert mailbox.round() == Round()
    filled(server, user, [some_mail(4)])
    assert mailbox.round() == Round(taken=1)
    mailbox.close()
    with box(server, user) as client:
        assert len(client.search("SEEN")) == 6, "they stay in the mailbox"


def test_the_certificate_is_checked(server: Dovecot, user: str, table: Callable[..., ImapTable]) -> None:
    for tls, port in (("tls", server.imaps), ("starttls", server.imap)):
        found = Mailbox(table(tls=tls, port=port), Taken()).round()
        assert found.taken == 0 and "certificate" in found.trouble


def test_a_mail_that_a_person_opened_is_taken_from_a_folder_for_what_was_taken(
    server: Dovecot, user: str, table: Callable[..., ImapTable]
) -> None:
    filled(server, user, MAILS)
    with box(server, user) as client:
        client.add_flags([1, 2], [b"\\Seen"])
    taken = Taken()
    mailbox = Mailbox(table(done="Taken"), taken)
    assert mailbox.round() == Round(taken=5)
    mailbox.close()
    assert taken == MAILS
    with box(server, user) as client:
        assert client.folder_status("INBOX", "MESSAGES")[b"MESSAGES"] == 0
        assert client.folder_status("Taken", "MESSAGES")[b"MESSAGES"] == 5


def test_moving_on_a_server_that_knows_no_move(bare: Dovecot, user: str, tmp_path: Path) -> None:
    filled(bare, user, MAILS[:3])
    with box(bare, user) as client:
        assert not {b"MOVE", b"UIDPLUS"} & set(client.capabilities())
        client.add_flags([3], [b"\\Deleted"])
    taken = Taken()
    mailbox = Mailbox(_table(bare, user, tmp_path, done="Taken"), taken)
    assert mailbox.round() == Round(taken=2)
    assert mailbox.round() == Round()
    mailbox.close()
    assert taken == MAILS[:2]
    with box(bare, user) as client:
        assert client.folder_status("Taken", "MESSAGES")[b"MESSAGES"] == 2
        assert len(client.search("ALL")) == 3, "what others deleted is not expunged"


def test_what_cannot_be_kept_stays_unmarked_and_holds_up_nothing(
    server: Dovecot, user: str, table: Callable[..., ImapTable]
) -> None:
    mails = [some_mail(number) for number in range(8)]
    bad = set(mails[:4])
    filled(server, user, mails)
    taken = Taken(lambda mail: mail in bad)
    mailbox = Mailbox(table(), taken)
    first = mailbox.round()
    assert first == Round(left=IN_A_ROW, trouble="the store is locked"), (
        "a store that is locked is not asked for ever"
    )
    assert mailbox.wait_seconds() == 120
    second = mailbox.round()
    assert taken == mails[4:], "the rest comes before what failed"
    assert second.taken == 4 and second.left and mailbox.wait_seconds() == 60
    bad.clear()
    assert mailbox.round().taken == 4
    assert sorted(taken) == sorted(mails)


def test_cut_at_any_byte_nothing_is_lost_and_nothing_half(
    server: Dovecot, user: str, table: Callable[..., ImapTable], tmp_path: Path
) -> None:
    mails = [some_mail(number, size) for number, size in enumerate((0, 3000, BIG, 0, 40_000, 0))]
    filled(server, user, mails)
    chance = random.Random(6)
    relay = CuttingRelay(server.imap)
    taken = Taken()
    mailbox = Mailbox(table(port=relay.port, timeout=5), taken)
    try:
        broken = 0
        for _ in range(40):
            if relay.cut < 25:
                mailbox.close()
                relay.next_cuts = [int(10 ** chance.uniform(0, 6.1))]
            found = mailbox.round()
            broken += bool(found.trouble)
            if relay.cut >= 25 and not found.trouble:
                break
            with box(server, user) as client:  # unread again: all of it is at stake at every cut
                if relay.cut < 25:
                    client.remove_flags(client.search("ALL"), [b"\\Seen"])
    finally:
        mailbox.close()
        relay.close()
    assert relay.cut >= 20 and broken >= 10
    assert set(taken) == set(mails), "every one, and none that isn't whole"
    with box(server, user) as client:
        assert len(client.search("SEEN")) == len(mails)


def test_a_round_without_a_server_says_so_and_the_next_ones_come_later(
    server: Dovecot, user: str, table: Callable[..., ImapTable]
) -> None:
    relay = CuttingRelay(server.imap)
    gone = relay.port
    relay.close()
    mailbox = Mailbox(table(port=gone, every=60), Taken())
    waits = []
    for _ in range(3):
        assert "refused" in mailbox.round().trouble
        waits.append(mailbox.wait_seconds())
    assert waits == [120, 240, 480]
    mailbox.table = table(every=60)
    assert mailbox.round() == Round() and mailbox.wait_seconds() == 60
    mailbox.close()


def test_a_wrong_password_is_no_reason_to_hammer(
    server: Dovecot, user: str, table: Callable[..., ImapTable], tmp_path: Path
) -> None:
    (tmp_path / "wrong").write_text("no\n")
    (tmp_path / "wrong").chmod(0o600)
    mailbox = Mailbox(table(password_file=str(tmp_path / "wrong")), Taken())
    found = mailbox.round()
    assert "failed" in found.trouble.lower() and mailbox.wait_seconds() == 120


def test_a_password_that_others_can_read_is_refused(table: Callable[..., ImapTable], tmp_path: Path) -> None:
    settings = table()
    (tmp_path / "password").chmod(0o644)
    with pytest.raises(PolicyError, match="chmod 600"):
        Mailbox(settings, Taken()).round()


def test_asked_to_end_between_two_mails(server: Dovecot, user: str, table: Callable[..., ImapTable]) -> None:
    filled(server, user, MAILS)
    taken = Taken()
    mailbox = Mailbox(table(), taken)
    assert mailbox.round(lambda: len(taken) == 2) == Round(taken=2)
    assert mailbox.round() == Round(taken=3)
    mailbox.close()
    assert taken == MAILS
