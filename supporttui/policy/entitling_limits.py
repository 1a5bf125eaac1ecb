"""What takes support away, or makes it less: an old release, a modification, a category.

The gravest of these goes before whatever support rests on; a limit that can't be
judged because a fact isn't on file has no say, and the fact is named as missing.
"""

from __future__ import annotations

from datetime import date

from supporttui.policy.records import Choice, EntitlementRule
from supporttui.policy.rules import Policy
from supporttui.policy.stretches import EVER, NEVER, Span, Timeline, held, lacking, later, said
from supporttui.policy.verdict import Case, ModificationFacts, ReleaseFacts


def superseded(rule: EntitlementRule, case: Case, policy: Policy) -> Timeline:
    """A release is supported for some days after the one that follows it came out."""
    if not case.release:
        return (lacking(rule, "the release"),)
    name = f"{case.product} {case.release}".strip()
    known = case.released
    if known is None:
        return (lacking(rule, f"release {name} in the book"),)
    name = f"{case.product} {known.name}".strip()
    if known.support_ends_on is not None:
        last, told = (
            known.support_ends_on,
            f"the vendor announced support of {name} to {known.support_ends_on}",
        )
        facts = (("release", name), ("support announced to", str(last)))
        return _until(
            rule, last, told, f"the vendor announced the end of support of {name} for {last}", facts
        )
    if known.followed_on is not None:
        return _followed(rule, name, known, known.followed_on)
    if known.follower:
        return (lacking(rule, f"when {known.follower}, which follows {name}, was released"),)
    if known.newer:
        return (lacking(rule, f"which release follows {name} (there is a newer one, {known.newer})"),)
    return (held(rule, EVER, f"{name} is the current release", [("release", name)]),)


def _followed(rule: EntitlementRule, name: str, known: ReleaseFacts, day: date) -> Timeline:
    last = later(day, rule.days)
    by = known.follower or "a newer one"
    facts = [("release", name), ("followed by", by), ("on", str(day)), ("supported to", str(last))]
    told = f"{by} followed {name} on {day}: supported for {rule.days} days, to {last}"
    found = [held(rule, EVER, f"{name} is the current release", facts)]
    if day > EVER:
        found.append(held(rule, day, told, facts))
    if last < NEVER:
        over = f"{by} followed {name} on {day}: supported for {rule.days} days, which ended on {last}"
        found.append(said(rule, later(last, 1), rule.after, over, facts))
    return tuple(found)


def _until(
    rule: EntitlementRule, last: date, told: str, over: str, facts: tuple[tuple[str, str], ...]
) -> Timeline:
    within = held(rule, EVER, told, facts)
    return (within,) if last == NEVER else (within, said(rule, later(last, 1), rule.after, over, facts))


def os_release(rule: EntitlementRule, case: Case, policy: Policy) -> Timeline:
    """A release of an operating system is new for some days after the team got access to it."""
    if not case.os or not case.os_release:
        return (lacking(rule, "the release of the operating system" if case.os else "the operating system"),)
    name = f"{case.os} {case.os_release}"
    got = case.os_accessed_on
    if got is None:
        return (
            lacking(rule, f"when the team got access to {name}" if case.known_os else f"{name} in the book"),
        )
    last = later(got, rule.days)
    facts = [("system", name), ("access since", str(got)), ("new to", str(last))]
    found = []
    if got > EVER:
        found.append(said(rule, EVER, rule.without, f"the team gets access to {name} on {got}", facts))
    how = f", {rule.effort}" if rule.effort else ""
    found.append(held(rule, got, f"{name} is new: access since {got}{how} to {last}", facts))
    if last < NEVER:
        over = f"the team has had {name} since {got}: it counted as new until {last}"
        found.append(said(rule, later(last, 1), rule.after, over, facts))
    return tuple(found)


def modification(rule: EntitlementRule, case: Case, policy: Policy) -> Timeline:
    """A modification that nobody authorised counts while it is in place."""
    spans = [_modified(one) for one in case.modifications if not one.authorised]
    return _inverted(rule, spans)


def _modified(one: ModificationFacts) -> Span:
    where = f" on {one.host}" if one.host else ""
    since = f", noted on {one.noted_on}" if one.noted_on else ""
    facts = [("modification", one.what)] + [("host", one.host)] * bool(one.host)
    facts += [("noted", str(one.noted_on))] * bool(one.noted_on) + [("in place to", str(one.last))] * bool(
        one.last
    )
    text = f"the software was modified without authorisation{where}: {one.what}{since}"
    return Span(one.noted_on or EVER, one.last or NEVER, text, "", tuple(facts))


def _inverted(rule: EntitlementRule, spans: list[Span]) -> Timeline:
    """The rule's `after` in the spans, no say elsewhere."""
    from msgspec.structs import replace

    from supporttui.policy.stretches import covering

    turned = replace(rule, within=rule.after, after="", effort="")
    return covering(turned, spans)


def category(rule: EntitlementRule, case: Case, policy: Policy) -> Timeline:
    """What the policy says of the ticket's category: `within` for those that are covered, else `after`."""
    if not case.category:
        return (lacking(rule, "the category"),)
    choice = _chosen(policy, case.category)
    if choice is None:
        return ()
    title = choice.title or choice.name
    note = f": {choice.note}" if choice.note else ""
    facts = [("category", choice.name)]
    if choice.covered:
        return (held(rule, EVER, f"{title} is part of basic support{note}", facts),)
    return (said(rule, EVER, rule.after, f"{title} is not part of basic support{note}", facts),)


def _chosen(policy: Policy, word: str) -> Choice | None:
    wanted = word.casefold()
    return next((one for one in policy.file.categories if one.name.casefold() == wanted), None)


LIMITS = {
    "superseded": superseded, "os-release": os_release, "modification": modification, "category": category,
}  # fmt: skip
