"""RFC 3834 from the bytes of a mail to what leaves: which mails get an answer that no person wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import letters, senders
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.session import Desk
from supporttui.errors import PolicyError
from supporttui.intake.mail.gateway import Gateway
from supporttui.intake.settings import read_intake
from supporttui.store import journal, notices, open_store, tickets
from supporttui.store.blobs import Blobs
from supporttui.watch.channels.letter import built
from tests.unit.conftest import MONDAY

OURS = "support@vendor.example"
HEAD = Letterhead(sender=OURS, own=frozenset({OURS}))


@dataclass
class Post:
    """A desk that gets mails.  letters: what would leave, the oldest first."""

    desk: Desk
    clock: ManualClock
    gateway: Gateway
    count: int = 0

    def comes(self, head: str = "", body: str = "It abends.", *, sender: str = "joe@acme.example", envelope: str = "",
              subject: str = "NETEX abends") -> str:  # fmt: skip
        self.count += 1
        usual = f"From: Joe <{sender}>\r\nTo: {OURS}\r\nSubject: {subject}\r\nMessage-ID: <m{self.count}@acme.example>\r\n"
        raw = (
            usual + head.replace("\n", "\r\n") + ("\r\n" if head else "") + "\r\n" + body + "\r\n"
        ).encode()
        return self.raw(raw, "" if envelope == "unknown" else envelope or sender)

    def raw(self, raw: bytes, envelope: str = "") -> str:
        return self.gateway.deliver([raw], envelope=envelope).outcome

    @property
    def letters(self) -> list[dict[str, Any]]:
        found = [one for one in notices.waiting(self.desk.store) if one.kind == letters.KIND]
        return [dict(one.data["letter"]) for one in sorted(found, key=lambda one: one.id)]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    tmp_path.chmod(0o700)
    clock = ManualClock(MONDAY)
    with open_store(str(tmp_path / "desk.sqlite3")) as store:
        desk = Desk(store, "netex", clock, "intake", letterhead=HEAD)
        settings = read_intake(f'[mail]\naddresses = ["{OURS}"]\n', "intake.toml")
        blobs = Blobs(tmp_path / "files")
        yield Post(desk, clock, Gateway(desk, settings, blobs, str(tmp_path / "spool")))


# What it is, its headers, envelope and sender; none of them may be answered.
NEVER = [
    ("RFC 3834, 5: auto-replied", "Auto-Submitted: auto-replied", "", ""),
    ("RFC 3834, 5: auto-generated", "Auto-Submitted: auto-generated; type=cron", "", ""),
    ("RFC 3834, 5: any other word", "Auto-Submitted: auto-notified", "", ""),
    ("RFC 3834, 5: in capitals and with a comment", "AUTO-SUBMITTED: (it is) Auto-Replied", "", ""),
    ("RFC 5321, 4.5.5: no return path", "", "<>", ""),
    ("RFC 3834, 2: Return-Path, where nobody tells the envelope", "Return-Path: <>", "unknown", ""),
    ("RFC 3834, 2: MAILER-DAEMON", "", "", "MAILER-DAEMON@acme.example"),
    ("RFC 3834, 2: owner-", "", "", "owner-talk@acme.example"),
    ("RFC 3834, 2: -request", "", "", "talk-request@acme.example"),
    ("RFC 2919: List-Id", "List-Id: Talk <talk.acme.example>", "", ""),
    ("RFC 2369: List-Unsubscribe", "List-Unsubscribe: <mailto:leave@acme.example>", "", ""),
    ("Precedence: bulk", "Precedence: bulk", "", ""),
    ("Precedence: list", "Precedence: list", "", ""),
    ("Precedence: junk", "Precedence: junk", "", ""),
    ("Exchange", "X-Auto-Response-Suppress: All", "", ""),
    ("Exchange, AutoReply", "X-Auto-Response-Suppress: DR, RN, AutoReply", "", ""),
    ("vacation", "X-Autoreply: yes", "", ""),
    ("loop", f"X-Loop: {OURS}", "", ""),
    ("our own address", "", "", OURS),
    ("our own address with a tag", "", "", "support+7@vendor.example"),
    ("no-reply", "", "", "no-reply@acme.example"),
    ("RFC 3464: a report of delivery",
     'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"', "<>", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "envelope", "sender"), [one[1:] for one in NEVER], ids=[one[0] for one in NEVER]
)
def test_never_answered(post: Post, head: str, envelope: str, sender: str) -> None:
    post.comes(head, envelope=envelope, sender=sender or "joe@acme.example")
    assert post.letters == []


@pytest.mark.parametrize("head", ["", "Auto-Submitted: no", "Auto-Submitted: No; x=y", "Precedence: first-class",
                                  "X-Auto-Response-Suppress: None", "X-Loop: other@acme.example",
                                  "Reply-To: spy@evil.example"])  # fmt: skip
def test_a_person_is_answered_once_at_the_address_that_wrote(post: Post, head: str) -> None:
    assert post.comes(head) == "new"
    (letter,) = post.letters
    assert letter["to"] == "joe@acme.example" and letter["in_reply_to"] == "<m1@acme.example>"
    assert post.comes(head) == "new"
    assert len(post.letters) == 1


def test_nothing_of_a_forged_mail_goes_to_whom_it_names(post: Post) -> None:
    post.comes(sender="victim@bank.example", subject="Buy at evil.example", body="Click http://evil.example")
    (letter,) = post.letters
    assert "evil" not in built(letter | {"date": "x"}, letter["to"]).decode().lower()


def test_an_answer_to_our_letter_is_no_new_report_and_gets_no_second_letter(post: Post) -> None:
    post.comes()
    (letter,) = post.letters
    post.clock.advance(hours=2)
    assert post.comes(f"In-Reply-To: {letter['message_id']}", subject=f"Re: {letter['subject']}") == "reply"
    assert len(post.letters) == 1


def test_the_same_mail_twice_is_answered_once(post: Post) -> None:
    raw = b"From: joe@acme.example\r\nMessage-ID: <1@acme.example>\r\nSubject: x\r\n\r\nIt abends.\r\n"
    first = post.raw(raw)
    post.clock.advance(hours=2)
    assert (first, post.raw(raw), len(post.letters)) == ("new", "duplicate", 1)


def test_a_blocked_sender_hears_nothing(post: Post) -> None:
    senders.block(post.desk, "joe@acme.example")
    assert post.comes() == "blocked" and post.letters == []


def test_a_storm_is_silent(post: Post) -> None:
    for n in range(30):
        post.comes(subject=f"alarm {n}")
        post.clock.advance(seconds=5)
    assert len(post.letters) == 1


def test_a_letter_of_ours_that_comes_back_in_any_dress_is_not_answered(post: Post) -> None:
    post.comes()
    (letter,) = post.letters
    raw = built(letter | {"date": "Mon, 16 Nov 2026 15:00:00 +0000"}, OURS)
    post.clock.advance(hours=2)
    assert post.raw(raw, "<>") == "ours"
    redirected = (
        b"Received: from x by y; Mon, 16 Nov 2026 15:00:00 +0000\r\nResent-From: joe@acme.example\r\n" + raw
    )
    assert post.raw(redirected, "joe@acme.example") == "duplicate"
    assert len(post.letters) == 1 and tickets.get(post.desk.store, 2) is None


def test_a_fault_in_the_way_out_holds_up_nothing_that_comes_in(post: Post) -> None:
    def fault() -> Letterhead:
        raise PolicyError("channels.toml: unknown key 'mial'")

    post.desk._letterhead = fault
    assert post.comes() == "new" and post.letters == []
    said = [one.text for one in journal.of_ticket(post.desk.store, 1) if one.kind == "mail"]
    assert said == ["no acknowledgement sent: mail out can't be used: channels.toml: unknown key 'mial'"]
