"""Mails that others collected become tickets with the right sender, subject and first line, or fallbacks.

CPython's own test messages, whose answers are written down below as a person reads them, and in the long form the
mails that the package mail-parser tests itself with, read for comparison by Python's `email`.
"""

from __future__ import annotations

import email
import email.header
import email.utils
import importlib.util
import json
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from supporttui.clock import SystemClock
from supporttui.desk.files import blobs_of
from supporttui.desk.session import Desk
from supporttui.intake.mail import spool
from supporttui.intake.mail.gateway import Gateway
from supporttui.intake.settings import Intake
from supporttui.store import Store, open_store, tickets

MAIL_PARSER = "mail-parser==4.8.0"


class Told(NamedTuple):
    """Who wrote, about what, and the first line that isn't blank."""

    sender: str
    subject: str
    line: str


LYRICS = Told("barry@python.org", "Lyrics", "")
TEST = Told("bbb@ddd.com", "This is a test message", "Hi,")
DINGUS = "Here is your dingus fish"
CPYTHON = {
    "msg_01": TEST, "msg_02": Told("ppp-request@zzz.org", "Ppp digest, Vol 1 #2 - 5 msgs", "Send Ppp mailing list submissions to"),
    "msg_03": TEST, "msg_04": Told("barry@python.org", "a simple multipart", "a simple kind of mirror"), "msg_05": Told("", "bar", "Yadda yadda yadda"),
    "msg_06": Told("barry@python.org", "forwarded message from Barry A. Warsaw", ""), "msg_07": Told("barry@digicool.com", DINGUS, "Hi there,"),
    "msg_08": LYRICS, "msg_09": LYRICS, "msg_10": LYRICS._replace(line="This is a 7bit encoded message."),
    "msg_11": Told("", "The enclosing message", "Attached mail:"), "msg_12": LYRICS, "msg_12a": LYRICS,
    "msg_13": Told("barry@digicool.com", DINGUS, "A text/plain part"), "msg_14": TEST, "msg_15": Told("xx@xx.dk", "XX", "Some removed test."),
    "msg_16": Told("postmaster@ucla.edu", "Delivery Notification: Delivery has failed", "This report relates to a message you sent with the following header fields:"),
    "msg_17": Told("barry@digicool.com", DINGUS, "Hi there,"), "msg_18": Told("", "", ""), "msg_19": Told("", "", "Send Ppp mailing list submissions to"),
    "msg_20": TEST, "msg_21": Told("aperson@dom.ain", "Test", "One"), "msg_22": Told("b@example.com", "", "Text text text."),
    "msg_23": Told("aperson@dom.ain", "", "A message part"), "msg_24": Told("bperson@dom.ain", "A subject", ""),
    "msg_25": Told("mailer-daemon@zinfandel.lacita.com", "Returned mail: Too many hops 19 (17 max): from <linuxuser-admin@www.linux.org.uk> via [199.164.235.226], to <scoffman@wellpartner.com>", "This is a MIME-encapsulated message"),
    "msg_26": Told("father.time@xcar.wooster.local", "IMAP file test", "Simple email with attachment."),
    "msg_27": Told("aperson@dom.ain", f"bug demonstration {'12345678911234567892123456789312345678941234567895123456789612345678971234567898112345678911234567892123456789112345678911234567892123456789'} more text", "test"),
    "msg_28": Told("aperson@dom.ain", "", "Attached mail:"), "msg_29": TEST, "msg_30": Told("aperson@dom.ain", "", "Attached mail:"),
    "msg_31": Told("aperson@dom.ain", "", "--BOUNDARY"), "msg_32": Told("aperson@example.com", "Re: Limiting Perl CPU Utilization...", "Some message."),
    "msg_33": Told("aperson@example.com", "Re: Limiting Perl CPU Utilization...", "part 1"),
    "msg_34": Told("aperson@dom.ain", "", "This is a text plain part that is counter to recommended practice in"),
    "msg_35": Told("aperson@dom.ain", "here's something interesting", "counter to RFC 2822, there's no separating newline here"),
    "msg_36": Told("internet-drafts@ietf.org", "I-D ACTION:draft-ietf-mboned-mix-00.txt", "Blah blah blah"), "msg_37": Told("", "", ""),
    "msg_38": Told("", "", "Unlike the test test_nested-multiples-with-internal-boundary, this"), "msg_39": Told("", "", "--"),
    "msg_40": Told("", "", "----961284236552522269 Content-Type: text/html; Content-Transfer-Encoding: 7Bit ----961284236552522269--"), "msg_41": Told("xxx@example.com", "64423", "Blah blah blah"),
    "msg_42": Told("xxx@example.com", "", "Stuff"), "msg_43": Told("", "Banned file: auto__mail.python.bat in mail from you", "BANNED FILENAME ALERT"),
    "msg_44": Told("barry@python.org", "a simple multipart", "a simple kind of mirror"), "msg_45": Told("foo@bar.baz", "test", "This is the signed contents."),
    "msg_46": Told("sender@example.net", "GroupwiseForwardingTest", "Attached mail:"), "msg_47": Told("arthur@example.example", "", "bar"),
}  # fmt: skip

# Where Python's `email` gives another answer than a person, or none.
BETTER = {
    "mail_test_9": "a subject whose characters were cut in two between encoded words",
    "mail_test_12": "its charset is not the one that it names",
    "mail_test_14": "the HTML comes first",
    "mail_test_15": "the name that is an address is not the address",
    "mail_test_19": "the name that is an address is not the address",
    "mail_malformed_3": "the boundary that it names is not the one that it has",
    "mail_outlook_1": "a file of Outlook and no mail: a fallback",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Gateway, Store]]:
    tmp_path.chmod(0o700)
    with open_store(str(tmp_path / "desk.sqlite3")) as store:
        gateway = Gateway(
            Desk(store, "netex", SystemClock(), "intake"),
            Intake(),
            blobs_of(store),
            spool.folder_for(store.url),
        )
        yield gateway, store


def became(desk: tuple[Gateway, Store], raw: bytes) -> tuple[str, Told]:
    """What became of a mail, and what its ticket, or what waits for a decision, says."""
    gateway, store = desk
    got = gateway.deliver([raw])
    row = store.execute("SELECT id, sender, subject, data FROM message WHERE id = ?", (got.mail,))[0]
    ticket = tickets.get(store, got.ticket) if got.ticket else None
    if ticket is None:
        assert store.execute("SELECT 1 FROM intake_item WHERE message = ?", (row[0],)), "nobody would see it"
        return got.outcome, Told(row[1], row[2], first_line(json.loads(row[3]).get("text", "")))
    text = store.execute("SELECT text FROM journal WHERE ticket = ? AND kind = 'reported'", (got.ticket,))[0][
        0
    ]
    return got.outcome, Told(ticket.contact_email, row[2], first_line(text))


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def test_messages_of_cpython(desk: tuple[Gateway, Store]) -> None:
    spec = importlib.util.find_spec("test.test_email") if importlib.util.find_spec("test") else None
    folder = Path(spec.origin).parent / "data" if spec is not None and spec.origin else Path("none")
    found = {path.stem: path.read_bytes() for path in sorted(folder.glob("msg_*.txt"))}
    if not found:
        pytest.skip("this Python was installed without its tests")
    outcomes: Counter[str] = Counter()
    wrong = []
    for name, raw in found.items():
        outcome, told = became(desk, raw)
        outcomes[outcome] += 1
        if name in CPYTHON and told != CPYTHON[name]:
            wrong.append(f"{name}: {outcome}: {told}, not {CPYTHON[name]}")
    print(f"\nCPython's messages: {len(found)} mails, {len(wrong)} wrong, {dict(outcomes)}")
    assert wrong == [] and sum(outcomes.values()) == len(found)


@pytest.mark.slow
def test_mails_of_mail_parser(desk: tuple[Gateway, Store], tmp_path: Path) -> None:
    found = downloaded(tmp_path)
    assert len(found) > 20
    outcomes: Counter[str] = Counter()
    wrong = []
    for name, raw in found.items():
        outcome, told = became(desk, raw)
        outcomes[outcome] += 1
        wanted = as_python_reads(email.message_from_bytes(raw))
        if name not in BETTER and not alike(told, wanted):
            wrong.append(f"{name}: {outcome}: {told}, not {wanted}")
    print(f"\n{MAIL_PARSER}: {len(found)} mails, {len(wrong)} wrong, {dict(outcomes)}")
    assert wrong == [], "\n".join(wrong)


def downloaded(folder: Path) -> dict[str, bytes]:
    """The mails in the package's source."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-binary",
        ":all:",
        "-d",
        str(folder / "sdist"),
        MAIL_PARSER,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found = {}
    for path in (folder / "sdist").glob("*.tar.gz"):
        with tarfile.open(path) as archive:
            for member in archive.getmembers():
                file = archive.extractfile(member) if "/tests/mails/" in member.name else None
                if file is not None:
                    found[Path(member.name).name] = file.read()
    return found


def as_python_reads(mail: Message) -> Told:
    sender = email.utils.parseaddr(str(mail["From"] or ""))[1].lower()
    words = email.header.decode_header(" ".join(str(mail["Subject"] or "").split()))
    subject = "".join(
        word.decode(charset or "utf-8", "replace") if isinstance(word, bytes) else word
        for word, charset in words
    )
    for part in mail.walk():
        if part.get_content_type() == "text/plain" and not part.get_filename():
            raw = part.get_payload(decode=True)
            assert isinstance(raw, bytes)
            line = first_line(raw.decode(part.get_content_charset() or "utf-8", "replace"))
            if line:
                return Told(sender, subject, line)
    return Told(sender, subject, "")


def alike(told: Told, wanted: Told) -> bool:
    """The same but for blanks; of HTML, which Python's `email` doesn't read, only that there is a line."""
    squeezed = [" ".join(" ".join(one).split()) for one in (told[:2], wanted[:2])]
    if wanted.line:
        line = " ".join(wanted.line.split())
        return squeezed[0] == squeezed[1] and " ".join(told.line.split()).startswith(line[:60])
    return squeezed[0] == squeezed[1]
