"""Two desks and a responder, wired together by a real SMTP server and real pipes: every conversation of programs ends.

What the server takes for a desk goes into a `supporttui intake mail` of its own; the responder answers whatever it gets.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid, parseaddr
from pathlib import Path
from smtplib import SMTP as Client
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from supporttui.clock import SystemClock
from supporttui.desk import participants
from supporttui.desk.session import Desk as RealDesk
from supporttui.store import open_store
from tests.unit.cli.conftest import Cli

ROUNDS = 6  # of looking whether anything moves; a loop would go on for ever
RESPONDER = "away@person.example"


@dataclass
class Desk:
    """A desk with its own store and settings, which gets mail through a pipe."""

    name: str
    cli: Cli

    @property
    def address(self) -> str:
        return f"support@{self.name}.example"

    def pipe(self, raw: bytes, sender: str) -> None:
        environ = {
            name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ
        } | self.cli.environ
        words = [sys.executable, "-m", "supporttui", "intake", "mail", "--from", sender or "<>"]
        done = subprocess.run(words, input=raw, env=environ, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()


@dataclass
class Wires:
    """A mail system.  carried: (from, to, mail) of all that it took.  answers: what the responder makes of a mail."""

    port: int = 0
    desks: dict[str, Desk] = field(default_factory=dict)
    carried: list[tuple[str, str, EmailMessage]] = field(default_factory=list)
    waiting: list[tuple[str, str, bytes]] = field(default_factory=list)
    answers: Callable[[EmailMessage], EmailMessage | None] = lambda mail: None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        for to in envelope.rcpt_tos:
            sender = "" if envelope.mail_from in (None, "<>") else envelope.mail_from
            self.waiting.append((sender, to, envelope.content))
        return "250 taken"

    def send(self, mail: EmailMessage, sender: str, to: str) -> None:
        with Client("127.0.0.1", self.port) as client:
            client.send_message(mail, sender or "<>", [to])

    def settle(self) -> list[tuple[str, str]]:
        """Let everything go its way until nothing moves; (from, to) of what was carried, by the names of desks."""
        for _ in range(ROUNDS):
            for desk in self.desks.values():
                desk.cli.good("watch", "--once", "--quiet")
            if not self.waiting:
                return [(_said(mail["From"]), to) for _, to, mail in self.carried]
            self._carry()
        raise AssertionError(f"it goes on and on: {[(to, mail['Subject']) for _, to, mail in self.carried]}")

    def _carry(self) -> None:
        batch, self.waiting = self.waiting, []
        for sender, to, raw in batch:
            mail = message_from_bytes(raw, policy=SMTP)
            self.carried.append((sender, to, mail))
            name = to.partition("@")[2].partition(".")[0]
            if name in self.desks:
                self.desks[name].pipe(raw, sender)
            elif to == RESPONDER and (answer := self.answers(mail)) is not None:
                self.send(answer, RESPONDER, parseaddr(mail["From"])[1])


def _said(header: str) -> str:
    return parseaddr(header)[1]


@pytest.fixture
def wires(tmp_path: Path) -> Iterator[Wires]:
    made = Wires()
    with socket.create_server(("127.0.0.1", 0)) as free:
        made.port = free.getsockname()[1]
    for name in ("north", "south"):
        made.desks[name] = Desk(name, _cli(tmp_path / name, name, made.port))
    controller = Controller(made, hostname="127.0.0.1", port=made.port)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


def _cli(home: Path, name: str, port: int) -> Cli:
    folder = home / ".config" / "supporttui"
    folder.mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    (folder / "channels.toml").write_text(
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsender = "notices@{name}.example"\n'
    )
    (folder / "intake.toml").write_text(f'[mail]\naddresses = ["support@{name}.example"]\n')
    environ = {
        "HOME": str(home), "SUPPORTTUI_STORE": str(home / "desk.sqlite3"), "SUPPORTTUI_USER": "ana",
        "SUPPORTTUI_ZONE": "UTC", "PATH": os.environ["PATH"],
    }  # fmt: skip
    return Cli(home, clock=SystemClock(), environ=environ)


def _tickets(desk: Desk) -> int:
    return len(desk.cli.json("list", "--all"))


def _takes_part(desk: Desk, number: int, address: str) -> None:
    with open_store(desk.cli.environ["SUPPORTTUI_STORE"]) as store:
        participants.add(RealDesk(store, "netex", SystemClock(), "ana"), number, address)


def test_two_desks_stop_at_two_mails(wires: Wires) -> None:
    north, south = wires.desks["north"], wires.desks["south"]
    number = north.cli.json(
        "report", "abends", "--severity", "3", "--contact-email", south.address
    )["number"]  # fmt: skip
    north.cli.good("reply", number, "Please send the dump.")
    assert wires.settle() == [(north.address, south.address), (south.address, north.address)]
    assert (_tickets(north), _tickets(south)) == (1, 1)
    journal = north.cli.json("show", number)["journal"]
    assert [one["kind"] for one in journal if one["kind"] in ("customer", "mail")] == ["mail"]
    assert north.cli.json("show", number)["status"] == "open"


def rude(mail: EmailMessage) -> EmailMessage:
    """An answer that says nowhere what it is, nor to what it answers."""
    answer = EmailMessage(policy=SMTP)
    answer["From"], answer["To"], answer["Subject"] = RESPONDER, _said(mail["From"]), "Hello"
    answer["Message-ID"] = make_msgid(domain="person.example")
    answer.set_content("I am away.\n")
    return answer


def threaded(mail: EmailMessage) -> EmailMessage:
    """An answer that says nowhere what it is, in its thread and quoting it all."""
    answer = rude(mail)
    answer.replace_header("Subject", f"Re: {mail['Subject']}")
    answer["In-Reply-To"] = answer["References"] = mail["Message-ID"]
    answer.set_content("I am away.\n\n" + "\n".join(f"> {one}" for one in mail.get_content().splitlines()))
    return answer


def polite(mail: EmailMessage) -> EmailMessage | None:
    """A responder as RFC 3834 wants it: it doesn't answer what is marked."""
    return None if mail["Auto-Submitted"] else threaded(mail)


@pytest.mark.parametrize(("responder", "mails"), [(rude, 2), (threaded, 2), (polite, 1)])
def test_a_desk_and_a_responder_stop_at_two_mails(wires: Wires, responder: Any, mails: int) -> None:
    """After the mail of a person: our acknowledgement, and at most what the responder makes of it."""
    north = wires.desks["north"]
    del wires.desks["south"]
    wires.answers = responder
    first = rude(_asked(north))
    wires.send(first, RESPONDER, north.address)
    after = wires.settle()[1:]
    assert after == [(north.address, RESPONDER), (RESPONDER, north.address)][:mails]


def _asked(desk: Desk) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = desk.address
    return mail


def test_two_desks_and_a_responder_in_a_ring_stop(wires: Wires) -> None:
    """A ticket of each desk names the other one and the responder: every letter sets off what it can."""
    north, south = wires.desks["north"], wires.desks["south"]
    wires.answers = rude
    number = north.cli.json("report", "abends", "--severity", "3", "--contact-email", south.address)["number"]
    _takes_part(north, number, RESPONDER)
    north.cli.good("reply", number, "Please send the dump.")
    carried = wires.settle()
    automatic = [(_said(mail["From"]), to) for _, to, mail in wires.carried if mail["Auto-Submitted"]]
    # South acknowledges to north, north to the responder, and nobody goes on: the responder has the last word.
    assert sorted(automatic) == [(north.address, RESPONDER), (south.address, north.address)]
    assert carried[-1] == (RESPONDER, north.address)
    assert len(carried) == 6  # two letters of one reply, two answers by themselves, two of the responder's
