"""Every name in a policy file must name something: verified before any rule is built.

The first fault found is raised with the key where it stands, so that the one
line the user sees points at the word to mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from supporttui.errors import PolicyError
from supporttui.policy.civil import find_zone
from supporttui.policy.durations import Duration, nearest
from supporttui.policy.entitling_file import faults as entitlement_faults
from supporttui.policy.reckon import WHOLE
from supporttui.policy.records import (
    BillingTable,
    Choice,
    LadderTable,
    PolicyFile,
    RateTable,
    RungTable,
    Status,
    TargetTable,
    When,
    Words,
)

# What a ticket can be asked for: its own fields, as the desk names them.
TICKET_FIELDS = (
    "subject", "description", "severity", "customer", "contact", "contact_email", "contact_phone", "site",
    "product", "release", "os", "os_release", "channel", "category", "environment", "plan",
)  # fmt: skip
# "2 days" on a calendar might mean 48 open hours or two working days.
_IN_DAYS = re.compile(r"\d\s*(?:d|days?|w|wks?|weeks?)\b", re.IGNORECASE)
_PERCENT = re.compile(r"\d{1,3}(?:\.\d{1,6})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST_YEARS, _MOST_DAYS = 100, 3660


class Fault(Exception):
    """Something wrong at a key of the file; `load` puts the file's name before it."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def verify(file: PolicyFile) -> None:
    """Raise a Fault for the first name that names nothing, or that is given twice."""
    _zone(file.vendor.zone)
    if not file.severities:
        raise Fault("severity", "a policy needs at least one [[severity]]")
    if not file.statuses:
        raise Fault("status", "a policy needs at least one [[status]]")
    if file.maintenance_at_most.unit != "elapsed":
        raise Fault(
            "maintenance_at_most",
            f"'{file.maintenance_at_most}' must be plain hours or days, such as '4 hours'",
        )
    _names_once(file)
    _severity_numbers(file)
    _workflow(file)
    _roles(file)
    calendars = [each.name for each in file.calendars]
    if file.support_calendar:
        _known("support_calendar", "calendar", file.support_calendar, calendars)
    for n, ladder in enumerate(file.ladders):
        _ladder(file, f"ladder[{n}]", ladder, calendars)
    for n, target in enumerate(file.targets):
        _target(file, f"target[{n}]", target, calendars)
    _role(file, "promise.role", file.promise.role)
    _role(file, "promise.warn_role", file.promise.warn_role)
    _severity_rules(file)
    _limits(file)
    _billing(file, calendars)
    _packages(file)
    _entitlement(file)
    called = file.intake.call_severities
    for value in called if isinstance(called, tuple) else (called,):
        _severity(file, "intake.call_severities", value)
    if file.intake.reopen_days < 0:
        raise Fault("intake.reopen_days", "a number of days, or 0 for however long ago")
    if file.known_errors.clause:
        _known("known_errors.clause", "term", file.known_errors.clause, [each.name for each in file.terms])
    for key, fields in (("required", file.required), ("asked", file.asked)):
        for n, name in enumerate(fields):
            _known(f"{key}[{n}]", "field of a ticket", name, TICKET_FIELDS)


def _known(key: str, what: str, word: str, known: Iterable[str]) -> None:
    known = list(known)
    if word not in known:
        raise Fault(key, f"no {what} '{word}'{nearest(word, known)}")


def _names_once(file: PolicyFile) -> None:
    lists: dict[str, Sequence[str]] = {
        "severity": [each.name.casefold() for each in file.severities],
        "status": [each.name for each in file.statuses],
        "role": [each.name for each in file.roles],
        "calendar": [each.name for each in file.calendars],
        "ladder": [each.name for each in file.ladders],
        "target": [each.name for each in file.targets],
        "rate": [each.name.casefold() for each in file.rates],
        "category": [each.name.casefold() for each in file.categories],
        "plan": [each.name.casefold() for each in file.plans],
        "channel": [each.name.casefold() for each in file.channels],
        "environment": [each.name.casefold() for each in file.environments],
    }
    for key, names in lists.items():
        for n, name in enumerate(names):
            if not name.strip():
                raise Fault(f"{key}[{n}].name", "a name can't be empty")
            if name in names[:n]:
                raise Fault(f"{key}[{n}].name", f"'{name}' is already the name of {key}[{names.index(name)}]")
    if "always" in lists["calendar"]:
        where = lists["calendar"].index("always")
        raise Fault(f"calendar[{where}].name", "'always' is the wall clock and can't be a calendar's name")


def _severity_numbers(file: PolicyFile) -> None:
    given = [each.number or n for n, each in enumerate(file.severities, 1)]
    for n, number in enumerate(given):
        if number < 1:
            raise Fault(f"severity[{n}].number", "severities are numbered from 1, the most severe")
        if number in given[:n]:
            raise Fault(
                f"severity[{n}].number", f"{number} is already the number of severity[{given.index(number)}]"
            )
    if file.default_severity:
        _severity(file, "default_severity", file.default_severity)


def _workflow(file: PolicyFile) -> None:
    statuses = [each.name for each in file.statuses]
    for n, status in enumerate(file.statuses):
        for m, move in enumerate(status.moves):
            _known(f"status[{n}].moves[{m}]", "status", move, statuses)
    if not file.statuses[0].open:
        raise Fault("status[0].open", "the first status is that of a new ticket and must be open")
    _ends(file.statuses)
    for kind in ("escalation", "response", "update", "workaround", "resolution"):
        for n, name in enumerate(getattr(file.pauses, kind)):
            _known(f"pauses.{kind}[{n}]", "status", name, statuses)


def _ends(statuses: tuple[Status, ...]) -> None:
    """Verbs and clocks agree on what has ended: resolved and closed, both there and nothing else."""
    for name in ("resolved", "closed"):
        if name not in (status.name for status in statuses):
            raise Fault("status", f"there must be a status '{name}' with open = false")
    for n, status in enumerate(statuses):
        ended = status.name in ("resolved", "closed")
        if ended is status.open:
            wanted = (
                "is an end and must not be open"
                if ended
                else "must be open; tickets end as resolved or closed"
            )
            raise Fault(f"status[{n}].open", f"'{status.name}' {wanted}")


def _roles(file: PolicyFile) -> None:
    for n, role in enumerate(file.roles):
        if role.then:
            _role(file, f"role[{n}].then", role.then)


def _role(file: PolicyFile, key: str, name: str) -> None:
    _known(key, "role", name, [role.name for role in file.roles])


def _severity(file: PolicyFile, key: str, wanted: int | str) -> None:
    numbers = [str(each.number or n) for n, each in enumerate(file.severities, 1)]
    names = [each.name.casefold() for each in file.severities]
    if str(wanted).casefold() not in numbers + names:
        raise Fault(key, f"no severity '{wanted}'{nearest(str(wanted), numbers + names)}")


def _ladder(file: PolicyFile, key: str, ladder: LadderTable, calendars: list[str]) -> None:
    _when(file, f"{key}.when", ladder.when)
    _known(f"{key}.clock", "clock", ladder.clock, ["always", *calendars])
    if not ladder.rungs:
        raise Fault(f"{key}.rung", "a ladder needs at least one [[ladder.rung]]")
    for n, rung in enumerate(ladder.rungs):
        _rung(file, f"{key}.rung[{n}]", ladder, rung)


def _rung(file: PolicyFile, key: str, ladder: LadderTable, rung: RungTable) -> None:
    _role(file, f"{key}.role", rung.role)
    _role(file, f"{key}.warn_role", rung.warn_role)
    _duration(file, f"{key}.after", rung.after, ladder.clock)
    if rung.after.unit == "percent":
        _percentage(file, f"{key}.after", rung.after)
    if rung.repeat is not None:
        _duration(file, f"{key}.repeat", rung.repeat, ladder.clock)
        if not rung.repeat.fixed or rung.repeat.count < 60:
            raise Fault(
                f"{key}.repeat",
                f"'{rung.repeat}' can't be repeated; write at least a minute, in minutes, hours or days",
            )
    for n, warn in enumerate(rung.warn):
        if warn.before is not None:
            _duration(file, f"{key}.warn[{n}]", warn.before, ladder.clock)


def _percentage(file: PolicyFile, key: str, duration: Duration) -> None:
    if duration.target == "update":
        raise Fault(
            key,
            f"'{duration}': updates repeat, so a rung can't be a share of one; warn on the update instead",
        )
    kinds = [target.kind for target in file.targets]
    if duration.target not in kinds:
        raise Fault(key, f"'{duration}' needs a [[target]] of kind '{duration.target}', and there is none")
    for target in file.targets:
        if target.kind == duration.target and target.after.unit == "end-of-day" and duration.count > WHOLE:
            raise Fault(
                key, f"'{duration}': '{target.after}' has no length to go over; write a time of its own"
            )


def _target(file: PolicyFile, key: str, target: TargetTable, calendars: list[str]) -> None:
    _when(file, f"{key}.when", target.when)
    _known(f"{key}.clock", "clock", target.clock, ["always", *calendars])
    _role(file, f"{key}.role", target.role)
    _role(file, f"{key}.warn_role", target.warn_role)
    if target.after.unit == "percent":
        raise Fault(
            f"{key}.after", f"'{target.after}' is a share of a target; a target needs a time of its own"
        )
    if target.after.count == 0 and target.after.unit != "end-of-day":
        raise Fault(f"{key}.after", f"'{target.after}' leaves no time to meet it")
    _duration(file, f"{key}.after", target.after, target.clock)
    if target.kind == "update" and target.start != "report":
        raise Fault(f"{key}.start", "an update counts from the last reply; leave out start")
    for n, warn in enumerate(target.warn):
        if warn.before is not None:
            _duration(file, f"{key}.warn[{n}]", warn.before, target.clock)


def _duration(file: PolicyFile, key: str, duration: Duration, clock: str) -> None:
    """A duration must mean one thing only on its clock."""
    if duration.on_calendar and clock == "always" and not file.support_calendar:
        raise Fault(
            key, f"'{duration}' counts business time, and there is no support_calendar to count it on"
        )
    if clock != "always" and duration.unit == "elapsed" and _IN_DAYS.search(str(duration)):
        raise Fault(
            key, f"'{duration}' on the clock '{clock}' could mean two things; write business days, or hours"
        )


def _when(file: PolicyFile, key: str, when: When) -> None:
    severities = when.severity if isinstance(when.severity, tuple) else (when.severity,)
    for wanted in severities:
        _severity(file, f"{key}.severity", wanted)
    _choices(f"{key}.plan", "plan", when.plan, file.plans)
    _choices(f"{key}.channel", "channel", when.channel, file.channels)
    _choices(f"{key}.category", "category", when.category, file.categories)
    _choices(f"{key}.environment", "environment", when.environment, file.environments)
    if file.vendor.products:
        _words(f"{key}.product", "product", when.product, file.vendor.products)


def _choices(key: str, what: str, value: Words, choices: Sequence[Choice]) -> None:
    if choices:
        _words(key, what, value, [choice.name for choice in choices])
    elif value not in ((), ""):
        raise Fault(key, f"this policy names no {what} at all; add [[{what}]] or leave this out")


def _words(key: str, what: str, value: Words, known: Sequence[str]) -> None:
    folded = [word.casefold() for word in known]
    for word in (value,) if isinstance(value, str) else value:
        if word and word.casefold() not in folded:
            raise Fault(key, f"no {what} '{word}'{nearest(word, known)}")


def _severity_rules(file: PolicyFile) -> None:
    for n, cap in enumerate(file.caps):
        _severity(file, f"cap[{n}].at_most", cap.at_most)
        _when(file, f"cap[{n}].when", cap.when)
    for n, demand in enumerate(file.demands):
        _severity(file, f"demand[{n}].severity", demand.severity)
        _choices(f"demand[{n}].channel", "channel", demand.channel, file.channels)
        if demand.otherwise:
            _severity(file, f"demand[{n}].otherwise", demand.otherwise)
    for n, lower in enumerate(file.lowers):
        _severity(file, f"lower[{n}].severity", lower.severity)
        _severity(file, f"lower[{n}].to", lower.to)


def _limits(file: PolicyFile) -> None:
    for name, limits in (("acknowledgement", file.acknowledgements), ("snooze", file.snoozes)):
        for n, limit in enumerate(limits):
            key = f"{name}[{n}]"
            _when(file, f"{key}.when", limit.when)
            for end, duration in (("usual", limit.usual), ("at_most", limit.at_most)):
                if duration is None:
                    continue
                if duration.unit == "percent" or (duration.count == 0 and duration.unit != "end-of-day"):
                    raise Fault(f"{key}.{end}", f"'{duration}' is no length of time")
                _duration(file, f"{key}.{end}", duration, "always")


def _packages(file: PolicyFile) -> None:
    for n, plan in enumerate(file.plans):
        if not 0 <= plan.years <= _MOST_YEARS:
            raise Fault(f"plan[{n}].years", f"{plan.years} is no length of a plan; write 0 to {_MOST_YEARS}")
        if plan.rate_percent and not _PERCENT.fullmatch(plan.rate_percent):
            raise Fault(
                f"plan[{n}].rate_percent", f'\'{plan.rate_percent}\' is no percentage; write "15" or "7.5"'
            )
    if file.package is None:
        return
    for name in ("renewal_days", "purchase_days"):
        days = getattr(file.package, name)
        if not 0 <= days <= _MOST_DAYS:
            raise Fault(
                f"package.{name}", f"{days} is no number of days before an end; write 0 to {_MOST_DAYS}"
            )
    if file.package.currency and not _CURRENCY.fullmatch(file.package.currency):
        raise Fault(
            "package.currency", f"'{file.package.currency}' is no currency; write its three letters, \"MYR\""
        )


def _billing(file: PolicyFile, calendars: list[str]) -> None:
    """Rates name calendars, verdicts and currencies; the arithmetic is checked where it is."""
    from supporttui.policy.rates import COVERAGES, fault_of

    tables: list[tuple[str, BillingTable | RateTable]] = [("billing", file.billing)]
    tables += [(f"rate[{n}]", one) for n, one in enumerate(file.rates)]
    for key, table in tables:
        if wrong := fault_of(table):
            raise Fault(f"{key}.{wrong[0]}", wrong[1])
    for n, rate in enumerate(file.rates):
        _when(file, f"rate[{n}].when", rate.when)
        _words(f"rate[{n}].coverage", "verdict that is billed", rate.coverage, COVERAGES)
        if rate.calendar:
            _known(f"rate[{n}].calendar", "calendar", rate.calendar, calendars)
        elif rate.after_hours_percent and not file.support_calendar:
            raise Fault(
                f"rate[{n}].calendar", "a surcharge needs a calendar, and there is no support_calendar"
            )
    for n, kind in enumerate(file.billing.expenses):
        if not kind.strip() or kind.casefold() in [one.casefold() for one in file.billing.expenses[:n]]:
            raise Fault(f"billing.expenses[{n}]", f"'{kind}' is no new kind of expense")


def _entitlement(file: PolicyFile) -> None:
    for n, rule in enumerate(file.entitlement.rules):
        _when(file, f"entitlement.rule[{n}].when", rule.when)
    for key, message in entitlement_faults(file):
        raise Fault(key, message)


def _zone(name: str) -> None:
    try:
        find_zone(name, "vendor.zone")
    except PolicyError as error:
        raise Fault("vendor.zone", str(error).removeprefix("vendor.zone: ")) from None
