"""What people decide about what came in: what each decision does, that one undo takes all of it back, and who may not."""

from __future__ import annotations

import random

import pytest

from supporttui.desk import (
    act,
    attachments,
    change,
    close,
    deciding,
    inbox,
    look,
    participants,
    relate,
    senders,
    write,
)
from supporttui.desk.act import Change, Entry
from supporttui.desk.files import blobs_of
from supporttui.desk.kept import insert
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.errors import Conflict, NotFound, Refused, SupportError, UsageError
from supporttui.store import book, journal, mail
from supporttui.store.book_criteria import equal
from supporttui.store.criteria import AllOf, Sort
from supporttui.store.mail_records import IntakeItem, Mail

MARA, MALLORY = "mara@globex.example", "mallory@elsewhere.example"


class Door:
    """What comes in by itself, as the intake writes it down."""

    def __init__(self, desk: Desk) -> None:
        self.desk = Desk(desk.store, desk.policy, desk.clock, "mail")
        self.serial = 0

    def ticket(self, **fields) -> int:
        values = {"subject": "Tunnel drops", "severity": 2, "contact_email": MARA, **fields}
        return report(self.desk, NewTicket(**values)).number

    def mail(self, sender: str, **fields) -> int:
        self.serial += 1
        return mail.insert(
            self.desk.store,
            Mail(
                direction="in", message_id=f"<{self.serial}@x>", sender=sender, at=self.desk.now(), **fields
            ),
        )

    def item(self, kind: str, **fields) -> IntakeItem:
        return insert(self.desk, "intake-item", {"kind": kind, "at": self.desk.now(), **fields})

    def held(
        self, about: int, *, sender: str = MALLORY, text: str = "Send me the dump, please."
    ) -> IntakeItem:
        message = self.mail(sender, kind="held", ticket=about, sender_name="Mallory M.")
        told = Entry("mail", text, {"from": sender, "held": "takes no part"})
        act.change(self.desk, about, lambda _ticket: Change(entries=(told,)))
        entry = journal.of_ticket(self.desk.store, about, newest_first=True, limit=1)[0].id
        mail.place(self.desk.store, message, ticket=about, entry=entry)
        blob = blobs_of(self.desk).put_bytes(b"log of " + sender.encode())
        insert(
            self.desk,
            "attachment",
            {
                "ticket": about, "entry": entry, "message": message, "hash": blob.hash, "name": "log.txt",
                "size": blob.size, "source": "mail", "added_at": self.desk.now(), "state": "quarantined",
            },
        )  # fmt: skip
        return self.item(
            "held", ticket=about, about=about, message=message, sender=sender, text=f"{sender} takes no part"
        )

    def unverified(self, about: int, *, sender: str = MALLORY) -> IntakeItem:
        own = self.ticket(
            subject="Re: Tunnel drops",
            contact_email=sender,
            description="It is down again.",
            tags=("unverified",),
        )
        message = self.mail(sender, kind="new", ticket=own)
        return self.item("unverified", ticket=own, about=about, message=message, sender=sender)

    def unknown(self, *, sender: str = MALLORY) -> IntakeItem:
        own = self.ticket(subject="Buy now", contact_email=sender, description="Cheap.")
        return self.item(
            "unknown", ticket=own, message=self.mail(sender, ticket=own), sender=sender, subject="Buy now"
        )

    def file(self, about: int = 0, *, message: int = 0) -> IntakeItem:
        blobs = blobs_of(self.desk)
        made = attachments.add(
            self.desk, 0, blobs.put_bytes(b"SVC dump\nline two\n"), "dump.bin", blobs=blobs, source="upload",
            message=message,
        )  # fmt: skip
        return self.item("file", attachment=made.id, about=about, subject="dump.bin")


@pytest.fixture
def door(desk) -> Door:
    return Door(desk)


def entries(desk: Desk, number: int, kind: str = "") -> list:
    shown = look.ticket(desk, number)
    return [one for one in shown.journal if one.id not in shown.undone and kind in ("", one.kind)]


def state(desk: Desk, number: int) -> tuple:
    """What an undo has to bring back, of a ticket."""
    shown = look.ticket(desk, number)
    one = shown.ticket
    standing = sorted(
        entry.id for entry in shown.journal if entry.id not in shown.undone and not entry.undoes
    )
    return one.status, one.merged_into, one.tags, one.closed_at, one.resolved_at, standing


def world(desk: Desk) -> dict:
    """Everything that a decision may change."""
    kinds = ("intake-item", "attachment", "participant", "sender-rule")
    records = {
        kind: [
            {name: getattr(one, name) for name in book.KINDS[kind].columns if name != "version"}
            for one in book.select(desk.store, kind)
        ]
        for kind in kinds
    }
    newest = look.page(desk, EVERYTHING, SORT, limit=50)
    return {"records": records, "tickets": {row.number: state(desk, row.number) for row in newest}}


EVERYTHING, SORT = AllOf(()), Sort("number")


# -- accept ---------------------------------------------------------------------------------------


def test_a_held_message_becomes_the_customers(desk, door):
    number = door.ticket()
    change.set_status(desk, number, "waiting-customer")
    item = door.held(number)
    done = deciding.accept(desk, item.id, seen=item.version)
    assert (done.item.state, done.item.decided_by, done.ticket) == ("accepted", "ana", number)
    said = entries(desk, number, "customer")[0]
    assert (said.text, said.public, said.data["from"]) == ("Send me the dump, please.", True, MALLORY)
    assert look.ticket(desk, number).ticket.status == "open"
    assert [one.state for one in attachments.listed(desk, number)] == ["stored"]
    assert not participants.of(desk, number)


def test_a_held_message_reopens_a_ticket_that_was_over(desk, door):
    number = door.ticket()
    item = door.held(number)
    close.resolve(desk, number)
    deciding.accept(desk, item.id)
    assert look.ticket(desk, number).ticket.status == "open"
    undo(desk)
    assert look.ticket(desk, number).ticket.status == "resolved"


def test_who_is_accepted_with_the_wider_key_takes_part_from_then_on(desk, door):
    number = door.ticket()
    deciding.accept(desk, door.held(number).id, participant=True)
    (one,) = book.select(desk.store, "participant", equal(ticket=number))
    assert (one.email, one.name) == (MALLORY, "Mallory M.")
    undo(desk)
    assert not book.select(desk.store, "participant", equal(ticket=number))


def test_what_was_held_for_a_ticket_that_was_merged_goes_where_that_went(desk, raj, door):
    number, end = door.ticket(), door.ticket()
    item = door.held(number)
    relate.merge(raj, number, end)
    done = deciding.accept(desk, item.id)
    assert done.ticket == end and entries(desk, end, "customer")
    undo(desk)
    assert not entries(desk, end, "customer")


def test_a_ticket_that_a_colleague_merged_meanwhile_is_left_as_it_is(desk, raj, door):
    about = door.ticket()
    item = door.unverified(about)
    relate.merge(raj, item.ticket, about)
    before = state(desk, item.ticket)
    assert "closed" not in deciding.reject(desk, item.id).line
    assert state(desk, item.ticket) == before


def test_the_contact_of_a_ticket_needs_no_second_place_in_it(desk, door):
    number = door.ticket()
    deciding.accept(desk, door.held(number, sender=MARA).id, participant=True)
    assert not book.select(desk.store, "participant", equal(ticket=number))


def test_an_unverified_ticket_that_is_accepted_stands_and_loses_its_mark(desk, door):
    about = door.ticket()
    item = door.unverified(about)
    before = state(desk, about)
    deciding.accept(desk, item.id)
    assert look.ticket(desk, item.ticket).ticket.tags == ()
    assert state(desk, about) == before


def test_an_unverified_sender_who_is_believed_for_good_writes_to_the_claimed_ticket(desk, door):
    about = door.ticket()
    item = door.unverified(about)
    done = deciding.accept(desk, item.id, participant=True)
    assert done.item.state == "attached"
    assert look.ticket(desk, item.ticket).ticket.merged_into == about
    assert entries(desk, about, "customer")[0].text == "It is down again."
    assert [one.email for one in book.select(desk.store, "participant", equal(ticket=about))] == [MALLORY]


def test_a_call_is_accepted_when_it_was_made(desk, door):
    number = door.ticket(severity=1, contact_phone="+1 612 555 0142")
    version = look.ticket(desk, number).ticket.version
    deciding.accept(desk, door.item("call", ticket=number, sender=MARA).id)
    said = entries(desk, number, "call")[0]
    assert (said.public, said.data["way"], said.data["phone"]) == (False, "out", "+1 612 555 0142")
    assert look.ticket(desk, number).ticket.version > version
    undone = undo(desk).description
    assert f"the decision on the call for ticket {number}" in undone and "mail" not in undone


def test_a_file_goes_to_the_ticket_that_it_names(desk, door):
    number = door.ticket()
    item = door.file(about=number)
    deciding.accept(desk, item.id, blobs=blobs_of(desk))
    (file,) = attachments.listed(desk, number)
    assert (file.state, file.name) == ("stored", "dump.bin")
    assert "SVC dump" in entries(desk, number, "file")[0].text


def test_a_file_that_names_no_ticket_needs_one(desk, door):
    with pytest.raises(UsageError, match="say which one"):
        deciding.accept(desk, door.file().id)


def test_taking_part_needs_a_ticket_to_take_part_in(desk, door):
    with pytest.raises(Refused, match="names no ticket"):
        deciding.accept(desk, door.unknown().id, participant=True)


# -- attach and merge -----------------------------------------------------------------------------


def test_an_unverified_message_goes_to_the_ticket_that_it_claims_with_its_files(desk, door):
    about = door.ticket()
    item = door.unverified(about)
    blobs = blobs_of(desk)
    attachments.add(
        door.desk,
        item.ticket,
        blobs.put_bytes(b"trace"),
        "trace.txt",
        blobs=blobs,
        source="mail",
        message=item.message,
    )
    deciding.attach(desk, item.id)
    assert [one.name for one in attachments.listed(desk, about)] == ["trace.txt"]
    assert look.ticket(desk, item.ticket).ticket.merged_into == about


def test_a_held_message_can_belong_to_another_ticket(desk, door):
    number, other = door.ticket(), door.ticket()
    before = state(desk, number)
    done = deciding.attach(desk, door.held(number).id, other)
    assert (done.item.state, done.ticket) == ("attached", other)
    assert entries(desk, other, "customer")
    assert state(desk, number)[:5] == before[:5]
    assert not attachments.listed(desk, number)


def test_what_an_attachment_needs(desk, door):
    number = door.ticket()
    unknown = door.unknown()
    with pytest.raises(UsageError, match="names no ticket"):
        deciding.attach(desk, unknown.id)
    with pytest.raises(Refused, match="itself"):
        deciding.attach(desk, unknown.id, unknown.ticket)
    with pytest.raises(NotFound):
        deciding.attach(desk, unknown.id, 4711)
    with pytest.raises(Refused, match="telephone"):
        deciding.attach(desk, door.item("call", ticket=number).id, number)
    with pytest.raises(Refused, match="storm"):
        deciding.attach(desk, door.item("storm", ticket=door.ticket(), sender=MALLORY).id, number)
    assert book.get(desk.store, "intake-item", unknown.id).state == "waiting"


def test_a_merge_copies_nothing(desk, door):
    about = door.ticket()
    item = door.unverified(about)
    deciding.merge(desk, item.id)
    assert look.ticket(desk, item.ticket).ticket.merged_into == about
    assert not entries(desk, about, "customer")


def test_what_has_no_ticket_of_its_own_is_not_merged(desk, door):
    number = door.ticket()
    with pytest.raises(Refused, match="no ticket of its own"):
        deciding.merge(desk, door.held(number).id, door.ticket())


# -- reject and block -----------------------------------------------------------------------------


def test_a_rejected_ticket_is_closed_and_what_else_waited_about_it_is_decided(desk, door):
    item = door.unknown()
    call = door.item("call", ticket=item.ticket, sender=MALLORY)
    deciding.reject(desk, item.id)
    assert look.ticket(desk, item.ticket).ticket.status == "closed"
    assert book.get(desk.store, "intake-item", call.id).state == "rejected"
    undo(desk)
    assert look.ticket(desk, item.ticket).ticket.status == "new"
    assert book.get(desk.store, "intake-item", call.id).state == "waiting"


def test_rejecting_a_held_message_leaves_the_ticket_alone(desk, door):
    number = door.ticket()
    item = door.held(number)
    before = state(desk, number)
    deciding.reject(desk, item.id)
    assert state(desk, number) == before


def test_a_rejected_file_can_be_found_again(desk, door):
    item = door.file()
    deciding.reject(desk, item.id)
    assert attachments.get(desk, item.attachment).state == "rejected"
    undo(desk)
    assert attachments.get(desk, item.attachment).state == "quarantined"


def test_a_ticket_on_which_a_colleague_works_is_not_closed_from_the_inbox(desk, raj, door):
    item = door.unknown()
    write.reply(raj, item.ticket, "Which product is this about?")
    with pytest.raises(Refused, match="raj works on"):
        deciding.reject(desk, item.id)
    assert look.ticket(desk, item.ticket).ticket.status == "open"


def test_a_blocked_sender_and_all_that_waits_of_theirs(desk, raj, door):
    first, second, worked, other = (
        door.unknown(),
        door.unknown(),
        door.unknown(),
        door.unknown(sender="x@y.example"),
    )
    change.set_owner(raj, worked.ticket, "raj")
    done = deciding.block(desk, first.id)
    assert "1 more" in done.line
    states = [book.get(desk.store, "intake-item", one.id).state for one in (first, second, worked, other)]
    assert states == ["blocked", "blocked", "waiting", "waiting"]
    assert senders.blocked_by(desk, MALLORY.upper())
    undo(desk)
    assert senders.blocked_by(desk, MALLORY) is None
    assert look.ticket(desk, second.ticket).ticket.status == "new"


def test_a_block_of_a_domain(desk, door):
    one, two = door.unknown(), door.unknown(sender="eve@elsewhere.example")
    deciding.block(desk, one.id, domain=True)
    assert book.get(desk.store, "intake-item", two.id).state == "blocked"
    assert senders.blocked_by(desk, "anybody@elsewhere.example")
    assert senders.blocked_by(desk, "anybody@notelsewhere.example") is None


def test_mail_in_a_customers_name_never_shuts_the_customer_out(desk, door):
    number = door.ticket()
    item = door.unverified(number, sender=MARA)
    for domain in (False, True):
        with pytest.raises(Refused, match="shut them out"):
            deciding.block(desk, item.id, domain=domain)
    customer = book.insert(desk.store, "customer", {"name": "Globex"})
    book.insert(desk.store, "contact", {"customer": customer, "name": "Ed", "email": "Ed@Elsewhere.example"})
    with pytest.raises(Refused, match="Ed is a contact"):
        senders.block(desk, "ed@elsewhere.example")
    with pytest.raises(Refused, match="Ed is a contact"):
        deciding.block(desk, door.unknown().id, domain=True)
    assert senders.blocked(desk) == []


def test_the_contact_of_an_open_ticket_is_not_shut_out_by_any_mail_in_their_name(desk, door):
    number = door.ticket()
    for domain in (False, True):
        with pytest.raises(Refused, match=f"ticket {number} is theirs"):
            deciding.block(desk, door.unknown(sender=MARA).id, domain=domain)
    close.close(desk, number)
    assert deciding.block(desk, door.unknown(sender=MARA).id).item.state == "blocked"


def test_who_was_accepted_once_is_a_customer(desk, door):
    first, second = door.unknown(), door.unknown()
    deciding.accept(desk, first.id)
    with pytest.raises(Refused, match=f"ticket {first.ticket} is theirs"):
        deciding.block(desk, second.id)


def test_what_nobody_sent_blocks_nobody(desk, door):
    with pytest.raises(Refused, match="no sender"):
        deciding.block(desk, door.file().id)


def test_rules_are_made_and_taken_away(desk):
    rule = senders.block(desk, " <Spam@Bulk.Example> ", "advertising")
    assert (rule.address, rule.reason) == ("spam@bulk.example", "advertising")
    assert senders.block(desk, "spam@bulk.example").id == rule.id
    assert [one.address for one in senders.blocked(desk)] == ["spam@bulk.example"]
    senders.unblock(desk, "spam@bulk.example")
    assert senders.blocked(desk) == []
    with pytest.raises(NotFound):
        senders.unblock(desk, "spam@bulk.example")
    undo(desk)
    assert senders.blocked_by(desk, "spam@bulk.example")


@pytest.mark.parametrize(
    "wrong", ["", "nobody", "@", "@localhost", "a b@c.example", "a@b@c", "x" * 300 + "@y.example"]
)
def test_what_is_no_address(desk, wrong):
    with pytest.raises(UsageError):
        senders.block(desk, wrong)


# -- all of it ------------------------------------------------------------------------------------

DECISIONS = {
    "accept held": ("held", lambda desk, id, other: deciding.accept(desk, id, participant=True)),
    "attach held": ("held", lambda desk, id, other: deciding.attach(desk, id, other)),
    "reject held": ("held", lambda desk, id, other: deciding.reject(desk, id)),
    "block held": ("held", lambda desk, id, other: deciding.block(desk, id)),
    "accept unverified": ("unverified", lambda desk, id, other: deciding.accept(desk, id)),
    "believe unverified": ("unverified", lambda desk, id, other: deciding.accept(desk, id, participant=True)),
    "attach unverified": ("unverified", lambda desk, id, other: deciding.attach(desk, id)),
    "merge unverified": ("unverified", lambda desk, id, other: deciding.merge(desk, id)),
    "reject unverified": ("unverified", lambda desk, id, other: deciding.reject(desk, id)),
    "block unverified": ("unverified", lambda desk, id, other: deciding.block(desk, id, domain=True)),
    "accept file": ("file", lambda desk, id, other: deciding.accept(desk, id)),
    "attach file": ("file", lambda desk, id, other: deciding.attach(desk, id, other)),
    "reject file": ("file", lambda desk, id, other: deciding.reject(desk, id)),
    "accept unknown": ("unknown", lambda desk, id, other: deciding.accept(desk, id)),
    "reject unknown": ("unknown", lambda desk, id, other: deciding.reject(desk, id)),
    "accept fallback": ("fallback", lambda desk, id, other: deciding.accept(desk, id)),
    "attach fallback": ("fallback", lambda desk, id, other: deciding.attach(desk, id, other)),
    "accept storm": ("storm", lambda desk, id, other: deciding.accept(desk, id)),
    "merge storm": ("storm", lambda desk, id, other: deciding.merge(desk, id, other)),
    "block storm": ("storm", lambda desk, id, other: deciding.block(desk, id)),
    "accept call": ("call", lambda desk, id, other: deciding.accept(desk, id)),
    "reject call": ("call", lambda desk, id, other: deciding.reject(desk, id)),
}  # fmt: skip


def _arrived(door: Door, kind: str, number: int) -> IntakeItem:
    if kind == "unknown":
        return door.unknown()
    if kind == "call":
        return door.item("call", ticket=number, sender=MARA)
    if kind in ("fallback", "storm"):
        own = door.ticket(subject="A mail that could not be read", contact_email="", description="Broken.")
        return door.item(kind, ticket=own, message=door.mail(MALLORY, ticket=own), sender=MALLORY)
    return getattr(door, kind)(number)


@pytest.mark.parametrize("name", DECISIONS)
def test_one_undo_takes_all_of_a_decision_back_and_a_redo_does_it_again(desk, door, name):
    kind, act = DECISIONS[name]
    number, other = door.ticket(), door.ticket()
    item = _arrived(door, kind, number)
    before = world(desk)
    done = act(desk, item.id, other)
    after = world(desk)
    assert after != before
    assert undo(desk).description.startswith("undone: the decision on ")
    assert world(desk) == before
    redo(desk)
    assert world(desk)["records"] == after["records"]
    assert book.get(desk.store, "intake-item", item.id).state == done.item.state


@pytest.mark.parametrize("name", DECISIONS)
def test_of_two_analysts_one_decides(desk, raj, door, name):
    kind, act = DECISIONS[name]
    number, other = door.ticket(), door.ticket()
    item = _arrived(door, kind, number)
    act(raj, item.id, other)
    after = world(desk)
    with pytest.raises(Conflict, match="by raj meanwhile"):
        act(desk, item.id, other)
    assert world(desk) == after


def test_what_changed_since_it_was_seen_is_not_decided(desk, raj, door):
    item = door.file()
    deciding.reject(raj, item.id)
    undo(raj)
    with pytest.raises(Conflict):
        deciding.reject(desk, item.id, seen=item.version)


# -- the inbox ------------------------------------------------------------------------------------


def test_the_inbox_begins_with_what_cannot_wait(desk, door):
    number = door.ticket()
    made = [door.file(), door.unknown(), door.held(number), door.item("call", ticket=number, sender=MARA)]
    assert inbox.count(desk) == (4, 1)
    found = inbox.board(desk)
    assert [one.item.kind for one in found.rows] == ["call", "held", "unknown", "file"]
    deciding.reject(desk, made[0].id)
    found = inbox.board(desk)
    assert [one.item.id for one in found.decided] == [made[0].id]
    assert inbox.count(desk) == (3, 1)


def test_an_item_tells_what_was_written_and_who_wrote_it(desk, door):
    about = door.ticket()
    customer = book.insert(desk.store, "customer", {"name": "Globex"})
    book.insert(
        desk.store, "contact", {"customer": customer, "name": "Mara L.", "email": "Mara@Globex.example"}
    )
    found = inbox.one(desk, door.unverified(about, sender=MARA).id)
    assert (found.text, found.home.number, found.contact) == ("It is down again.", about, "Mara L.")
    assert inbox.one(desk, door.held(about).id).text == "Send me the dump, please."
    with pytest.raises(NotFound):
        inbox.one(desk, 99)


def test_an_empty_inbox(desk):
    found = inbox.board(desk)
    assert (found.rows, found.decided, found.more, inbox.count(desk)) == ((), (), 0, (0, 0))


def _decides_somehow(desk: Desk, chance: random.Random, id: int, other: int) -> None:
    part = chance.random() < 0.4
    what = chance.choices(("accept", "attach", "merge", "reject", "block"), (3, 3, 2, 2, 1))[0]
    if what == "accept":
        deciding.accept(desk, id, participant=part)
    elif what == "attach":
        deciding.attach(desk, id, other, participant=part)
    elif what == "merge":
        deciding.merge(desk, id, other)
    elif what == "reject":
        deciding.reject(desk, id)
    else:
        deciding.block(desk, id, domain=part)


@pytest.mark.parametrize("seed", range(8))
def test_any_run_of_decisions_is_taken_back_step_by_step(desk, door, seed):
    """Whatever is decided in whatever order, each undo brings back what was before it; a refusal changes nothing."""
    chance = random.Random(seed)
    numbers = [door.ticket(), door.ticket(), door.ticket()]
    for kind in chance.choices(("held", "unverified", "unknown", "file", "call", "fallback", "storm"), k=8):
        _arrived(door, kind, chance.choice(numbers))
    if seed % 3 == 0:
        close.resolve(door.desk, numbers[0])
    states = [world(desk)]
    for _ in range(14):
        desk.clock.advance(seconds=1)
        try:
            _decides_somehow(desk, chance, chance.randrange(1, 9), chance.choice((0, *numbers)))
        except SupportError:
            assert world(desk) == states[-1]
        else:
            states.append(world(desk))
    assert len(states) > 1
    for before in reversed(states[:-1]):
        undo(desk)
        assert world(desk) == before
