from datetime import timedelta, timezone

import pytest

from supporttui.errors import NotFound, StoreError
from supporttui.store import customers, drafts, links, meta, tickets, views
from supporttui.store.criteria import AllOf, Sort
from supporttui.store.records import Draft, Ticket, View


def test_a_ticket_comes_back_as_it_went_in(store, now):
    fields = {
        "subject": "Ünlink \U0001f527",
        "description": "line one\nline two",
        "severity": 1,
        "status": "open",
        "owner": "ana",
        "customer": "Acme",
        "contact": "Bo",
        "contact_email": "bo@acme.example",
        "contact_phone": "+1 555",
        "site": "HQ",
        "product": "HyperIP",
        "release": "6.4",
        "os": "Linux",
        "os_release": "12",
        "channel": "phone",
        "category": "fault",
        "environment": "production",
        "plan": "gold",
        "external_id": "INC7",
        "reported_at": now,
        "created_at": now + timedelta(minutes=1),
        "updated_at": now + timedelta(minutes=2),
        "resolved_at": now + timedelta(minutes=3),
        "closed_at": now + timedelta(minutes=4),
        "acknowledged_until": now + timedelta(minutes=5),
        "snoozed_until": now + timedelta(minutes=6),
        "minutes_logged": 90,
        "next_due_at": now + timedelta(minutes=7),
        "next_due_role": "director",
        "overdue_since": now + timedelta(minutes=8),
        "paused": True,
    }
    number = tickets.insert(store, {**fields, "tags": ("b", "A")})
    assert tickets.get(store, number) == Ticket(number=number, tags=("A", "b"), **fields)


def test_times_default_to_the_report(store, report, now):
    ticket = tickets.get(store, report(store))
    assert ticket.created_at == ticket.updated_at == now


def test_instants_are_utc_whatever_zone_they_came_in(store, report, now):
    there = now.astimezone(timezone(timedelta(hours=-7)))
    ticket = tickets.get(store, report(store, reported_at=there))
    assert ticket.reported_at == now and ticket.reported_at.utcoffset() == timedelta(0)
    with pytest.raises(ValueError, match="aware"):
        report(store, reported_at=now.replace(tzinfo=None))


def test_what_no_database_takes_is_replaced(store, report):
    ticket = tickets.get(store, report(store, "a\x00b\ud800c", owner="\udfff"))
    assert (ticket.subject, ticket.owner) == ("a\ufffdb\ufffdc", "\ufffd")


def test_there_is_no_such_ticket(store):
    assert tickets.get(store, 1) is None
    assert tickets.get(store, 10**30) is None
    assert not tickets.update(store, 1, 1, {"status": "open"})


def test_an_update_needs_the_version_that_was_seen(store, report):
    number = report(store)
    assert tickets.update(store, number, 1, {"status": "open", "owner": "raj"})
    assert not tickets.update(store, number, 1, {"owner": "olga"})
    ticket = tickets.get(store, number)
    assert (ticket.version, ticket.owner, ticket.status) == (2, "raj", "open")


def test_a_stale_update_changes_no_tags(store, report):
    number = report(store, tags=("old",))
    assert tickets.update(store, number, 1, {"tags": ("new", "NEW", "")})
    assert not tickets.update(store, number, 1, {"tags": ()})
    assert tickets.get(store, number).tags == ("NEW",)


def test_a_field_that_does_not_exist_is_named(store, report):
    number = report(store)
    with pytest.raises(TypeError, match="'sevrity'"):
        tickets.update(store, number, 1, {"sevrity": 1})


def test_external_ids_are_found_exactly_and_are_unique(store, report):
    number = report(store, external_id="INC1")
    report(store)
    report(store)
    assert tickets.find_external(store, "INC1") == number
    assert tickets.find_external(store, "inc1") is None
    assert tickets.find_external(store, "") is None
    with pytest.raises(StoreError, match="refuses"):
        report(store, external_id="INC1")


def test_numbers_are_never_given_twice(store, report):
    report(store)
    last = report(store)
    with store.write():
        store.execute("DELETE FROM ticket WHERE number = ?", (last,))
    assert report(store) == last + 1


def test_suggestions_ignore_case_and_come_once(store, report):
    for owner in ("Éva", "éva", "Eve", "bob", ""):
        report(store, owner=owner, tags=(owner,) if owner else ())
    assert tickets.suggest(store, "owner", "É") == ["Éva"]
    assert tickets.suggest(store, "owner", "", limit=2) == ["bob", "Eve"]
    assert tickets.suggest(store, "tag", "E") == ["Eve"]
    with pytest.raises(TypeError, match="'nonsense'"):
        tickets.suggest(store, "nonsense", "")


def test_lines_of_exactly_these(store, report):
    numbers = [report(store, f"t{i}") for i in range(4)]
    found = tickets.lines(store, [numbers[3], numbers[0], 99, numbers[3]])
    assert sorted(line.number for line in found) == [numbers[0], numbers[3]]
    assert tickets.lines(store, []) == []
    assert len(tickets.lines(store, range(2000))) == 4


def test_a_page_after_a_ticket_that_is_not_there(store):
    with pytest.raises(NotFound, match="no ticket 7"):
        tickets.page(store, AllOf(), Sort("due"), limit=5, after=7)


def test_customers_are_one_whatever_their_case(store):
    first = customers.ensure(store, "Straße AG", plan="gold")
    assert customers.ensure(store, "STRASSE AG", notes="calls at night") == first
    known = customers.get(store, "strasse ag")
    assert (known.name, known.plan, known.notes) == ("Straße AG", "gold", "calls at night")
    assert customers.get(store, "nobody") is None
    customers.ensure(store, "Zeta")
    assert [one.name for one in customers.find(store, "s")] == ["Straße AG"]
    assert [one.name for one in customers.find(store)] == ["Straße AG", "Zeta"]


def test_contacts_belong_to_customers(store):
    customers.ensure(store, "Acme")
    first = customers.add_contact(store, "ACME", "Bo", email="bo@acme.example")
    assert customers.add_contact(store, "acme", "BO", phone="1") == first
    (contact,) = customers.contacts(store, "acme")
    assert (contact.customer, contact.name, contact.email, contact.phone) == (
        "Acme",
        "Bo",
        "bo@acme.example",
        "1",
    )
    with pytest.raises(NotFound, match="no customer Zeta"):
        customers.add_contact(store, "Zeta", "Al")


def test_links_are_seen_from_both_ends(store, report):
    one, two, three = report(store), report(store), report(store)
    assert links.add(store, one, two, "related")
    assert not links.add(store, two, one, "related")
    assert links.add(store, three, one, "blocks")
    assert links.of_ticket(store, one) == [(two, "related"), (three, "blocked-by")]
    assert links.of_ticket(store, three) == [(one, "blocks")]
    assert not links.remove(store, one, three, "blocks")
    assert links.remove(store, one, three, "blocked-by")
    assert links.remove(store, two, one, "related")
    assert links.of_ticket(store, one) == []
    with pytest.raises(StoreError, match="refuses"):
        links.add(store, one, 999, "related")


def test_views_of_the_desk_and_of_persons(store):
    views.save(store, View(name="Hot", query="sev:1", position=2))
    views.save(store, View(name="Mine", query="owner:@me", owner="ana"))
    views.save(store, View(name="HOT", query="sev:1,2", position=1))
    assert [view.name for view in views.all(store, "ana")] == ["HOT", "Mine"]
    assert [view.name for view in views.all(store)] == ["HOT"]
    views.save(store, View(name="hot", query="mine", owner="ana"))
    assert views.get(store, "Hot", "ana").query == "mine"
    assert views.get(store, "Hot", "raj").query == "sev:1,2"
    assert views.delete(store, "hot", "ana") and views.delete(store, "hot", "ana")
    assert not views.delete(store, "hot", "ana")


def test_drafts_are_kept_until_dropped(store, now):
    first = Draft(actor="ana", ticket=3, kind="reply", body="Dear", data={"to": "x"}, updated_at=now)
    later = Draft(actor="ana", ticket=0, kind="report", body="new", updated_at=now + timedelta(seconds=5))
    drafts.save(store, first)
    drafts.save(store, Draft(actor="ana", ticket=3, kind="reply", body="", updated_at=now))
    drafts.save(store, first)
    drafts.save(store, later)
    assert drafts.get(store, "ana", 3, "reply") == first
    assert drafts.of_actor(store, "ana") == [later, first]
    assert drafts.drop(store, "ana", 3, "reply") and not drafts.drop(store, "ana", 3, "reply")
    assert drafts.get(store, "ana", 3, "reply") is None


def test_meta(store):
    assert meta.get(store, "policy") == ""
    meta.put(store, "policy", "a")
    meta.put(store, "policy", "b")
    assert meta.get(store, "policy") == "b"
