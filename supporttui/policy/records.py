"""The policy file as it is written: one typed record for each table of the TOML.

These records know nothing of each other; `load` checks the references between
them and `rules` turns them into what the clock works with.  Unknown keys are
refused, so a misspelt key can never silently mean "no rule".
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from supporttui.policy.durations import Duration, Warn

Reopening = Literal["continue", "restart", "elapsed"]
Start = Literal["report", "classification", "acknowledgement"]
TargetKind = Literal["response", "update", "workaround", "resolution"]
Words = str | tuple[str, ...]
Numbers = int | str | tuple[int | str, ...]


class _Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file: unknown keys are errors, values never change."""


class Phone(_Table, frozen=True):
    """A telephone number of the vendor.  region: who should call it ("US", "UK")."""

    region: str
    number: str
    note: str = ""


class Vendor(_Table, frozen=True):
    """Who gives the support, and how it is reached.  zone: IANA name of the vendor's local time."""

    name: str
    zone: str
    phones: tuple[Phone, ...] = field(name="phone", default=())
    after_hours_phone: str = ""
    after_hours_note: str = ""
    email: str = ""
    form: str = ""
    form_url: str = ""
    files: str = ""
    products: tuple[str, ...] = ()


class Severity(_Table, frozen=True):
    """A level of severity.  number: 1 is the most severe; 0 takes it from the order in the file.

    round_the_clock: worked 24 hours a day, 7 days a week.  resources: what the vendor puts on it.
    """

    name: str
    number: int = 0
    definition: str = ""
    round_the_clock: bool = False
    resources: str = ""


class Choice(_Table, frozen=True):
    """A word that a ticket may carry (category, plan, channel, environment) and its title.

    covered: whether basic support covers it.  rate_percent: yearly price in percent of
    the purchase price, as text so that it stays exact.  years: length of the plan.
    """

    name: str
    title: str = ""
    note: str = ""
    covered: bool = True
    years: int = 0
    rate_percent: str = ""


class Term(_Table, frozen=True):
    """A fact of the contract that no clock runs on (warranty, old versions, …).  days: 0 is none."""

    name: str
    text: str
    days: int = 0


class PackageTable(_Table, frozen=True):
    """How the support packages of [[plan]] are bought and renewed; without the table none are.

    renewal_days: a renewal can be ordered so many days before the last day, and until it.
    purchase_days, purchase_reading: what "so many days before the last one expires" means for buying:
    "last-call" (from then on the console urges), "opens" (not earlier) or "latest" (not later).
    after_lapse: "none", or "new" (a package can be bought anew, from the day of the order).
    rounding: "half-up", "half-even", "up" or "down", to the currency's smallest unit; rounded: the "total" or
    the "lines" (each product's share).  currency: of prices that name none.  forced_with_reason: whether an
    analyst may renew outside these days with a reason, which is recorded.
    """

    renewal_days: int = 90
    purchase_days: int = 14
    purchase_reading: Literal["last-call", "opens", "latest"] = "last-call"
    after_lapse: Literal["none", "new"] = "none"
    rounding: Literal["half-up", "half-even", "up", "down"] = "half-up"
    rounded: Literal["total", "lines"] = "total"
    currency: str = ""
    forced_with_reason: bool = False


class CalendarTable(_Table, frozen=True):
    """Open hours.

    hours: "24/7", or weekday or range of weekdays → spans ("08:00-17:00"; "22:00-02:00"
    runs into the next day; "24:00" ends one).  country, region: public holidays kept by
    the `holidays` library.  holidays: further dates, with names if wished.  ics: iCalendar files beside the
    policy, whose whole-day events are holidays.  overrides: date → spans that replace the
    week's.  breaks: date → spans cut out.
    """

    name: str
    zone: str = ""
    hours: str | dict[str, Words] = field(default_factory=dict)
    country: str = ""
    region: str = ""
    holidays: tuple[str, ...] | dict[str, str] = ()
    ics: tuple[str, ...] = ()
    overrides: dict[str, Words] = field(default_factory=dict)
    breaks: dict[str, Words] = field(default_factory=dict)


class When(_Table, frozen=True):
    """Which tickets a rule is for; every key given must match, an empty table matches all."""

    severity: Numbers = ()
    plan: Words = ()
    channel: Words = ()
    category: Words = ()
    environment: Words = ()
    product: Words = ()
    customer: Words = ()


Owed = Literal["covered", "discretion", "billable", "consulting", "uncovered", "unclear"]
RuleKind = Literal[
    "charge", "package", "quotation", "warranty", "superseded", "os-release", "modification", "category",
    "conflict", "hours", "updates", "advice",
]  # fmt: skip


class EntitlementRule(_Table, frozen=True):
    """One thing that decides what a customer is owed, or that is to be told.

    kind: which facts it looks at; docs/entitlement.md tells how each is read.  clause: the name of the
    [[term]] that it comes from.  days: how long it holds, the last one included.  within, after: what
    follows while it holds, and when it does so no longer; without: when nothing of the kind is on file.
    unknown: what follows when a fact that decides isn't on file.  "" says nothing, "pass" the same.
    billed: how work is charged unless it is covered.  effort: a word for what is covered less than in
    full.  outweighs: rules that have no say while this one has.  tell: told besides; loud: at the top.
    """

    name: str
    kind: RuleKind
    clause: str = ""
    when: When = When()
    days: int = 0
    within: Literal["", Owed] = "covered"
    after: Literal["", Owed] = ""
    without: Literal["", Owed] = ""
    unknown: Literal["", "pass", "unclear"] = ""
    billed: str = ""
    effort: str = ""
    outweighs: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    tell: str = ""
    loud: bool = False


class EntitlementTable(_Table, frozen=True):
    """What customers are owed.

    days_in: in whose zone a day begins; "either" takes the better for the customer.  gravity: what wins
    when rules differ, the gravest first.  otherwise: where no rule has a say.  no_package_plan: the
    plan of a customer who is known to have no package.  titles: how people call what is owed.
    """

    rules: tuple[EntitlementRule, ...] = field(name="rule", default=())
    days_in: Literal["vendor", "customer", "either"] = "vendor"
    gravity: tuple[Owed, ...] = ()
    otherwise: Owed = "unclear"
    no_package_plan: str = ""
    titles: dict[Owed, str] = field(default_factory=dict)


class RungTable(_Table, frozen=True):
    """One step of a ladder: after how long, whom to tell, and how often again until it is over."""

    after: Duration
    role: str
    repeat: Duration | None = None
    warn: tuple[Warn, ...] = ()
    warn_role: str = "owner"


class LadderTable(_Table, frozen=True):
    """The escalation for the tickets that `when` selects; the first matching ladder is the one.

    clock: "always" or the name of a calendar.  start: what every rung counts from.
    """

    name: str
    rungs: tuple[RungTable, ...] = field(name="rung")
    when: When = When()
    clock: str = "always"
    start: Start = "report"


class TargetTable(_Table, frozen=True):
    """A promised time; for each kind the first matching target is the one."""

    name: str
    kind: TargetKind
    after: Duration
    when: When = When()
    clock: str = "always"
    start: Start = "report"
    role: str = "owner"
    warn: tuple[Warn, ...] = ()
    warn_role: str = "owner"


class PromiseTable(_Table, frozen=True):
    """Whom a broken promise of an update is told to, and the warnings before it."""

    role: str = "owner"
    warn: tuple[Warn, ...] = ()
    warn_role: str = "owner"


class Cap(_Table, frozen=True):
    """Tickets that `when` selects are at most this severe (a test system, say)."""

    name: str
    at_most: int | str
    when: When = When()


class Demand(_Table, frozen=True):
    """A severity must be reported by one of these channels; otherwise: what it is then, if given."""

    name: str
    severity: int | str
    channel: Words
    otherwise: int | str = 0


class Lower(_Table, frozen=True):
    """A severity that holds only while the customer can be reached round the clock."""

    name: str
    severity: int | str
    to: int | str
    unless: Literal["reachable"] = "reachable"


class Role(_Table, frozen=True):
    """Somebody who is told.  name: the word rules use.

    reaches: "owner" (the ticket's owner), "desk" (every analyst at a console), "@name" (one
    analyst), "oncall:NAME" (whoever the roster's rotation has on call), an e-mail address, a
    telephone number, or a channel ("webhook:NAME", "command:NAME", "apprise:NAME").  then: the role
    told when this one reaches nobody.
    """

    name: str
    title: str = ""
    reaches: tuple[str, ...] = ()
    then: str = ""


class Status(_Table, frozen=True):
    """A state of a ticket.  open: work is still owed.  waiting: on whom, if on anybody.

    moves: the statuses that may follow it.
    """

    name: str
    title: str = ""
    open: bool = True
    waiting: Literal["", "customer", "vendor"] = ""
    moves: tuple[str, ...] = ()


class Pauses(_Table, frozen=True):
    """For each kind of deadline the statuses in which its clock stands still."""

    escalation: tuple[str, ...] = ()
    response: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    workaround: tuple[str, ...] = ()
    resolution: tuple[str, ...] = ()


class Limit(_Table, frozen=True):
    """How long an acknowledgement or a snooze may last for the tickets that `when` selects.

    usual: what the console proposes.  at_most: the longest allowed; None is no limit.
    """

    name: str
    usual: Duration
    at_most: Duration | None = None
    when: When = When()


class BillingTable(_Table, frozen=True):
    """How time and expenses become a bill.  No tax is worked out.

    unit: billable time is rounded up to whole ones.  per: what is rounded, each "entry" by itself, or what was
    worked on a ticket in a "day" of the vendor's zone.  minimum: the least that one of these is billed as.
    currency: of rates and expenses that name none.  expenses: the kinds that may be entered, empty for any.
    """

    unit: Duration = Duration("elapsed", 60)
    per: Literal["entry", "day"] = "entry"
    minimum: Duration | None = None
    currency: str = ""
    expenses: tuple[str, ...] = ()


class RateTable(_Table, frozen=True):
    """What an hour costs; the first rate that matches is the one.

    coverage: verdicts that it is for, empty for any.  hourly: the price as text so that it stays exact; "" is
    not known: its hours are billed without money.  unit, per, minimum, currency: [billing]'s where left out.
    after_hours_percent: what is added for time outside of `calendar` (left out: the support calendar).
    """

    name: str
    when: When = When()
    coverage: Words = ()
    hourly: str = ""
    currency: str = ""
    unit: Duration | None = None
    per: Literal["", "entry", "day"] = ""
    minimum: Duration | None = None
    after_hours_percent: str = ""
    calendar: str = ""
    note: str = ""


class KnownErrorsTable(_Table, frozen=True):
    """What a known error obliges to.

    owes_a_way_out: whether a reproducible material error owes its customers a workaround or a correction that is
    planned for a release.  clause: the name of the [[term]] that says so.
    """

    owes_a_way_out: bool = False
    clause: str = ""


class IntakeTable(_Table, frozen=True):
    """What becomes of mails that come in.

    reply_to_resolved, reply_to_closed: a customer's answer to a ticket that has ended opens it again ("reopen") or
    makes a new one that is linked to it ("linked").  reopen_days: after so many days a new one in any case;
    0: however long ago.  call_severities: those that need a telephone call; by mail they are entered, and the
    mail is put before somebody at once.  unknown_sender: mail of somebody whom the book doesn't have is a "ticket"
    with running clocks, or must "wait" until somebody takes it in.  acknowledge: whether a new ticket is
    acknowledged by mail.
    """

    reply_to_resolved: Literal["reopen", "linked"] = "reopen"
    reply_to_closed: Literal["reopen", "linked"] = "linked"
    reopen_days: int = 30
    call_severities: Numbers = ()
    unknown_sender: Literal["ticket", "wait"] = "ticket"
    acknowledge: bool = True


class PolicyFile(_Table, frozen=True):
    """A whole policy file.

    maintenance_at_most: for how long notices may be held back at one go, by the wall clock.
    """

    name: str
    vendor: Vendor
    severities: tuple[Severity, ...] = field(name="severity")
    statuses: tuple[Status, ...] = field(name="status")
    title: str = ""
    on_reopen: Reopening = "continue"
    default_severity: int | str = 0
    support_calendar: str = ""
    customer_message_ends_waiting: bool = True
    maintenance_at_most: Duration = Duration("elapsed", 4 * 3600)
    required: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    roles: tuple[Role, ...] = field(name="role", default=())
    calendars: tuple[CalendarTable, ...] = field(name="calendar", default=())
    ladders: tuple[LadderTable, ...] = field(name="ladder", default=())
    targets: tuple[TargetTable, ...] = field(name="target", default=())
    promise: PromiseTable = PromiseTable()
    pauses: Pauses = Pauses()
    caps: tuple[Cap, ...] = field(name="cap", default=())
    demands: tuple[Demand, ...] = field(name="demand", default=())
    lowers: tuple[Lower, ...] = field(name="lower", default=())
    acknowledgements: tuple[Limit, ...] = field(name="acknowledgement", default=())
    snoozes: tuple[Limit, ...] = field(name="snooze", default=())
    categories: tuple[Choice, ...] = field(name="category", default=())
    plans: tuple[Choice, ...] = field(name="plan", default=())
    package: PackageTable | None = None
    billing: BillingTable = BillingTable()
    rates: tuple[RateTable, ...] = field(name="rate", default=())
    channels: tuple[Choice, ...] = field(name="channel", default=())
    environments: tuple[Choice, ...] = field(name="environment", default=())
    terms: tuple[Term, ...] = field(name="term", default=())
    known_errors: KnownErrorsTable = KnownErrorsTable()
    intake: IntakeTable = IntakeTable()
    entitlement: EntitlementTable = EntitlementTable()
