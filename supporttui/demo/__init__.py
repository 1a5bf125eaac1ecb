"""The sample desk: about 300 believable tickets, and a Severity 1 that is about to escalate.

Everything goes through the same verbs as real work, with a clock that is moved
by hand from the first report to now; so journals, pauses, fired rungs and
deadlines are what the program itself makes.  The same seed and the same "now"
give the same desk.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from supporttui.clock import ManualClock
from supporttui.desk import attention, change, close, effort, relate, worked, write
from supporttui.desk.act import fetch, transaction
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk

from . import book, holdings, stories

if TYPE_CHECKING:
    from supporttui.policy import Policy
    from supporttui.store.records import Ticket

TICKETS = 300
HISTORY = timedelta(days=75)
# The showcase ticket's eighth hour ends this long after the desk is built.
FIRES_IN = timedelta(seconds=80)
ASKS = 4  # the place in the script of the ticket whose contact writes from elsewhere
WAYS = {"phone": 3, "email": 5, "web": 4}  # how often a problem is reported in which way

Action = Callable[[Desk, int], object]


@dataclass(order=True)
class Step:
    """Something that somebody does to a ticket at an instant."""

    at: datetime
    order: int
    actor: str = field(compare=False)
    ticket: int = field(compare=False)
    act: Action | NewTicket = field(compare=False)


def build_demo(desk: Desk, *, seed: int = 20, tickets: int = TICKETS) -> int:
    """Fill an empty store with the sample desk as of the desk's clock; returns the number of tickets.

    seed: the same seed at the same instant gives the same desk, but for the random ids
    that join the journal entries of one action.
    """
    now = desk.now()
    script = _Script(random.Random(seed), now, desk.policy)
    script.write(tickets)
    clock, reported = ManualClock(now - HISTORY), script.told
    with transaction(desk):
        book.write_book(desk)
        numbers = _play(desk, clock, script.steps, now)
        told = [(numbers[place], new) for place, new in reported.items() if place in numbers]
        book.tie_known(desk, [(number, new.product, new.subject) for number, new in told])
        _arrivals(desk, numbers)
        return len(numbers)


def _arrivals(desk: Desk, numbers: dict[int, int]) -> None:
    """What waits in the inbox; the ticket that Tomas works on has mail from its contact's private address."""
    from .arrivals import sample

    if ASKS in numbers:
        sample(desk, numbers[ASKS])


def _play(desk: Desk, clock: ManualClock, steps: list[Step], now: datetime) -> dict[int, int]:
    """Do every step at its instant; the number of each ticket by its place in the script."""
    from supporttui.watch.tick import tick

    numbers: dict[int, int] = {}
    heapq.heapify(steps)
    acting = Desk(desk.store, desk.policy, clock, "clock")
    due = None
    while steps:
        step = heapq.heappop(steps)
        while due is not None and due <= step.at:
            clock.set(due)
            due = tick(acting).next_due_at
        clock.set(step.at)
        acting.actor = step.actor
        if isinstance(step.act, NewTicket):
            numbers[step.ticket] = report(acting, step.act).number
        elif step.ticket in numbers:
            step.act(acting, numbers[step.ticket])
        due = _earliest(due, fetch(acting, numbers[step.ticket]))
    while due is not None and due <= now:
        clock.set(due)
        due = tick(acting).next_due_at
    return numbers


def _earliest(due: datetime | None, ticket: Ticket) -> datetime | None:
    if ticket.next_due_at is None:
        return due
    return ticket.next_due_at if due is None else min(due, ticket.next_due_at)


class _Script:
    """Writes what happens to each ticket, from its report to now or to its end."""

    def __init__(self, rng: random.Random, now: datetime, policy: Policy) -> None:
        self.rng = rng
        self.now = now
        self.channels = policy.channels
        self.categories = policy.categories
        self.severities = [severity.number for severity in policy.severities]
        self.steps: list[Step] = []
        self._order = 0

    @property
    def told(self) -> dict[int, NewTicket]:
        """What is reported, by its place in the script."""
        return {step.ticket: step.act for step in self.steps if isinstance(step.act, NewTicket)}

    def write(self, tickets: int) -> None:
        self._showcase()
        self._verdicts(7)
        started = len({step.ticket for step in self.steps})
        for place in range(started, tickets):
            self._ordinary(place)

    def add(self, ticket: int, at: datetime, actor: str, act: Action | NewTicket) -> None:
        if at <= self.now:
            self._order += 1
            self.steps.append(Step(at.replace(microsecond=0), self._order, actor, ticket, act))

    # The tickets that a first shift is about.

    def _showcase(self) -> None:
        hour, minute = timedelta(hours=1), timedelta(minutes=1)
        self._told(0, stories.STORIES[0], 1, self.now - 8 * hour + FIRES_IN, "ana", "phone", customer=0)
        self._told(1, stories.STORIES[1], 1, self.now - 10 * hour - 17 * minute, "raj", "phone", customer=1)
        self._told(2, stories.STORIES[2], 1, self.now - 22 * minute, "", "phone", customer=6)
        at = self._told(
            3, stories.STORIES[3], 2, self.now - timedelta(days=3) + 34 * minute, "mei", "web", customer=3
        )
        self.add(3, at + 3 * hour, "mei", _status("waiting-vendor"))
        at = self._told(
            4, stories.STORIES[6], 2, self.now - timedelta(days=7, hours=2), "tomas", "email", customer=13
        )
        self.add(4, self.now - 2 * hour, "tomas", _acknowledge(self.now + 45 * minute))
        at = self._told(5, stories.STORIES[1], 2, self.now - 9 * hour, "raj", "email", customer=1)
        self.add(5, at + hour, "raj", lambda desk, number: relate.merge(desk, number, _other(desk, number)))
        self._told(6, stories.STORIES[14], 3, self.now - 48 * minute, "", "email", customer=9)

    def _verdicts(self, first: int) -> None:
        """A ticket for everything that a customer can be owed."""
        people = {one.name: at for at, one in enumerate(stories.CUSTOMERS)}
        for ticket, one in enumerate(stories.SHOWING, first):
            at = self.now - timedelta(minutes=int(one.hours * 60))
            story, place = stories.STORIES[one.story], people.get(one.customer, -1)
            self._told(
                ticket, story, one.severity, at, one.owner, "email", customer=place, product=one.product
            )
            if one.worked:
                self.add(
                    ticket, at + timedelta(minutes=25 + one.worked), one.owner, _effort(one.worked, one.on)
                )
            if one.spent:
                self.add(ticket, at + timedelta(hours=20), one.owner, _spend(one.spent))

    def _told(
        self,
        ticket: int,
        story: stories.Story,
        severity: int,
        at: datetime,
        owner: str,
        channel: str,
        *,
        customer: int,
        product: str = "",
    ) -> datetime:
        """A showcase ticket: reported, taken and answered within the first half hour.

        customer: a place among the stories' customers, -1 for the one whom nobody knows.
        """
        channel = self._way(channel)
        who = stories.CUSTOMERS[customer] if customer >= 0 else stories.STRANGER
        self.add(
            ticket,
            at,
            channel_actor(channel),
            self._report(story, severity, channel, at, who, product),
        )
        if owner:
            self.add(ticket, at + timedelta(minutes=4), owner, _own(owner))
            self.add(ticket, at + timedelta(minutes=9), owner, _note(self.rng.choice(stories.NOTES)))
            self.add(ticket, at + timedelta(minutes=21), owner, _reply(story.answer))
        return at

    # Everything else that a desk has on its books.

    def _ordinary(self, ticket: int) -> None:
        story, severity = self._problem()
        open_one = self.rng.random() < 0.2
        age = self._age(severity, open_one)
        at = self.now - age
        channel = self.rng.choices(tuple(WAYS), tuple(WAYS.values()))[0]
        channel = self._way("phone" if severity == 1 else channel)
        self.add(ticket, at, channel_actor(channel), self._report(story, severity, channel, at))
        if open_one and self.rng.random() < 0.25:
            return
        self._work(ticket, story, severity, at, open_one)

    def _way(self, channel: str) -> str:
        """The channel, or the nearest that the policy knows: a vendor need not have a web form."""
        known = (one for one in (channel, "email", "phone") if not self.channels or one in self.channels)
        return next(known, "")

    def _problem(self) -> tuple[stories.Story, int]:
        """What is wrong and how badly: a system that is down is rare."""
        while True:
            story = self.rng.choice(stories.STORIES)
            severity = self.rng.choice(story.severities)
            if severity > 1 or self.rng.random() < 0.2:
                return story, severity

    def _age(self, severity: int, open_one: bool) -> timedelta:
        """Open tickets are mostly young for their severity; closed ones fill the history."""
        most = {1: 7, 2: 76, 3: 250, 4: 1000}[severity] if open_one else HISTORY.days * 24 - 2
        share = self.rng.betavariate(1.2, 1.6) if open_one else self.rng.random()
        return timedelta(minutes=int(12 + share * most * 60))

    def _work(self, ticket: int, story: stories.Story, severity: int, at: datetime, open_one: bool) -> None:
        owner = self.rng.choice(stories.ANALYSTS)
        pace = {1: 20, 2: 90, 3: 300, 4: 900}[severity]
        at = self._later(at, pace / 4)
        self.add(ticket, at, owner, _own(owner))
        at = self._later(at, pace / 4)
        self.add(
            ticket,
            at,
            owner,
            _reply(story.answer if self.rng.random() < 0.6 else self.rng.choice(stories.QUESTIONS)),
        )
        if self.rng.random() < 0.45:
            at = self._ask(ticket, owner, at, pace)
        if self.rng.random() < 0.4:
            at = self._later(at, pace / 2)
            self.add(ticket, at, owner, _note(self.rng.choice(stories.NOTES)))
        if self.rng.random() < 0.25:
            self.add(ticket, self._later(at, 15), owner, _effort(self.rng.choice((15, 20, 30, 45, 60, 90))))
        if not open_one:
            self._end(ticket, story, owner, at, pace)

    def _ask(self, ticket: int, owner: str, at: datetime, pace: float) -> datetime:
        at = self._later(at, pace / 3)
        self.add(ticket, at, owner, _status("waiting-customer"))
        if self.rng.random() < 0.75:
            at = self._later(at, pace)
            words = self.rng.choice(stories.CUSTOMER_ANSWERS)
            self.add(ticket, at, "email", lambda desk, number: write.customer_message(desk, number, words))
        return at

    def _end(self, ticket: int, story: stories.Story, owner: str, at: datetime, pace: float) -> None:
        at = self._later(at, pace)
        self.add(ticket, at, owner, lambda desk, number: close.resolve(desk, number, story.answer))
        if self.rng.random() < 0.06:
            at = self._later(at, pace * 2)
            self.add(ticket, at, owner, lambda desk, number: close.reopen(desk, number, "it came back"))
            at = self._later(at, pace)
            self.add(ticket, at, owner, lambda desk, number: close.resolve(desk, number))
        self.add(ticket, self._later(at, 2000), owner, lambda desk, number: close.close(desk, number))

    def _later(self, at: datetime, minutes: float) -> datetime:
        return at + timedelta(minutes=1 + int(self.rng.expovariate(1 / max(1.0, minutes))))

    def _report(
        self,
        story: stories.Story,
        severity: int,
        channel: str,
        at: datetime,
        customer: stories.Customer | None = None,
        product: str = "",
    ) -> NewTicket:
        """What a customer reports of a product that they run, on the system that they run it on."""
        rng = self.rng
        product = product or rng.choice(_run_by(customer, story.products))
        who = customer or rng.choice(PEOPLE[product])
        placed = holdings.where(who.name, product)
        if placed is not None:
            host, release = placed
            system, level = host.os, host.os_release
        else:
            release = rng.choice(stories.RELEASES[product])
            system, level = rng.choice(stories.SYSTEMS[product])
        words = {"product": product, "release": release, "os": system}
        return NewTicket(
            subject=story.subject.format(**words),
            description=story.text.format(**words),
            severity=min(self.severities, key=lambda one: abs(one - severity)),
            customer=who.name,
            contact=who.contact,
            contact_email=who.email,
            contact_phone=who.phone,
            site=who.site,
            product=product,
            release=release,
            os=system,
            os_release=level,
            category=next((one for one in stories.CATEGORIES[story.kind] if one in self.categories), ""),
            channel=channel,
            reported_at=at,
        )


# product → those of the stories' customers who run it
PEOPLE = {
    product: [one for one in stories.CUSTOMERS if one.name in holdings.owners(product)]
    for product in holdings.RELEASED
}


def _run_by(customer: stories.Customer | None, products: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a story's products that a customer runs; all of them when that is none, or nobody is meant."""
    if customer is None:
        return products
    return tuple(one for one in products if holdings.where(customer.name, one)) or products


def channel_actor(channel: str) -> str:
    """Who writes a report down: an analyst at the telephone, else the way it came in."""
    return "ana" if channel == "phone" else channel


def _own(owner: str) -> Action:
    def act(desk: Desk, number: int) -> None:
        change.set_owner(desk, number, owner)
        if fetch(desk, number).status == "new":
            change.set_status(desk, number, "open")

    return act


def _status(status: str) -> Action:
    def act(desk: Desk, number: int) -> None:
        ticket = fetch(desk, number)
        if desk.policy.may_move(ticket.status, status):
            change.set_status(desk, number, status)

    return act


def _note(text: str) -> Action:
    return lambda desk, number: write.note(desk, number, text)


def _reply(text: str) -> Action:
    return lambda desk, number: write.reply(desk, number, text)


def _effort(minutes: int, text: str = "") -> Action:
    return lambda desk, number: effort.log_time(desk, number, minutes, text)


def _spend(amount: str) -> Action:
    def act(desk: Desk, number: int) -> None:
        billing = desk.policy.billing
        what, currency = (
            "material" if "material" in billing.expenses else next(iter(billing.expenses), "material"),
            billing.currency or "USD",
        )
        worked.spend(desk, number, what, Decimal(amount), currency, "copies of the job definitions")

    return act


def _acknowledge(until: datetime) -> Action:
    return lambda desk, number: attention.acknowledge(desk, number, until)


def _other(desk: Desk, number: int) -> int:
    """The ticket that a duplicate is merged into: the same customer's earlier one."""
    ticket = fetch(desk, number)
    for candidate in range(number - 1, 0, -1):
        other = fetch(desk, candidate)
        if other.customer == ticket.customer and other.status not in ("resolved", "closed"):
            return candidate
    return number - 1
