"""What is to be told besides the verdict: products that must not run together, hours, updates, reminders.

Nothing here decides what is owed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from supporttui.errors import SupportError
from supporttui.policy.entitling_bases import called
from supporttui.policy.records import EntitlementRule
from supporttui.policy.rules import Policy
from supporttui.policy.verdict import Case, Coverage, Ground, LicenceFacts, PeriodFacts


def conflict(rule: EntitlementRule, case: Case, policy: Policy, clause: str) -> Iterator[Ground]:
    """All of `products` on one host: loud where each is set up for TCP/IP, else a word of advice."""
    wanted = [name.casefold() for name in rule.products]
    if not wanted or (case.product and case.product.casefold() not in wanted):
        return
    for host in sorted({one.host for one in case.installed}):
        here = [one for one in case.installed if one.host == host and one.product.casefold() in wanted]
        if {one.product.casefold() for one in here} != set(wanted):
            continue
        names = " and ".join(rule.products)
        facts = [
            (one.product, "TCP/IP" if one.tcp_ip else "installed")
            for one in sorted(here, key=lambda one: (one.product, one.tcp_ip))
        ]
        both = all(any(one.tcp_ip for one in here if one.product.casefold() == name) for name in wanted)
        if both:
            text = rule.tell or f"{names} are both set up for TCP/IP: they must not run at the same time"
            text = f"{host}: {text}"
        else:
            text = f"{host}: {names} are both installed, which is advised against"
        yield Ground(
            rule=rule.name, coverage="covered", clause=clause, text=text, facts=(("host", host), *facts),
            advice=True, loud=both,
        )  # fmt: skip


def hours(rule: EntitlementRule, case: Case, policy: Policy, clause: str) -> Iterator[Ground]:
    """Whether the desk works on this severity now, and whom to call when it doesn't."""
    if _is_open(case, policy):
        return
    number = policy.vendor.after_hours_phone
    if policy.is_desk_open(case.at, case.severity):
        text = f"outside support hours; severity {case.severity} is worked round the clock: "
        text += f"call {number}" if number else "no after-hours number is published"
    else:
        text = f"the desk is closed{_for(case)}{_opening(case, policy)}; "
        text += f"in an emergency call {number}" if number else "no after-hours number is published"
    facts = [("hours", policy.file.support_calendar), ("after hours", number)]
    yield Ground(
        rule=rule.name, coverage="covered", clause=clause, text=text,
        facts=tuple(pair for pair in facts if pair[1]), advice=True, loud=rule.loud,
    )  # fmt: skip


def _is_open(case: Case, policy: Policy) -> bool:
    try:
        return policy.support_calendar.is_open(case.at)
    except (SupportError, OverflowError, ValueError):  # beyond the years that a calendar knows
        return True


def _for(case: Case) -> str:
    return f" for severity {case.severity}" if case.severity else ""


def _opening(case: Case, policy: Policy) -> str:
    """When the desk opens next, in its own local time."""
    try:
        opens = policy.support_calendar.next_open(case.at).astimezone(policy.support_calendar.zone)
    except (SupportError, OverflowError, ValueError):
        return ""
    return f" until {opens:%a %Y-%m-%d %H:%M %Z}"


def updates(rule: EntitlementRule, case: Case, policy: Policy, clause: str) -> Iterator[Ground]:
    """Whether the ticket's release is among those that the customer's packages include."""
    known = case.released
    if known is None or known.released_on is None or not (case.licences or case.periods):
        return
    name = f"{case.product} {known.name}" + (f" ({known.edition})" if known.edition else "")
    edition = known.edition.casefold()
    mine = [
        one for one in case.licences if not edition or not one.edition or one.edition.casefold() == edition
    ]
    facts = [("release", name), ("released", str(known.released_on))]
    coverage: Coverage = "covered"
    if case.licences and not mine and case.whole:
        coverage = "uncovered"
        text = f"{name} is for another edition than the one bought"
    elif period := _made_in(known.released_on, case):
        text = f"{name} came out on {known.released_on}, in the support period {period.first} to {period.last}: included"
        facts.append(("contract", period.number or f"#{period.id}"))
    elif bought := _bought_later(known.released_on, mine):
        text = f"{name} was out when licence {called(bought)} was bought on {bought.purchased_on}: included"
        facts.append(("licence", called(bought)))
    elif not case.whole:
        return
    else:
        coverage = "uncovered"
        text = f"{name} came out on {known.released_on}, in no support period: it is not included"
    yield Ground(
        rule=rule.name, coverage=coverage, clause=clause, text=text, facts=tuple(facts), advice=True,
        loud=rule.loud and coverage == "uncovered",
    )  # fmt: skip


def _made_in(day: date, case: Case) -> PeriodFacts | None:
    found = [one for one in case.periods if one.first and one.last and one.first <= day <= one.last]
    return min(found, key=lambda one: (one.first, one.last, one.number, one.id), default=None)


def _bought_later(day: date, licences: list[LicenceFacts]) -> LicenceFacts | None:
    found = [one for one in licences if one.purchased_on and one.purchased_on >= day]
    return min(found, key=lambda one: (one.purchased_on or day, one.number, one.id), default=None)


def reminder(rule: EntitlementRule, case: Case, policy: Policy, clause: str) -> Iterator[Ground]:
    """A sentence of the policy's own."""
    if rule.tell:
        yield Ground(
            rule=rule.name, coverage="covered", clause=clause, text=rule.tell, advice=True, loud=rule.loud
        )


ADVICE = {"conflict": conflict, "hours": hours, "updates": updates, "advice": reminder}
