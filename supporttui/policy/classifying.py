"""Which severity a report gets: what was asked, as far as the policy allows it.

Every rule that changes or questions the severity leaves one line, so that an
analyst can tell the customer why.
"""

from __future__ import annotations

from dataclasses import replace

from supporttui.policy.matching import words
from supporttui.policy.rules import Policy
from supporttui.policy.timeline import Facts
from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True)
class Classification:
    """severity: the number it gets.  reasons: one line for each rule that had a say, in order."""

    severity: int
    reasons: tuple[str, ...] = ()


def classify(
    asked: int | None, facts: Facts, policy: Policy, *, reachable: bool | None = None
) -> Classification:
    """The severity of a report.

    asked: what the customer or the analyst wants; None takes the policy's default.
    facts: of the ticket; their severity is not looked at.  reachable: whether the
    customer can be reached round the clock; None is unknown and lowers nothing.
    Errors: PolicyError when no severity has the number asked for.
    """
    reasons: list[str] = []
    if asked is None:
        severity = policy.default_severity
        reasons.append(f"none was asked for: {_name(policy, severity)} is the default")
    else:
        severity = policy.severity(asked).number
    severity = _capped(severity, facts, policy, reasons)
    severity = _lowered(severity, policy, reachable, reasons)
    severity = _demanded(severity, facts, policy, reasons)
    return Classification(severity, tuple(reasons))


def _capped(severity: int, facts: Facts, policy: Policy, reasons: list[str]) -> int:
    """The first cap that matches holds."""
    for cap in policy.file.caps:
        matcher = policy.matcher(cap.when)
        if not matcher.matches(replace(facts, severity=severity)):
            continue
        most = policy.severity(cap.at_most).number
        if severity < most:
            reasons.append(f"{cap.name}: {matcher.said()}, so at most {_name(policy, most)}")
        return max(severity, most)
    return severity


def _lowered(severity: int, policy: Policy, reachable: bool | None, reasons: list[str]) -> int:
    if reachable is not False:
        return severity
    for rule in policy.file.lowers:
        if policy.severity(rule.severity).number == severity:
            lower = policy.severity(rule.to).number
            reasons.append(
                f"{rule.name}: the customer can't be reached round the clock, so {_name(policy, lower)}"
            )
            return lower
    return severity


def _demanded(severity: int, facts: Facts, policy: Policy, reasons: list[str]) -> int:
    """A channel that the severity demands: lowered when the rule says to what, else only said."""
    for rule in policy.file.demands:
        if policy.severity(rule.severity).number != severity or _by(facts, words(rule.channel)):
            continue
        wanted = " or ".join(words(rule.channel))
        said = f"{rule.name}: {_name(policy, severity)} must be reported by {wanted}, not {facts.channel or 'an unknown way'}"
        if rule.otherwise:
            severity = policy.severity(rule.otherwise).number
            said += f", so {_name(policy, severity)}"
        reasons.append(said)
        return severity
    return severity


def _by(facts: Facts, channels: tuple[str, ...]) -> bool:
    return facts.channel.casefold() in (channel.casefold() for channel in channels)


def _name(policy: Policy, number: int) -> str:
    severity = policy.severity(number)
    return f"severity {number} ({severity.name})"
