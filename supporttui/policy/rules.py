"""A loaded policy: the records of the file plus what follows from them.

`Policy.select(facts)` is the one place where "first match wins" happens.  The
result is remembered per combination of the facts that the policy's rules
mention, so planning a hundred thousand tickets selects a handful of times.
A Policy never changes after it was built and holds no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from supporttui.errors import PolicyError
from supporttui.policy.calendar import ALWAYS, BusinessCalendar
from supporttui.policy.durations import Duration, Warn, nearest
from supporttui.policy.matching import FACTS, Matcher, fact_of, words
from supporttui.policy.reckon import reach
from supporttui.policy.records import (
    Choice,
    LadderTable,
    Limit,
    Numbers,
    Phone,
    PolicyFile,
    Role,
    RungTable,
    Severity,
    Start,
    Status,
    TargetTable,
    Term,
    Vendor,
    When,
)
from supporttui.policy.timeline import Facts

if TYPE_CHECKING:
    from supporttui.policy.entitling import Entitlement
    from supporttui.policy.rates import Billing

PAUSABLE = ("escalation", "response", "update", "workaround", "resolution")
_REMEMBERED = 4096
_Rule = TypeVar("_Rule")

__all__ = [
    "PAUSABLE",
    "Choice",
    "Ladder",
    "Measure",
    "Phone",
    "Policy",
    "Promise",
    "Role",
    "Rung",
    "Selection",
    "Severity",
    "Status",
    "Target",
    "Term",
    "Vendor",
]


class Measure(Struct, frozen=True):
    """How one rule counts: the duration, the calendar whose time it counts, and from what.

    calendar_name: "always" or the calendar's name in the policy.  zone: where calendar
    months are counted and times are shown.
    """

    duration: Duration
    calendar: BusinessCalendar
    calendar_name: str
    zone: ZoneInfo
    start: Start


class Rung(Struct, frozen=True):
    """One step of a ladder; level 1 is the first to be told."""

    level: int
    role: str
    title: str
    measure: Measure
    repeat: Measure | None = None
    warns: tuple[Warn, ...] = ()
    warn_role: str = "owner"


class Ladder(Struct, frozen=True):
    """An escalation ladder; name is the clause that `explain` gives."""

    name: str
    rungs: tuple[Rung, ...]


class Target(Struct, frozen=True):
    """A promised time of one kind; name is the clause that `explain` gives."""

    name: str
    kind: str
    measure: Measure
    role: str
    warns: tuple[Warn, ...] = ()
    warn_role: str = "owner"


class Promise(Struct, frozen=True):
    """Whom a broken promise of an update is told to."""

    role: str
    warns: tuple[Warn, ...] = ()
    warn_role: str = "owner"


class Selection(Struct, frozen=True):
    """The rules that hold for one combination of facts.  targets: at most one for each kind."""

    ladder: Ladder | None
    targets: Mapping[str, Target]
    acknowledgement: Limit | None
    snooze: Limit | None


class Policy:
    """What a vendor promised, ready for the clock.

    file: the records as written.  calendars: by name, without "always".  hash: 12 hex
    digits that change with the meaning and not with the layout of the file.  source: the
    file's name.  categories, plans, channels, environments: the words a ticket may carry,
    empty where the policy leaves the field free; their titles are in `file`.
    """

    def __init__(
        self,
        file: PolicyFile,
        calendars: Mapping[str, BusinessCalendar],
        *,
        digest: Callable[[], str],
        source: str,
    ) -> None:
        self.file = file
        self._digest = digest
        self.source = source
        self.name, self.title = file.name, file.title or file.name
        self.vendor: Vendor = file.vendor
        self.zone = ZoneInfo(file.vendor.zone)
        self.calendars: Mapping[str, BusinessCalendar] = calendars
        self.support_calendar: BusinessCalendar = (
            calendars[file.support_calendar] if file.support_calendar else ALWAYS
        )
        self.on_reopen = file.on_reopen
        self.severities = _numbered(file.severities)
        self.statuses: tuple[Status, ...] = file.statuses
        self.roles: tuple[Role, ...] = file.roles
        self.required, self.asked = file.required, file.asked
        self.categories, self.plans = _names(file.categories), _names(file.plans)
        self.channels, self.environments = _names(file.channels), _names(file.environments)
        self.products, self.terms, self.package = file.vendor.products, file.terms, file.package
        self.known_errors, self.intake = file.known_errors, file.intake
        self.call_severities = self._severities(file.intake.call_severities)
        self.customer_message_ends_wait = file.customer_message_ends_waiting
        self.maintenance_at_most = timedelta(seconds=file.maintenance_at_most.count)
        self.default_severity = self._default_severity()
        self.ended = frozenset(status.name for status in file.statuses if not status.open)
        self.pauses = {kind: frozenset(getattr(file.pauses, kind)) for kind in PAUSABLE}
        self.promise = Promise(file.promise.role, file.promise.warn, file.promise.warn_role)
        self.ladders = tuple((self.matcher(table.when), self._ladder(table)) for table in file.ladders)
        self.targets = tuple((self.matcher(table.when), self._target(table)) for table in file.targets)
        self.acknowledgements = tuple((self.matcher(table.when), table) for table in file.acknowledgements)
        self.snoozes = tuple((self.matcher(table.when), table) for table in file.snoozes)
        self._mentioned = _mentioned(self.ladders, self.targets, self.acknowledgements, self.snoozes)
        self._remembered: dict[tuple[int | str, ...], Selection] = {}

    @cached_property
    def hash(self) -> str:
        """Worked out when it is first asked for, which is not before something is written."""
        return self._digest()

    @cached_property
    def entitlement(self) -> Entitlement:
        """The rules of what customers are owed, made ready when first asked for."""
        from supporttui.policy.entitling import prepared

        return prepared(self)

    def __repr__(self) -> str:
        return f"Policy({self.name!r}, hash={self.hash!r})"

    @cached_property
    def billing(self) -> Billing:
        """Rates and rounding, built when something is first worked or billed."""
        from supporttui.policy.rates import Billing

        return Billing(self)

    # Looking things up

    def severity(self, number_or_name: int | str) -> Severity:
        """The severity with this number or name (case does not matter); PolicyError when there is none."""
        wanted = str(number_or_name).strip().casefold()
        for severity in self.severities:
            if wanted in (str(severity.number), severity.name.casefold()):
                return severity
        known = [str(each.number) for each in self.severities] + [each.name for each in self.severities]
        raise PolicyError(f"{self.name}: no severity '{number_or_name}'{nearest(str(number_or_name), known)}")

    def status(self, name: str) -> Status:
        """The status with this name; PolicyError when there is none."""
        for status in self.statuses:
            if status.name == name:
                return status
        known = [status.name for status in self.statuses]
        raise PolicyError(f"{self.name}: no status '{name}'{nearest(name, known)}")

    def role(self, name: str) -> Role:
        """The role with this name; PolicyError when there is none."""
        for role in self.roles:
            if role.name == name:
                return role
        raise PolicyError(f"{self.name}: no role '{name}'{nearest(name, [role.name for role in self.roles])}")

    def role_title(self, name: str) -> str:
        """How a role is called on screen; a role that the policy no longer has keeps its word."""
        return next((role.title or role.name for role in self.roles if role.name == name), name)

    def told(self, name: str) -> tuple[Role, ...]:
        """The role and, while one reaches nobody, those it falls through to (`then`); each once."""
        chain: list[Role] = []
        while name and name not in (role.name for role in chain):
            role = self.role(name)
            chain.append(role)
            if role.reaches:
                break
            name = role.then
        return tuple(chain)

    # Workflow

    def moves(self, old: str) -> tuple[str, ...]:
        """The statuses that may follow; a status unknown to this policy may move to any."""
        for status in self.statuses:
            if status.name == old:
                return status.moves
        return tuple(status.name for status in self.statuses)

    def may_move(self, old: str, new: str) -> bool:
        """Whether the workflow allows this change of status."""
        return new in self.moves(old)

    def after_customer(self, status: str) -> str:
        """The status after a message of the customer, by whatever way: it ends a wait for them where the policy says so.

        A workflow without that move keeps the wait, because what a customer says is never refused.
        """
        waits = any(one.name == status and one.waiting == "customer" for one in self.statuses)
        ends = waits and self.customer_message_ends_wait and self.may_move(status, "open")
        return "open" if ends else status

    def is_desk_open(self, at: datetime, severity: int | None = None) -> bool:
        """Whether the vendor works on it at this instant (UTC): always, for a severity worked round the clock."""
        if severity is not None and any(
            each.number == severity and each.round_the_clock for each in self.severities
        ):
            return True
        return self.support_calendar.is_open(at)

    # Rules for a ticket

    def select(self, facts: Facts) -> Selection:
        """The rules for a ticket with these facts: in each list the first one that matches."""
        key = tuple([fact_of(facts, name) for name in self._mentioned])
        known = self._remembered
        selection = known.get(key)
        if selection is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            selection = known[key] = self._choose(facts)
        return selection

    def acknowledgement_limits(self, facts: Facts, at: datetime) -> tuple[datetime | None, datetime | None]:
        """(usual, latest) instant by which an acknowledgement made at `at` must end; None where the policy is silent."""
        return self._limits(self.select(facts).acknowledgement, at)

    def snooze_limits(self, facts: Facts, at: datetime) -> tuple[datetime | None, datetime | None]:
        """(usual, latest) instant by which a snooze made at `at` must end; None where the policy is silent."""
        return self._limits(self.select(facts).snooze, at)

    def matcher(self, when: When) -> Matcher:
        """The `when` table with severities as numbers and words in lower case."""
        wanted: list[tuple[str, frozenset[int | str]]] = []
        if when.severity != ():
            wanted.append(("severity", self._severities(when.severity)))
        for name in FACTS[1:]:
            value = getattr(when, name)
            if value != ():
                wanted.append((name, frozenset(word.casefold() for word in words(value))))
        return Matcher(tuple(wanted))

    # How the file becomes rules

    def _severities(self, wanted: Numbers) -> frozenset[int]:
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        return frozenset(self.severity(value).number for value in values)

    def _default_severity(self) -> int:
        wanted = self.file.default_severity
        return self.severity(wanted).number if wanted else max(each.number for each in self.severities)

    def _measure(self, duration: Duration, clock: str, start: Start) -> Measure:
        """Business words on the clock "always" count on the support calendar."""
        name = clock
        if duration.unit == "months":
            name = "always"
        elif clock == "always" and duration.on_calendar:
            name = self.file.support_calendar or "always"
        calendar = ALWAYS if name == "always" else self.calendars[name]
        return Measure(duration, calendar, name, self.zone, start)

    def _ladder(self, table: LadderTable) -> Ladder:
        return Ladder(table.name, tuple(self._rung(table, n, rung) for n, rung in enumerate(table.rungs, 1)))

    def _rung(self, ladder: LadderTable, level: int, rung: RungTable) -> Rung:
        return Rung(
            level=level,
            role=rung.role,
            title=self.role_title(rung.role),
            measure=self._measure(rung.after, ladder.clock, ladder.start),
            repeat=self._measure(rung.repeat, ladder.clock, ladder.start) if rung.repeat else None,
            warns=rung.warn,
            warn_role=rung.warn_role,
        )

    def _target(self, table: TargetTable) -> Target:
        measure = self._measure(table.after, table.clock, table.start)
        return Target(table.name, table.kind, measure, table.role, table.warn, table.warn_role)

    def _choose(self, facts: Facts) -> Selection:
        targets: dict[str, Target] = {}
        for matcher, target in self.targets:
            if target.kind not in targets and matcher.matches(facts):
                targets[target.kind] = target
        return Selection(
            _first(self.ladders, facts),
            targets,
            _first(self.acknowledgements, facts),
            _first(self.snoozes, facts),
        )

    def _limits(self, limit: Limit | None, at: datetime) -> tuple[datetime | None, datetime | None]:
        if limit is None:
            return None, None
        usual = self._after(at, limit.usual)
        latest = self._after(at, limit.at_most) if limit.at_most else None
        return (min(usual, latest) if latest else usual), latest

    def _after(self, at: datetime, duration: Duration) -> datetime:
        measure = self._measure(duration, "always", "report")
        return reach(at, duration, measure.calendar, self.zone)


def _first(rules: Iterable[tuple[Matcher, _Rule]], facts: Facts) -> _Rule | None:
    return next((rule for matcher, rule in rules if matcher.matches(facts)), None)


def _mentioned(*lists: Iterable[tuple[Matcher, Any]]) -> tuple[str, ...]:
    """The facts that these rules ask for."""
    named = {name for rules in lists for matcher, _ in rules for name, _ in matcher.wanted}
    return tuple(name for name in FACTS if name in named)


def _names(choices: tuple[Choice, ...]) -> tuple[str, ...]:
    return tuple(choice.name for choice in choices)


def _numbered(severities: tuple[Severity, ...]) -> tuple[Severity, ...]:
    """Severities in order of number; those written without one are numbered as they stand in the file."""
    from msgspec.structs import replace

    numbered = [each if each.number else replace(each, number=n) for n, each in enumerate(severities, 1)]
    return tuple(sorted(numbered, key=lambda each: each.number))
