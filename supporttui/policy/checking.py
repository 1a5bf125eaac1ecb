"""What is wrong with a policy although it can be read.

Loading refuses what has no meaning; checking finds what means something nobody
wants: a rung that can never be reached, a role that reaches nobody.  Rules are
tried on every combination of the facts that the policy mentions, so "never" is
found by looking and not by guessing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Literal

from supporttui.errors import PolicyError
from supporttui.policy.durations import nearest
from supporttui.policy.entitling_file import findings as entitlement_findings
from supporttui.policy.matching import FACTS, Matcher
from supporttui.policy.packages import faults
from supporttui.policy.planning import plan
from supporttui.policy.records import Role
from supporttui.policy.rules import PAUSABLE, Policy
from supporttui.policy.timeline import Event, Facts, Timeline
from supporttui.quickclass import dataclass

Level = Literal["error", "warning", "note"]

_MOST_COMBINATIONS = 5000
_OTHER = "(something else)"
_ADDRESS = re.compile(
    r"[^@\s]+@[^@\s]+\.[^@\s]+|\+?[\d][\d .()-]{4,}|@\S+|owner|desk"
    r"|(?:oncall|command|webhook|apprise):[A-Za-z0-9][\w-]*"
)
_DESK_WORDS = ("open", "waiting-customer", "resolved", "closed")
# Reports at times that stress a ladder: an ordinary morning, just before a weekend, in one,
# on the night the clocks go forward, and at the end of a year.
_SAMPLES = tuple(
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in ("2026-05-12T15:00:00", "2026-05-15T21:55:00", "2026-05-17T03:00:00", "2026-03-08T07:30:00", "2026-12-31T22:00:00")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.  level: an "error" breaks a promise, a "warning" probably does, a "note" is worth knowing.

    key: where in the file ("ladder[2].rung[0]").  message: one sentence.
    """

    level: Level
    key: str
    message: str


def check(policy: Policy) -> tuple[Finding, ...]:
    """Everything found, errors first, then in the order of the file."""
    cases = _cases(policy)
    found = [
        *_severities(policy, cases),
        *_shadowed(policy, cases),
        *_rungs(policy, cases),
        *_percentages(policy, cases),
        *_roles(policy),
        *_calendars(policy),
        *_workflow(policy),
        *_vendor(policy),
        *_intake(policy),
        *_packages(policy),
        *(Finding(*each) for each in entitlement_findings(policy.file)),
        *_rates(policy),
    ]
    rank = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda finding: rank[finding.level]))


# Combinations of facts


def _cases(policy: Policy) -> tuple[Facts, ...]:
    """Every combination of the facts that rules mention, "not known" and "something else" included.

    Where there are too many, only each rule's own values beside otherwise unknown facts.
    """
    named = _mentioned(policy)
    numbers = [severity.number for severity in policy.severities]
    values = {name: ["", *sorted(words), _OTHER] for name, words in named.items()}
    count = len(numbers)
    for words in values.values():
        count *= len(words)
    if count > _MOST_COMBINATIONS:
        lone = [
            Facts(severity=n, **{name: word})
            for n in numbers
            for name, words in values.items()
            for word in words
        ]
        return (*lone, *(Facts(severity=n) for n in numbers))
    return tuple(
        Facts(severity=number, **dict(zip(values, words, strict=True)))
        for number in numbers
        for words in product(*values.values())
    )


def _mentioned(policy: Policy) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    declared = {
        "plan": policy.plans, "channel": policy.channels, "category": policy.categories,
        "environment": policy.environments, "product": policy.products,
    }  # fmt: skip
    for matcher in [matcher for matcher, _ in (*policy.ladders, *policy.targets)]:
        for name, wanted in matcher.wanted:
            if name != "severity":
                named.setdefault(name, set(declared.get(name, ()))).update(
                    str(word) for word in wanted if word
                )
    return {name: {word.casefold() for word in named[name]} for name in FACTS if name in named}


def _who(policy: Policy, facts: Facts) -> str:
    """ "severity 2 (Normal), plan gold"."""
    parts = [f"severity {facts.severity} ({policy.severity(facts.severity).name})"]
    parts += [f"{name} {value}" for name in FACTS[1:] if (value := getattr(facts, name))]
    return ", ".join(parts)


# Ladders and targets


def _severities(policy: Policy, cases: Sequence[Facts]) -> Iterator[Finding]:
    for n, severity in enumerate(policy.severities):
        mine = [facts for facts in cases if facts.severity == severity.number]
        without = [facts for facts in mine if policy.select(facts).ladder is None]
        name = f"severity {severity.number} ({severity.name})"
        if len(without) == len(mine):
            yield Finding("error", f"severity[{n}]", f"{name} has no ladder: nobody is ever told")
        elif without:
            yield Finding(
                "warning", f"severity[{n}]", f"no ladder for {_who(policy, without[0])}: nobody is ever told"
            )


def _shadowed(policy: Policy, cases: Sequence[Facts]) -> Iterator[Finding]:
    ladders = [(matcher, rule.name, "ladder") for matcher, rule in policy.ladders]
    yield from _never_chosen("ladder", ladders, cases)
    yield from _never_chosen("target", [(m, rule.name, rule.kind) for m, rule in policy.targets], cases)
    for key, limits in (("acknowledgement", policy.acknowledgements), ("snooze", policy.snoozes)):
        yield from _covered(key, [(matcher, limit.name, key) for matcher, limit in limits])


def _never_chosen(
    key: str, rules: Sequence[tuple[Matcher, str, str]], cases: Sequence[Facts]
) -> Iterator[Finding]:
    """Rules of one kind compete: each must be the first match of something."""
    covered = {finding.key for finding in _covered(key, rules)}
    yield from _covered(key, rules)
    chosen: set[int] = set()
    for facts in cases:
        kinds: set[str] = set()
        for n, (matcher, _, kind) in enumerate(rules):
            if kind not in kinds and matcher.matches(facts):
                kinds.add(kind)
                chosen.add(n)
    for n, (_, name, _) in enumerate(rules):
        if n not in chosen and f"{key}[{n}]" not in covered:
            yield Finding(
                "error", f"{key}[{n}]", f"'{name}' is never reached: earlier ones match every such ticket"
            )


def _covered(key: str, rules: Sequence[tuple[Matcher, str, str]]) -> Iterator[Finding]:
    for n, (matcher, name, kind) in enumerate(rules):
        for m, (earlier, other, its_kind) in enumerate(rules[:n]):
            if kind == its_kind and earlier.covers(matcher):
                said = f"'{name}' is never reached: {key}[{m}] '{other}' comes first and matches all that it does"
                yield Finding("error", f"{key}[{n}]", said)
                break


def _rungs(policy: Policy, cases: Sequence[Facts]) -> Iterator[Finding]:
    """A higher rung must not fall due before a lower one."""
    for n, (_, ladder) in enumerate(policy.ladders):
        mine = _unlike(policy, [facts for facts in cases if policy.select(facts).ladder is ladder])
        plans = [(facts, _levels(policy, facts, at)) for facts in mine for at in _SAMPLES]
        for low, high in pairwise(ladder.rungs):
            both = [
                (facts, due[low.level], due[high.level])
                for facts, due in plans
                if {low.level, high.level} <= due.keys()
            ]
            bad = [facts for facts, sooner, later in both if later < sooner]
            key = f"ladder[{n}].rung[{high.level - 1}].after"
            said = f"'{high.measure.duration}' ({high.role}) falls due before '{low.measure.duration}' ({low.role})"
            if bad and len(bad) == len(both):
                yield Finding("error", key, f"{said}, the rung below it")
            elif bad:
                yield Finding(
                    "warning", key, f"{said}, the rung below it, for some reports with {_who(policy, bad[0])}"
                )
            elif both and all(later == sooner for _, sooner, later in both):
                yield Finding("note", key, f"{said.replace('before', 'together with')}, the rung below it")


def _unlike(policy: Policy, cases: Sequence[Facts]) -> list[Facts]:
    """One of those that the same rules hold for."""
    by_rules: dict[tuple[int, ...], Facts] = {}
    for facts in cases:
        chosen = policy.select(facts)
        by_rules.setdefault((id(chosen.ladder), *(id(target) for target in chosen.targets.values())), facts)
    return list(by_rules.values())


def _levels(policy: Policy, facts: Facts, at: datetime) -> dict[int, datetime]:
    acknowledged = Event(at=at + timedelta(minutes=1), kind="acknowledged")
    planned = plan(Timeline(reported_at=at, facts=facts, events=(acknowledged,)), policy)
    return {each.level: each.due_at for each in planned if each.kind == "escalation"}


def _percentages(policy: Policy, cases: Sequence[Facts]) -> Iterator[Finding]:
    for n, (_, ladder) in enumerate(policy.ladders):
        mine = [facts for facts in cases if policy.select(facts).ladder is ladder]
        for rung in ladder.rungs:
            duration = rung.measure.duration
            if duration.unit != "percent" or not mine:
                continue
            without = [facts for facts in mine if duration.target not in policy.select(facts).targets]
            if not without:
                continue
            level: Level = "error" if len(without) == len(mine) else "warning"
            said = f"'{duration}': no {duration.target} target for {_who(policy, without[0])}, so it is never due"
            yield Finding(level, f"ladder[{n}].rung[{rung.level - 1}].after", said)


# Roles, calendars, workflow, vendor


def _roles(policy: Policy) -> Iterator[Finding]:
    used = _roles_used(policy)
    for n, role in enumerate(policy.roles):
        chain = policy.told(role.name)
        if not chain[-1].reaches:
            yield Finding(
                "error",
                f"role[{n}].reaches",
                f'\'{role.name}\' reaches nobody; add an address, "desk" or "owner"',
            )
        elif len(chain) > 1:
            said = f"'{role.name}' reaches nobody itself; '{chain[-1].name}' is told instead, at once"
            yield Finding("note", f"role[{n}].reaches", said)
        yield from _addresses(n, role)
        if role.name not in used:
            yield Finding("note", f"role[{n}]", f"'{role.name}' is told by no rung, target or promise")


def _addresses(n: int, role: Role) -> Iterator[Finding]:
    for m, address in enumerate(role.reaches):
        if not _ADDRESS.fullmatch(address):
            near = nearest(address, ("owner", "desk"))
            said = (
                f'\'{address}\' is not "owner", "desk", @analyst, oncall:ROTATION, an e-mail address, '
                "a telephone number or a channel such as webhook:NAME"
            )
            yield Finding("error", f"role[{n}].reaches[{m}]", said + (near if "did you mean" in near else ""))


def _roles_used(policy: Policy) -> set[str]:
    used = {policy.promise.role}
    for _, ladder in policy.ladders:
        used |= {rung.role for rung in ladder.rungs}
        used |= {rung.warn_role for rung in ladder.rungs if rung.warns}
    for _, target in policy.targets:
        used |= {target.role} | ({target.warn_role} if target.warns else set())
    return used | {role.then for role in policy.roles if role.then}


def _calendars(policy: Policy) -> Iterator[Finding]:
    used = {policy.file.support_calendar}
    used |= {rung.measure.calendar_name for _, ladder in policy.ladders for rung in ladder.rungs}
    used |= {target.measure.calendar_name for _, target in policy.targets}
    for n, (name, calendar) in enumerate(policy.calendars.items()):
        try:
            opens = calendar.next_open(_SAMPLES[0])
        except PolicyError:
            yield Finding(
                "error", f"calendar[{n}].hours", f"'{name}' has no open hours ahead: a clock on it never ends"
            )
            continue
        if opens > _SAMPLES[0] + timedelta(days=366):
            yield Finding("warning", f"calendar[{n}].hours", f"'{name}' stays closed for more than a year")
        if name not in used:
            yield Finding("note", f"calendar[{n}]", f"no rule counts on '{name}'")
    if not policy.file.support_calendar:
        yield Finding("note", "support_calendar", "not given: the desk counts as open round the clock")


def _workflow(policy: Policy) -> Iterator[Finding]:
    names = [status.name for status in policy.statuses]
    reached = _reached(policy, names[0])
    for n, status in enumerate(policy.statuses):
        if status.name not in reached:
            yield Finding("error", f"status[{n}]", f"no move leads from '{names[0]}' to '{status.name}'")
        elif status.open and not (_reached(policy, status.name) & policy.ended):
            yield Finding(
                "error", f"status[{n}].moves", f"a ticket that is '{status.name}' can never be finished"
            )
    for word in _DESK_WORDS:
        if word not in names:
            yield Finding("warning", "status", f"no status '{word}': the desk's keys for it will be refused")
    for kind in PAUSABLE:
        for name in sorted(policy.pauses[kind] & policy.ended):
            yield Finding(
                "note", f"pauses.{kind}", f"'{name}' ends the clock, so pausing it there changes nothing"
            )


def _reached(policy: Policy, start: str) -> set[str]:
    reached, ahead = {start}, [start]
    while ahead:
        for name in policy.moves(ahead.pop()):
            if name not in reached:
                reached.add(name)
                ahead.append(name)
    return reached


def _vendor(policy: Policy) -> Iterator[Finding]:
    vendor = policy.vendor
    if not (vendor.phones or vendor.email or vendor.form_url):
        yield Finding(
            "warning", "vendor", f"no telephone, e-mail or form: nobody can tell how to reach {vendor.name}"
        )


def _intake(policy: Policy) -> Iterator[Finding]:
    numbers = policy.vendor.after_hours_phone or any(one.number for one in policy.vendor.phones)
    if policy.call_severities and not numbers:
        yield Finding(
            "warning",
            "intake.call_severities",
            "these need a telephone call, but the policy gives no number: nobody is told which one to call",
        )
    elif policy.call_severities and not policy.intake.acknowledge:
        yield Finding(
            "note",
            "intake.acknowledge",
            "without an acknowledgement nobody who reports such a severity by mail is told to call",
        )


def _packages(policy: Policy) -> Iterator[Finding]:
    if policy.package is not None:
        yield from (Finding(*each) for each in faults(policy.package, policy.file.plans))


def _rates(policy: Policy) -> Iterator[Finding]:
    from supporttui.policy.rates import findings

    yield from (Finding(*each) for each in findings(policy))
