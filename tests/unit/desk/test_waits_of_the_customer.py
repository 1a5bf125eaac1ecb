"""A wait for the customer ends when they speak, whichever way, and whatever the policy calls the wait."""

from __future__ import annotations

import pytest

from supporttui.desk import calls, deciding, inbox, write
from supporttui.desk.act import fetch
from supporttui.desk.change import set_status
from supporttui.desk.reference import reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.intake import upload_records
from supporttui.intake.settings import UploadsTable
from supporttui.policy.loading import preset_text, read_policy
from supporttui.store.blobs import Blobs

from .mails import take

JOE = "joe@acme.example"
WAIT = """
[[status]]
name = "waiting-dump"
title = "Waiting for a dump"
waiting = "customer"
moves = [{moves}]

[[status]]
name = "waiting-vendor"
"""


def at_desk(store, clock, *, moves: str = '"open", "resolved", "closed"', ends: str = "true") -> Desk:
    """A desk whose policy has a wait of its own for the customer."""
    text = preset_text("netex").replace(
        '\n[[status]]\nname = "waiting-vendor"\n', WAIT.format(moves=moves), 1
    )
    text = text.replace("customer_message_ends_waiting = true", f"customer_message_ends_waiting = {ends}")
    text = text.replace('moves = ["waiting-customer",', 'moves = ["waiting-customer", "waiting-dump",')
    return Desk(store, read_policy(text, "mine.toml"), clock, "ana")


def by_word(desk: Desk, number: int, _folder) -> None:
    write.customer_message(desk, number, "here it is")


def by_call(desk: Desk, number: int, _folder) -> None:
    calls.call(desk, number, "here it is", way="in", phone="+1 612 555 0142")


def by_mail(desk: Desk, number: int, _folder) -> None:
    assert take(desk, subject=f"Re: [{reference_of(desk, number)}]", sender=JOE).outcome == "reply"


def by_a_decision(desk: Desk, number: int, _folder) -> None:
    assert (
        take(desk, subject=f"Re: [{reference_of(desk, number)}]", sender="eve@acme.example").outcome == "held"
    )
    (waits,) = inbox.board(desk).rows
    deciding.accept(desk, waits.item.id)


def by_upload(desk: Desk, number: int, folder) -> None:
    blobs = Blobs(folder / "files")
    matching = upload_records.Matching(desk, UploadsTable(folder=str(folder)))
    name = f"{reference_of(desk, number)}.dump"
    upload_records.keep(desk, matching, blobs, blobs.put_bytes(b"core"), (name,))


WAYS = [by_word, by_call, by_mail, by_a_decision, by_upload]


def waiting_ticket(desk: Desk) -> int:
    number = report(desk, NewTicket(subject="abends", contact_email=JOE)).number
    set_status(desk, number, "open")
    return set_status(desk, number, "waiting-dump").number


@pytest.mark.parametrize("way", WAYS)
def test_a_wait_of_the_policys_own_ends(store, clock, tmp_path, way):
    desk = at_desk(store, clock)
    number = waiting_ticket(desk)
    way(desk, number, tmp_path)
    assert fetch(desk, number).status == "open"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rules", [{"ends": "false"}, {"moves": '"resolved", "closed"'}])
def test_where_the_policy_has_it_wait_on_nothing_is_refused_or_lost(store, clock, tmp_path, way, rules):
    """Either no message ends a wait, or the workflow has no way back from this one."""
    desk = at_desk(store, clock, **rules)
    number = waiting_ticket(desk)
    before = fetch(desk, number).version
    way(desk, number, tmp_path)
    now = fetch(desk, number)
    assert now.status == "waiting-dump" and now.version > before
