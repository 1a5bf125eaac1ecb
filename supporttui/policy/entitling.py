"""What a customer is owed at an instant, by which clause, and on which day that changes.

`decide` is one pure function.  Every rule of the policy tells its whole say over
time (`stretches`); the verdict of a day is then: the best of what support rests
on, and the gravest of that and of what limits it.  Invariants: it never fails,
whatever is or isn't on file; what isn't on file is never a refusal; the order
of what is on file never matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from supporttui.errors import PolicyError
from supporttui.policy.civil import find_zone
from supporttui.policy.entitling_advice import ADVICE
from supporttui.policy.entitling_bases import BASES
from supporttui.policy.entitling_limits import LIMITS
from supporttui.policy.matching import Matcher
from supporttui.policy.records import EntitlementRule
from supporttui.policy.rules import Policy
from supporttui.policy.stretches import EVER, Stretch, Timeline, lasts, on
from supporttui.policy.verdict import Case, Coverage, Ground, PeriodFacts, Verdict

GRAVITY: tuple[Coverage, ...] = ("uncovered", "consulting", "billable", "discretion", "unclear", "covered")
TITLES: Mapping[str, str] = {
    "covered": "Covered",
    "discretion": "At the vendor's discretion",
    "billable": "Billable",
    "consulting": "Product consulting",
    "uncovered": "Not covered",
    "unclear": "Unclear",
}
Outcome = tuple[str, str, str]


class Rule(NamedTuple):
    """A rule of the policy, ready to be asked.  base: support rests on it; it limits otherwise."""

    table: EntitlementRule
    matcher: Matcher
    clause: str
    base: bool
    say: Callable[[Case], Timeline]


class Advice(NamedTuple):
    """A rule that only tells."""

    table: EntitlementRule
    matcher: Matcher
    clause: str
    tell: Callable[..., Iterator[Ground]]


class Entitlement(NamedTuple):
    """The [entitlement] table of a policy, ready.

    weight: coverage → 0 for the gravest.  rests: whether any rule says what support rests on.
    """

    rules: tuple[Rule, ...]
    advice: tuple[Advice, ...]
    weight: Mapping[str, int]
    rests: bool


def prepared(policy: Policy) -> Entitlement:
    """What `Policy.entitlement` holds."""
    table = policy.file.entitlement
    terms = {term.name: f"{term.name}: {term.text}" for term in policy.terms}
    rules: list[Rule] = []
    advice: list[Advice] = []
    for one in table.rules:
        matcher, clause = policy.matcher(one.when), terms.get(one.clause, one.clause or one.name)
        if one.kind in ADVICE:
            advice.append(Advice(one, matcher, clause, ADVICE[one.kind]))
        else:
            rules.append(Rule(one, matcher, clause, one.kind in BASES, _say(one, policy)))
    order = (*table.gravity, *(word for word in GRAVITY if word not in table.gravity))
    weight: dict[str, int] = {word: place for place, word in enumerate(order)}
    return Entitlement(tuple(rules), tuple(advice), weight, any(rule.base for rule in rules))


def _say(one: EntitlementRule, policy: Policy) -> Callable[[Case], Timeline]:
    if one.kind in BASES:
        base = BASES[one.kind]
        return lambda case: base(one, case)
    limit = LIMITS[one.kind]
    return lambda case: limit(one, case, policy)


def decide(case: Case, policy: Policy) -> Verdict:
    """What is owed in this case.  Source: the policy's [entitlement]; never raises for a case."""
    ready = policy.entitlement
    facts = cast(Any, case)  # a matcher asks for facts by name, and a case has them all
    says = [
        (rule, timeline)
        for rule in ready.rules
        if rule.matcher.matches(facts) and (timeline := rule.say(case))
    ]
    hearing = _Hearing(case, policy, ready, says)
    days = _days(case, policy)
    if len(days) == 1:
        return hearing.verdict(*days[0])
    return hearing.verdict(*max(days, key=lambda one: ready.weight[hearing.on(one[0]).outcome[0]]))


def _days(case: Case, policy: Policy) -> list[tuple[date, ZoneInfo]]:
    """The civil days on which it may be decided; of two that decide alike the first is taken.

    "either": the one that lags first, because a limit is past only when it is so in both zones.
    """
    vendor, reading = policy.zone, policy.file.entitlement.days_in
    if reading == "vendor" or not case.customer_zone:
        return [(_local_day(case.at, vendor), vendor)]
    try:
        customer = find_zone(case.customer_zone, "zone")
    except PolicyError:
        return [(_local_day(case.at, vendor), vendor)]
    theirs = (_local_day(case.at, customer), customer)
    if reading == "customer":
        return [theirs]
    ours = (_local_day(case.at, vendor), vendor)
    return [theirs, ours] if _offset(case, customer) < _offset(case, vendor) else [ours, theirs]


def _local_day(at: datetime, zone: ZoneInfo) -> date:
    try:
        return at.astimezone(zone).date()
    except OverflowError:  # at either end of time
        return at.date()


def _offset(case: Case, zone: ZoneInfo) -> float:
    try:
        offset = case.at.astimezone(zone).utcoffset()
    except OverflowError:
        return 0.0
    return offset.total_seconds() if offset else 0.0


class _Day(NamedTuple):
    """What follows on a day.  deciding: the rule that decides, with its say; None where no rule has one."""

    deciding: tuple[Rule, Stretch] | None
    outcome: Outcome


class _Hearing:
    """One case with what every rule says of it over time."""

    def __init__(
        self, case: Case, policy: Policy, ready: Entitlement, says: Sequence[tuple[Rule, Timeline]]
    ) -> None:
        self.case, self.policy, self.ready, self.says = case, policy, ready, says
        self.otherwise = policy.file.entitlement.otherwise

    def on(self, day: date) -> _Day:
        """Which rule decides on a day, and what follows: (coverage, billed, effort)."""
        heard = self._heard(day)
        deciding = self._deciding(heard)
        if deciding is None:
            return _Day(None, (self.otherwise, "", ""))
        if deciding[1].owed == "covered":  # what is covered less than in full decides how far it is
            deciding = next((one for one in heard if one[1].effort), deciding)
        return _Day(deciding, deciding[1].outcome)

    def _heard(self, day: date) -> list[tuple[Rule, Stretch]]:
        """The rules that have a say on a day, without those that another outweighs."""
        heard = [(rule, timeline[on(timeline, day)]) for rule, timeline in self.says]
        heard = [one for one in heard if one[1].owed]
        silenced = {
            name
            for rule, stretch in heard
            if rule.table.outweighs and stretch.owed != "unclear"
            for name in rule.table.outweighs
        }
        return [one for one in heard if one[0].table.name not in silenced] if silenced else heard

    def _deciding(self, heard: Sequence[tuple[Rule, Stretch]]) -> tuple[Rule, Stretch] | None:
        """The best of what support rests on; the gravest of that and of the limits."""
        weight = self.ready.weight
        bases = [one for one in heard if one[0].base]
        limits = [one for one in heard if not one[0].base]
        if bases:
            limits.insert(0, max(bases, key=lambda one: weight[one[1].owed]))
        elif self.ready.rests:
            # A limit alone can refuse, but what lets pass gives nothing for support to rest on.
            limits = [one for one in limits if weight[one[1].owed] < weight[self.otherwise]]
        return min(limits, key=lambda one: weight[one[1].owed], default=None)

    def verdict(self, day: date, zone: ZoneInfo) -> Verdict:
        deciding, outcome = self.on(day)
        coverage, billed, effort = outcome
        grounds = tuple(self._grounds(day, deciding))
        changes_on, becomes = self._change(day, outcome)
        return Verdict(
            coverage=cast(Coverage, coverage),
            title=self._title(coverage, effort),
            billed=billed,
            effort=effort,
            ground=grounds[0] if deciding else self._silence(),
            grounds=grounds,
            advice=tuple(self._advice(day)),
            plan=plan_in_force(self.case, self.policy, day),
            day=day,
            zone=zone.key,
            changes_on=changes_on,
            becomes=cast(Any, becomes),
            missing=self._missing(day),
        )

    def _title(self, coverage: str, effort: str) -> str:
        title = self.policy.file.entitlement.titles.get(cast(Any, coverage)) or TITLES[coverage]
        return f"{title}, {effort}" if effort else title

    def _silence(self) -> Ground:
        table = self.policy.file.entitlement
        why = "no rule has a say" if table.rules else "has no rules of entitlement"
        text = f"{why} on this ticket" if table.rules else f"the policy {self.policy.name} {why}"
        return Ground(rule="", coverage=table.otherwise, clause="", text=text)

    def _grounds(self, day: date, deciding: tuple[Rule, Stretch] | None) -> Iterator[Ground]:
        """Each rule's say on the day: the one that decided first, then the gravest, then as in the file."""
        decided = deciding[0].table.name if deciding else None
        found = []
        for place, (rule, timeline) in enumerate(self.says):
            at = on(timeline, day)
            if not timeline[at].owed:
                continue
            until, then = lasts(timeline, at)
            rank = (rule.table.name != decided, self.ready.weight[timeline[at].owed], place)
            found.append((rank, _ground(rule, timeline[at], until, then)))
        return (ground for _, ground in sorted(found, key=lambda one: one[0]))

    def _advice(self, day: date) -> list[Ground]:
        """Loud ones first, then as in the file."""
        found = [
            Ground(
                rule=rule.table.name, coverage=cast(Coverage, stretch.owed), clause=rule.clause,
                text=rule.table.tell, until=lasts(timeline, on(timeline, day))[0], advice=True,
                loud=rule.table.loud,
            )
            for rule, timeline in self.says
            if rule.table.tell and (stretch := timeline[on(timeline, day)]).owed not in ("", "covered")
        ]  # fmt: skip
        for one in self.ready.advice:
            if one.matcher.matches(cast(Any, self.case)):
                found.extend(one.tell(one.table, self.case, self.policy, one.clause))
        return sorted(found, key=lambda ground: not ground.loud)

    def _change(self, day: date, now: Outcome) -> tuple[date | None, str]:
        """The first later day with another outcome, and which."""
        turns = {stretch.first for _, timeline in self.says for stretch in timeline if stretch.first > day}
        for turn in sorted(turns):
            then = self.on(turn).outcome
            if then != now:
                return turn, then[0]
        return None, ""

    def _missing(self, day: date) -> tuple[str, ...]:
        stretches = [timeline[on(timeline, day)] for _, timeline in self.says]
        return tuple(dict.fromkeys(one for stretch in stretches for one in stretch.missing))


def _ground(rule: Rule, stretch: Stretch, until: date | None, then: str) -> Ground:
    return Ground(
        rule=rule.table.name, coverage=cast(Coverage, stretch.owed), clause=rule.clause, text=stretch.text,
        facts=stretch.facts, until=until, then=cast(Any, then),
    )  # fmt: skip


def plan_in_force(case: Case, policy: Policy, day: date) -> str:
    """The plan whose targets apply on a day: of the package in force, else the customer's, else the policy's
    for those who are known to have none; "" when that isn't known."""
    known = policy.plans
    found = [one for one in case.periods if one.plan and (not known or one.plan in known) and _runs(one, day)]
    if found:
        return max(found, key=lambda one: (one.last or date.max, one.first or EVER, one.plan)).plan
    if case.plan:
        return case.plan
    return policy.file.entitlement.no_package_plan if case.licences or case.periods else ""


def _runs(period: PeriodFacts, day: date) -> bool:
    return (period.first or EVER) <= day <= (period.last or date.max)


def earliest_day(at: datetime, policy: Policy, customer_zone: str) -> date:
    """The first of the civil days that may decide at an instant, with the customer in that zone ("" unknown)."""
    return min(day for day, _zone in _days(Case(at=at, customer_zone=customer_zone), policy))


def vendor_day(at: datetime, policy: Policy) -> date:
    """The civil day of an instant where the vendor is."""
    return _local_day(at, policy.zone)
