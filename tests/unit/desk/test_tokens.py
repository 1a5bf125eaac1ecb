"""Acknowledging by a notice's token: once, by whom it was sent to, and only with the right one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from supporttui.desk import close, look, tokens
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import NotFound, Refused, UsageError
from supporttui.policy.loading import preset_text, read_policy
from supporttui.policy.roster import read_roster
from supporttui.store import notices, open_store
from supporttui.watch.tick import tick

ROSTER = 'zone = "UTC"\n[[person]]\nname = "lee"\nemail = "lee@example.com"\n'


@pytest.fixture
def desk(store, clock):
    text = preset_text("netex").replace(
        'Services"\nreaches = ["desk"]', 'Services"\nreaches = ["@lee", "d@v.example"]'
    )
    return Desk(store, read_policy(text, "t.toml"), clock, "intake", read_roster(ROSTER, "r.toml"))


@pytest.fixture
def notice(desk, clock):
    report(desk, NewTicket(subject="down", severity=1))
    clock.advance(hours=8)
    tick(desk)
    return notices.of_ticket(desk.store, 1)[0]


def test_a_token_acknowledges_once_in_the_name_of_whom_it_was_sent_to(desk, clock, notice):
    token = tokens.token_of(desk, notice)
    ticket = tokens.acknowledge(desk, f"  {token.upper()} ")
    assert ticket.acknowledged_until == clock.now() + timedelta(hours=1)  # NetEx's file calls one hour usual
    entry = look.ticket(desk, 1).journal[0]
    assert (entry.kind, entry.actor, entry.text) == (
        "acknowledged",
        "lee",
        f"by the token of notice {notice.id}",
    )
    with pytest.raises(Refused, match="has been used"):
        tokens.acknowledge(desk, token)


def test_an_address_without_a_person_acknowledges_in_its_own_name(desk, clock, notice):
    other = notices.of_ticket(desk.store, 1)[1]
    tokens.acknowledge(desk, tokens.token_of(desk, other), clock.now() + timedelta(minutes=10))
    assert look.ticket(desk, 1).journal[0].actor == "mail:d@v.example"


@pytest.mark.parametrize(
    "token", ["", "12", "1-", "x-abc", "1-ab cd", "1-" + "é" * 16, "9" * 20 + "-abcdefghabcdefgh"]
)
def test_what_is_no_token_is_said_to_be_none(desk, notice, token):
    with pytest.raises(UsageError, match="no token"):
        tokens.acknowledge(desk, token)


def test_a_token_of_another_notice_or_of_another_desk_is_worth_nothing(desk, clock, notice):
    signature = tokens.token_of(desk, notice).partition("-")[2]
    with pytest.raises(NotFound):
        tokens.acknowledge(desk, f"{notice.id + 1}-{signature}")
    with open_store(":memory:") as other:
        foreign = Desk(other, desk.policy, clock, "x")
        with pytest.raises(NotFound, match="not of this desk"):
            tokens.acknowledge(foreign, tokens.token_of(desk, notice))


def test_an_old_token_is_refused_and_a_refused_one_stays_good(desk, clock, notice):
    token = tokens.token_of(desk, notice)
    with pytest.raises(UsageError):
        tokens.acknowledge(desk, token, clock.now() - timedelta(hours=1))
    tokens.acknowledge(desk, token)
    late = tokens.token_of(desk, notices.of_ticket(desk.store, 1)[1])
    clock.advance(days=7, seconds=1)
    with pytest.raises(Refused, match="good for 7 days"):
        tokens.acknowledge(desk, late)


def test_a_ticket_that_is_over_needs_no_acknowledgement(desk, notice):
    close.resolve(desk, 1)
    with pytest.raises(Refused):
        tokens.acknowledge(desk, tokens.token_of(desk, notice))
