"""The whole way of a mail, with Debian's Postfix and Dovecot: in through a pipe or a mailbox, out by SMTP, and back."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.crash.nasty_mails import nasty
from tests.real.mailhosts import PASSWORD, Dovecot, dovecot, some_mail
from tests.real.postfix import CUSTOMER, DESK, Postfix, postfix
from tests.real.test_imap import box, filled
from tests.wire.driver import ROOT, base_environment

PATIENCE = 30.0


@dataclass
class Site:
    """A desk that only its commands touch.  killed: the next so many gateways are killed when they have spooled."""

    folder: Path
    killed: int = 0
    codes: list[int] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        return base_environment(
            HOME=str(self.folder), SUPPORTTUI_STORE=str(self.folder / "desk.sqlite3"), SUPPORTTUI_USER="raj",
            SUPPORTTUI_INTAKE=str(self.folder / "intake.toml"), SUPPORTTUI_CHANNELS=str(self.folder / "channels.toml"),
            SUPPORTTUI_POLICY="netex", SUPPORTTUI_ZONE="UTC", PYTHONPATH=str(ROOT), CREDENTIALS_DIRECTORY=None,
        )  # fmt: skip

    def start(self, *words: str, **more: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "supporttui", *words]
        return subprocess.Popen(command, env=self.environ, cwd=self.folder, **more)

    def run(self, *words: str, input: bytes = b"") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "supporttui", *words], env=self.environ, cwd=self.folder, input=input, capture_output=True
        )  # fmt: skip
        assert done.returncode == 0, f"{words}: {done.returncode}: {done.stderr.decode()}"
        return done.stdout.decode()

    def gateway(self, arguments: list[str], mail: bytes) -> int:
        """What the mail server starts for each mail."""
        process = self.start(*arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert process.stdin is not None
        process.stdin.write(mail)
        process.stdin.close()
        if self.killed:
            self.killed -= 1
            limit = time.monotonic() + PATIENCE
            while not list(self.folder.glob("spool/*.mail")) and time.monotonic() < limit:
                time.sleep(0.001)  # killed when it has spooled, before it is done
            process.kill()
        code = process.wait()
        self.codes.append(code)
        return code if code >= 0 else 75

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if not (self.folder / "desk.sqlite3").exists():
            return []
        store = sqlite3.connect(f"file:{self.folder}/desk.sqlite3?mode=ro", uri=True)
        try:
            return store.execute(sql).fetchall()
        except sqlite3.OperationalError:
            return []  # it is just being made
        finally:
            store.close()

    def subjects(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT subject FROM ticket ORDER BY number")]

    def ticket(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("show", str(number), "--json"))
        return found

    def kinds(self, number: int) -> list[str]:
        return [row[0] for row in self.rows(f"SELECT kind FROM journal WHERE ticket = {number} ORDER BY id")]


def until(what: Callable[[], object], why: str, seconds: float = PATIENCE) -> None:
    limit = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < limit, why
        time.sleep(0.05)


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def answer_to(letter: EmailMessage, text: str) -> bytes:
    """What a person's mail program makes of "Reply"."""
    quoted = "".join(f"> {line}\r\n" for line in letter.get_content().splitlines())
    head = {
        "From": f"Ana Poe <{CUSTOMER}>", "To": str(letter["From"]), "Subject": f"Re: {letter['Subject']}", "Message-ID": f"<{time.time_ns()}@customer.example>",
        "In-Reply-To": letter["Message-ID"], "References": f"{letter['References'] or ''} {letter['Message-ID']}".strip(),
        "Date": "Mon, 2 Mar 2026 10:00:00 +0000",
    }  # fmt: skip
    top = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"{top}\r\n{text}\r\n\r\nOn Monday the desk wrote:\r\n{quoted}".encode()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    tmp_path.chmod(0o700)
    (tmp_path / "intake.toml").write_text(
        f'[mail]\naddresses = ["{DESK}"]\nauthserv_id = "mx.vendor.example"\n'
    )
    return Site(tmp_path)


class Switch:
    """The gateway of the Postfix that all tests share, and the site that it serves now."""

    def __init__(self) -> None:
        self.site: Site | None = None

    def __call__(self, arguments: list[str], mail: bytes) -> int:
        return self.site.gateway(arguments, mail) if self.site is not None else 75


@pytest.fixture(scope="module")
def switched() -> Iterator[tuple[Postfix, Switch]]:
    switch = Switch()
    with postfix(switch) as running:
        yield running, switch


@pytest.fixture
def host(switched: tuple[Postfix, Switch], site: Site) -> Iterator[Postfix]:
    running, switch = switched
    switch.site = site
    (site.folder / "channels.toml").write_text(
        f'[mail]\nhost = "127.0.0.1"\nport = {running.port}\nsender = "{DESK}"\n'
    )
    yield running
    running.drained()


def test_a_problem_by_mail_its_answer_and_the_answer_to_that(host: Postfix, site: Site) -> None:
    before = len(host.box("ana"))
    report = (
        f"From: Ana Poe <{CUSTOMER}>\r\nTo: {DESK}\r\nSubject: NETEX abends with S0C4\r\nMessage-ID: <first@customer.example>\r\n"
        "Date: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\nIt stops at every start.\r\n"
    ).encode()  # fmt: skip
    host.sends(report)
    host.drained()
    assert site.codes == [0] and site.subjects() == ["NETEX abends with S0C4"]
    number = site.rows("SELECT number FROM ticket")[0][0]

    site.run("watch", "--once")
    host.drained()
    acknowledged = read(host.box("ana")[before])
    assert acknowledged["Auto-Submitted"] == "auto-replied" and acknowledged["Return-Path"] == "<>"
    assert acknowledged["In-Reply-To"] == "<first@customer.example>"
    assert f"{number}-" in acknowledged["Subject"]

    site.run("reply", str(number), "Please send the dump.", "--status", "waiting-customer")
    site.run("watch", "--once")
    host.drained()
    letters = host.box("ana")[before:]
    assert len(letters) == 2
    answer = read(letters[1])
    assert "Please send the dump." in answer.get_content() and DESK in answer["From"]
    assert "<first@customer.example>" in answer["References"]
    waiting = site.ticket(number)["status"]

    host.sends(answer_to(answer, "Here it is."))
    host.drained()
    site.run("watch", "--once")
    host.drained()
    assert site.subjects() == ["NETEX abends with S0C4"], "an answer is no new ticket"
    texts = [row[0] for row in site.rows(f"SELECT text FROM journal WHERE ticket = {number} ORDER BY id")]
    assert any(text.strip() == "Here it is." for text in texts), texts
    assert waiting != site.ticket(number)["status"], "what waited for the customer waits no more"
    assert len(host.box("ana")[before:]) == 2, "an answer is not acknowledged again"


def test_a_gateway_that_is_killed_and_one_that_fails_are_asked_again(host: Postfix, site: Site) -> None:
    site.killed = 3
    host.sends(some_mail(1))
    host.sends(some_mail(2))
    limit = time.monotonic() + PATIENCE
    while host.queued() and time.monotonic() < limit:
        host.flush()
        time.sleep(0.2)
    host.drained()
    assert site.codes.count(-signal.SIGKILL) == 3 and site.codes.count(0) == 2
    site.run("intake", "retry")
    assert sorted(site.subjects()) == ["NETEX abends 1", "NETEX abends 2"]


def test_an_answer_that_comes_back_is_told_and_never_answered(host: Postfix, site: Site) -> None:
    host.sends(some_mail(3).replace(b"ana3@customer.example", b"ana@gone.example"), sender="ana@gone.example")
    host.drained()
    number = site.rows("SELECT number FROM ticket")[0][0]
    site.run("reply", str(number), "Please send the dump.")
    for _ in range(2):
        site.run("watch", "--once")
        host.drained()
    assert len(site.subjects()) == 1
    kinds = [row[0] for row in site.rows("SELECT kind FROM message WHERE direction = 'in' ORDER BY id")]
    assert kinds == ["new", "bounce"], "the acknowledgement leaves without a sender and can't come back"
    assert site.rows("SELECT ticket FROM message WHERE kind = 'bounce'") == [(number,)]
    states = [
        row[0]
        for row in site.rows("SELECT state FROM notice WHERE address = 'letter:ana@gone.example' ORDER BY id")
    ]
    assert states.count("dead") == 1, "the answer's delivery has failed"
    assert "came back" in site.run("show", str(number))


def test_mails_made_to_hurt_get_through_a_mail_server_too(host: Postfix, site: Site) -> None:
    sent = 0
    for number in range(9000, 9009):
        raw, _ = nasty(1, number)
        if raw.strip() and len(raw) < 2_000_000:
            host.sends(raw, sender=f"p{number}@customer.example")
            sent += 1
    host.drained(60)
    assert site.codes == [0] * sent
    assert site.rows("SELECT count(*) FROM message WHERE direction = 'in'") == [(sent,)]
    assert not list(site.folder.glob("spool/*"))


# -- a mailbox ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def polls(site: Site, server: Dovecot, user: str, **more: object) -> None:
    word = site.folder / "password"
    word.write_text(PASSWORD)
    word.chmod(0o600)
    values = {
        "host": "127.0.0.1",
        "port": server.imap,
        "user": user,
        "tls": "none",
        "password_file": str(word),
        "every": 1,
        **more,
    }
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    (site.folder / "intake.toml").write_text(f'[mail]\naddresses = ["{DESK}"]\n[imap]\n{lines}')


def test_a_mailbox_becomes_tickets_however_often_it_is_killed(site: Site, server: Dovecot) -> None:
    polls(site, server, "killed")
    mails = [some_mail(number, 2000 * number) for number in range(12)]
    filled(server, "killed", mails)
    chance = random.Random(3)
    for _ in range(5):
        process = site.start("intake", "imap", "--once", stdout=subprocess.DEVNULL)
        spooled(site, process)
        time.sleep(chance.random() * 0.15)
        process.kill()
        process.wait()
    site.run("intake", "imap", "--once")
    site.run("intake", "retry")
    assert sorted(site.subjects()) == sorted(f"NETEX abends {number}" for number in range(12))
    with box(server, "killed") as client:
        assert len(client.search("SEEN")) == 12


def test_two_that_poll_one_mailbox_make_no_ticket_twice(site: Site, server: Dovecot) -> None:
    for user, done in (("shared", ""), ("moved", "Taken")):
        polls(site, server, user, done=done)
        filled(server, user, [some_mail(number) for number in range(100, 110)])
        pair = [site.start("intake", "imap", "--once", stdout=subprocess.DEVNULL) for _ in range(2)]
        assert {process.wait(PATIENCE) for process in pair} <= {0, 75}
        site.run("intake", "imap", "--once")
    assert sorted(site.subjects()) == sorted(f"NETEX abends {number}" for number in range(100, 110))


def test_the_watch_has_its_pollers_and_its_taker_beside_it_and_takes_them_with_it(
    site: Site, server: Dovecot
) -> None:
    polls(site, server, "watched")
    watch = site.start("watch", "--quiet", start_new_session=True)
    try:
        filled(server, "watched", [some_mail(7)])
        until(lambda: site.subjects() == ["NETEX abends 7"], "the mail is no ticket")
        until(lambda: (site.folder / "spool" / "taker").exists(), "nobody takes from the gateway")
        assert site.gateway(["intake", "mail"], some_mail(9)) == 0
        os.kill(beside(watch.pid, "imap"), signal.SIGKILL)
        filled(server, "watched", [some_mail(8)])
        until(lambda: len(site.subjects()) == 3, "it was not started again")
        pids = [beside(watch.pid, verb) for verb in ("imap", "serve")]
        assert all(pids)
        watch.terminate()
        assert watch.wait(PATIENCE) == 0
        assert all(map(ended, pids)), "they outlive the watch"
    finally:
        watch.kill()
        watch.wait()


def test_what_is_beside_a_watch_that_was_killed_ends(site: Site, server: Dovecot) -> None:
    polls(site, server, "orphan")
    watch = site.start("watch", "--quiet", start_new_session=True)
    try:
        until(lambda: beside(watch.pid, "imap") and beside(watch.pid, "serve"), "nothing is beside it")
        pids = [beside(watch.pid, verb) for verb in ("imap", "serve")]
    finally:
        watch.kill()
        watch.wait()
    until(lambda: all(map(ended, pids)), "they outlive the watch")


def spooled(site: Site, process: subprocess.Popen[bytes]) -> None:
    """Wait until it has begun to take mails."""
    until(lambda: process.poll() is not None or (site.folder / "spool").exists(), "nothing happens")


def beside(pid: int, verb: str) -> int:
    """The process of `intake` VERB that a watch has beside it, 0 for none."""
    for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if verb.encode() in Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0"):
            return int(one)
    return 0


def ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
