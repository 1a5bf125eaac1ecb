"""What a customer is told of a number: the words for every state, and nothing that isn't theirs."""

from __future__ import annotations

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from supporttui.desk import attention, change, close, relate, undo, write
from supporttui.desk.act import Change, Entry
from supporttui.desk.act import change as ticket_change
from supporttui.desk.reference import reference_of
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.status_answer import (
    MOST_LINES,
    RAISED,
    SHORTENED,
    answer,
    asked_in,
    number_asked,
    owed_to,
)
from supporttui.errors import NotFound
from supporttui.store import open_store

ZONE = ZoneInfo("America/Chicago")


def new(desk, **fields):
    given = {"subject": "tunnel drops", "severity": 2, "contact_email": "Joe@acme.example", **fields}
    return report(desk, NewTicket(**given)).number


def lines(desk, number=1):
    return answer(desk, number, ZONE).lines()


def said(desk, start, number=1):
    return next((one for one in lines(desk, number) if one.startswith(start)), "")


class TestStates:
    def test_a_new_one(self, desk):
        number = new(desk)
        assert lines(desk) == (
            f"Problem {number}, reference {reference_of(desk, number)}",
            "Status: we have received it; an analyst takes it up next.",
            "Severity: 2 (System highly impacted).",
            "Reported: Mon 16 Nov 2026 09:00 CST.",
            "Our last message to you: none yet.",
            f"Next: {RAISED} by Thu 19 Nov 2026 09:00 CST.",
            "As of Mon 16 Nov 2026 09:00 CST.",
        )

    def test_times_are_told_in_the_zone_that_is_asked_for(self, desk):
        new(desk)
        assert answer(desk, 1, ZoneInfo("UTC")).lines()[3] == "Reported: Mon 16 Nov 2026 15:00 UTC."

    def test_the_last_public_reply_is_repeated_and_the_promise_is_the_next_step(self, desk, clock):
        new(desk)
        write.reply(desk, 1, "First.")
        clock.advance(minutes=5)
        write.reply(desk, 1, "We look at it.\nSend logs.")
        attention.acknowledge(desk, 1, clock.now() + timedelta(hours=2))
        text = answer(desk, 1, ZONE).text()
        assert (
            "Our last message to you: Mon 16 Nov 2026 09:05 CST:\n    We look at it.\n    Send logs.\n"
            in text
        )
        assert "First." not in text
        assert said(desk, "Next:") == "Next: you hear from us again by Mon 16 Nov 2026 11:05 CST."
        assert said(desk, "Status:") == "Status: we are working on it."

    def test_a_broken_promise_is_late_until_the_next_reply(self, desk, clock):
        new(desk)
        attention.acknowledge(desk, 1, clock.now() + timedelta(hours=2))
        clock.advance(hours=3)
        assert said(desk, "Late:").startswith(
            "Late: the update that we promised was due by Mon 16 Nov 2026 11:00"
        )
        write.reply(desk, 1, "Here it is.")
        assert said(desk, "Late:") == ""

    def test_a_target_of_the_policy_is_the_next_step(self, store, clock):
        desk = Desk(store, "xnet", clock, "ana")
        number = new(desk, severity=1)
        found = answer(desk, number, ZONE)
        targets = {one.kind for _, one in desk.policy.targets}
        assert ("response" in targets) is (found.step == "you get our first answer"), found

    def test_waiting_for_the_customer_asks_for_their_answer(self, desk):
        new(desk)
        change.set_status(desk, 1, "waiting-customer")
        assert said(desk, "Status:") == "Status: we are waiting for your answer."
        assert said(desk, "Next:").startswith("Next: please answer our last message")
        write.customer_message(desk, 1, "Here are the logs.")
        assert said(desk, "Status:") == "Status: we are working on it."
        assert said(desk, "Your last message:") == "Your last message: Mon 16 Nov 2026 09:00 CST."

    def test_waiting_for_somebody_else_names_nobody(self, desk):
        new(desk)
        change.set_status(desk, 1, "waiting-vendor")
        assert (
            said(desk, "Status:") == "Status: we are waiting for something that we have asked for elsewhere."
        )

    def test_solved_and_closed(self, desk, clock):
        new(desk)
        close.resolve(desk, 1, "Release 7.2 mends it.")
        clock.advance(days=1)
        assert said(desk, "Status:") == "Status: solved since Mon 16 Nov 2026 09:00 CST."
        assert "if the problem is still there" in said(desk, "Next:")
        close.close(desk, 1, "paid")
        assert said(desk, "Status:") == "Status: closed since Tue 17 Nov 2026 09:00 CST."
        assert "paid" not in answer(desk, 1, ZONE).text()

    def test_a_closed_desk_says_when_it_opens_and_whom_to_call(self, desk, clock):
        new(desk)
        clock.advance(hours=12)
        phone = desk.policy.vendor.after_hours_phone
        assert said(desk, "The desk") == (
            f"The desk is closed until Tue 17 Nov 2026 08:00 CST; if your system is down, call {phone}."
        )
        assert said(desk, "The desk", new(desk, severity=1)) == ""  # worked round the clock

    def test_a_long_reply_is_shortened_and_says_so(self, desk):
        new(desk)
        write.reply(desk, 1, "\n".join(f"line {n}" for n in range(500)))
        text = answer(desk, 1, ZONE).text()
        assert SHORTENED in text and f"line {MOST_LINES - 1}\n" in text and f"line {MOST_LINES}\n" not in text


def test_a_store_that_is_only_read_answers_too(tmp_path, clock):
    tmp_path.chmod(0o700)
    with open_store(tmp_path / "d.sqlite3") as store:
        new(Desk(store, "netex", clock, "ana"))
    with open_store(tmp_path / "d.sqlite3", readonly=True) as store:
        assert lines(Desk(store, "netex", clock, "ana"))[:2] == (
            "Problem 1",
            "Status: we have received it; an analyst takes it up next.",
        )


class TestAnotherCustomer:
    def told(self, desk):
        return answer(desk, 1, ZONE).update

    def test_what_was_said_to_another_customer_is_not_told_to_this_one(self, desk):
        new(desk, customer="Acme Corp")
        write.reply(desk, 1, "Acme's firewall.")
        change.set_fields(desk, 1, {"customer": "Globex", "contact_email": "mara@globex.example"})
        assert self.told(desk) == ""
        write.reply(desk, 1, "Globex's tunnel.")
        assert self.told(desk) == "Globex's tunnel."

    def test_taken_back_it_is_the_first_ones_again(self, desk):
        new(desk, customer="Acme Corp")
        write.reply(desk, 1, "Acme's firewall.")
        change.set_fields(desk, 1, {"contact_email": "mara@globex.example"})
        undo.undo(desk)
        assert self.told(desk) == "Acme's firewall."

    def test_a_colleague_of_the_same_customer_reads_on(self, desk):
        new(desk, customer="Acme Corp")
        write.reply(desk, 1, "Acme's firewall.")
        change.set_fields(desk, 1, {"contact_email": "ann@ACME.example", "contact": "Ann"})
        change.set_fields(desk, 1, {"customer": "Acme Corporation"})
        assert self.told(desk) == "Acme's firewall."

    def test_a_domain_that_many_share_makes_no_colleagues(self, desk):
        new(desk, customer="Acme Corp", contact_email="joe@mail.example")
        write.reply(desk, 1, "Acme's firewall.")
        change.set_fields(desk, 1, {"customer": "Globex", "contact_email": "mara@mail.example"})
        assert self.told(desk) == ""

    def test_without_an_address_the_customer_tells(self, desk):
        new(desk, customer="Acme Corp", contact_email="")
        write.reply(desk, 1, "Acme's firewall.")
        change.set_fields(desk, 1, {"contact_email": "joe@acme.example"})
        assert self.told(desk) == "Acme's firewall."
        undo.undo(desk)
        change.set_fields(desk, 1, {"customer": "Globex"})
        change.set_fields(desk, 1, {"contact_email": "mara@globex.example"})
        assert self.told(desk) == ""


class TestMerged:
    def test_into_ones_own_is_answered_from_there(self, desk):
        new(desk)
        new(desk)
        write.reply(desk, 2, "We know it.")
        relate.merge(desk, 1, 2)
        found = answer(desk, 1, ZONE)
        assert found.number == 1 and found.update == "We know it." and found.state == "open"

    def test_into_somebody_elses_tells_nothing_of_theirs(self, desk):
        new(desk)
        new(desk, contact_email="ann@other.example", severity=1)
        write.reply(desk, 1, "Ours to Joe.")
        write.reply(desk, 2, "SECRET of Ann.")
        relate.merge(desk, 1, 2)
        found = answer(desk, 1, ZONE)
        assert found.state == "joined" and found.severity == 2 and found.update == "Ours to Joe."
        assert "SECRET" not in found.text() and reference_of(desk, 2) not in found.text()
        close.resolve(desk, 2, "SECRET end")
        assert answer(desk, 1, ZONE).state == "joined-ended"

    def test_two_without_an_address_are_nobodys(self, desk):
        new(desk, contact_email="")
        new(desk, contact_email="")
        write.reply(desk, 2, "SECRET")
        relate.merge(desk, 1, 2)
        assert "SECRET" not in answer(desk, 1, ZONE).text()


class TestWhoAsks:
    def test_a_number_or_a_reference_names_a_ticket_at_the_desk(self, desk):
        new(desk)
        reference = reference_of(desk, 1)
        assert [number_asked(desk, one) for one in ("1", "#1", reference, reference.upper())] == [1] * 4
        for wrong in ("2", "0", "x", "1-aaaaaaaaaaaaaaaa", "²", "9" * 30, ""):
            with pytest.raises(NotFound) as caught:
                number_asked(desk, wrong)
            assert "\n" not in str(caught.value)

    def test_only_the_address_on_file_is_owed_an_answer(self, desk):
        new(desk)
        reference = reference_of(desk, 1)
        assert owed_to(desk, reference, " JOE@acme.example") == owed_to(desk, "1", "joe@acme.example") == 1
        for words, address in (
            (reference, "ann@acme.example"),
            ("1", ""),
            ("2", "joe@acme.example"),
            ("x", ""),
        ):
            assert owed_to(desk, words, address) == 0

    def test_a_ticket_without_an_address_is_owed_to_nobody(self, desk):
        new(desk, contact_email="")
        assert owed_to(desk, "1", "") == owed_to(desk, reference_of(desk, 1), " ") == 0

    def test_known_and_unknown_cost_the_same_look_ups(self, desk, monkeypatch):
        new(desk)
        owed_to(desk, "1", "")  # what is read once and kept is read now
        asked, run = [], type(desk.store).execute
        monkeypatch.setattr(
            type(desk.store), "execute", lambda self, *given: asked.append(given[0]) or run(self, *given)
        )
        forms = (("1", "77"), (reference_of(desk, 1), reference_of(desk, 77), "1-aaaaaaaaaaaaaaaa"))
        for form in forms:
            seen = []
            for words in form:
                asked.clear()
                owed_to(desk, words, "ann@acme.example")
                seen.append(list(asked))
            assert all(one == seen[0] and one for one in seen), seen

    @pytest.mark.parametrize(
        ("subject", "found"),
        [
            ("status 1042", "1042"),
            ("Re: STATUS of #1042-k7rq2m5x4wz3v6ta ", "1042-k7rq2m5x4wz3v6ta"),
            ("status: 12", "12"),
            ("status", ""),
            ("status of the tunnel", ""),
            ("order status 12 and more", ""),
            ("status 12\nBcc: x", ""),
            ("re:" * 5000 + "status 1", ""),
        ],
    )
    def test_a_subject_that_asks(self, subject, found):
        assert asked_in(subject) == found


# -- no word of the desk's own ----------------------------------------------------------------------

INTERNAL = "INTERNALzq"


def test_no_field_and_no_entry_but_the_last_reply_is_in_it(desk):
    """Every field of a ticket and every kind of entry that the program writes carries a mark."""
    fields = (
        "subject", "description", "customer", "contact", "contact_phone", "site", "product", "release", "os",
        "os_release", "channel", "category", "plan", "owner", "external_id",
    )  # fmt: skip
    free = {name: f"{INTERNAL} {name}" for name in fields if name != "plan"}
    new(desk, **free, tags=("internalzq",))
    write.reply(desk, 1, f"{INTERNAL} earlier reply")
    write.reply(desk, 1, "The public words.")
    for kind in kinds_written():
        if kind != "reply":
            mark(desk, 1, kind, public=False)
            if kind not in ("undone", "redone"):
                mark(desk, 1, kind, public=True)
    mark(desk, 1, "reply", public=False)
    mark(desk, 1, "something new", public=True)
    text = answer(desk, 1, ZONE).text()
    assert "The public words." in text
    assert INTERNAL.casefold() not in text.casefold()
    assert "ana" not in text.replace("an analyst", "")


def mark(desk, number, kind, *, public):
    data = {"label": INTERNAL, "role": INTERNAL, "text": INTERNAL, "set": {"owner": ["", INTERNAL]}}
    entry = Entry(kind, f"{INTERNAL} {kind}", data, public=public)
    ticket_change(desk, number, lambda _ticket: Change(entries=(entry,)))


def kinds_written():
    """Every kind of entry that the sources name, so that a new one is tried too."""
    import re
    from pathlib import Path

    import supporttui

    found = set()
    for path in Path(supporttui.__file__).parent.glob("desk/**/*.py"):
        source = path.read_text()
        found |= set(re.findall(r'Entry\(\s*"([a-z-]+)"', source))
        found |= set(re.findall(r'\bkind="([a-z-]+)"', source))
        found |= set(re.findall(r'set_entry\([^"]*(?:\{[^}]*\})?[^"]*, "([a-z-]+)"', source))
    assert {"note", "reported", "merged", "owner", "call", "effort"} <= found
    found -= {"reported"}  # it stands there already, with the mark in its text
    return sorted(found | {"escalated", "warned", "missed", "mail", "file", "undone", "redone"})


def test_the_json_form_has_no_other_text_either(desk):
    from supporttui.cli.output import record

    new(desk, subject=f"{INTERNAL} subject", owner=INTERNAL)
    write.note(desk, 1, INTERNAL)
    shown = json.dumps(record(answer(desk, 1, ZONE), leave_out=frozenset({"zone"})))
    assert INTERNAL not in shown
