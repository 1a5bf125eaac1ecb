"""What support rests on: a monthly charge, a package, a quotation, the warranty.

One of these that covers is enough; a fact that isn't on file is never a refusal.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from supporttui.policy.records import EntitlementRule
from supporttui.policy.stretches import (
    EVER,
    NEVER,
    Span,
    Stretch,
    Timeline,
    covering,
    lacking,
    later,
    said,
)
from supporttui.policy.verdict import Case, LicenceFacts, PeriodFacts, QuotationFacts


def unlisted(case: Case) -> str:
    """What of customer, product and licence isn't on file, or ""."""
    if case.licences:
        return ""
    if not case.customer:
        return "the customer"
    if not case.listed:
        return f"{case.customer} in the book"
    if not case.product:
        return "the product"
    if not case.known_product:
        return f"{case.product} in the book"
    return f"a licence of {case.customer} for {case.product}"


def called(licence: LicenceFacts) -> str:
    return licence.number or f"#{licence.id}"


def charge(rule: EntitlementRule, case: Case) -> Timeline:
    """A monthly licence charge that is paid includes support."""
    if missing := unlisted(case):
        return (lacking(rule, missing),)
    spans = [_charged(one) for one in case.licences if one.monthly_charge]
    unknown = sorted(called(one) for one in case.licences if one.monthly_charge is None)
    if unknown:
        question = partial(lacking, rule, f"the monthly charge of licence {unknown[0]}")
        return covering(rule, spans, question) or (question(),)
    return covering(rule, spans) or (_none_on_file(rule, f"a monthly charge for {case.product}"),)


def _charged(licence: LicenceFacts) -> Span:
    first = licence.purchased_on or EVER
    last = min(licence.charge_paid_to or NEVER, licence.ended_on or NEVER)
    name = called(licence)
    paid = f", paid to {licence.charge_paid_to}" if licence.charge_paid_to else ""
    ended = licence.ended_on is not None and licence.ended_on == last
    facts = [("licence", name), ("monthly charge", str(licence.monthly_charge))]
    facts += _dated(
        ("purchased", licence.purchased_on), ("paid to", licence.charge_paid_to), ("ended", licence.ended_on)
    )
    return Span(
        first,
        last,
        f"the monthly charge of licence {name} includes support{paid}",
        f"licence {name} ended on {last}"
        if ended
        else f"the monthly charge of licence {name} was paid to {last}",
        tuple(facts),
    )


def package(rule: EntitlementRule, case: Case) -> Timeline:
    """A period of a support package covers its days, the first and the last included."""
    if not case.periods:
        if missing := unlisted(case):
            return (lacking(rule, missing),)
        return (_none_on_file(rule, f"a support package for {case.product}"),)
    whole = [one for one in case.periods if one.first and one.last]
    spans = [_period(case, one) for one in whole]
    partly = sorted(_numbered(one) for one in case.periods if not (one.first and one.last))
    if partly:
        question = partial(lacking, rule, f"the first and the last day of contract {partly[0]}")
        return covering(rule, spans, question) or (question(),)
    return covering(rule, spans) or (said(rule, EVER, rule.after, "no support package has a day to run"),)


def _numbered(period: PeriodFacts) -> str:
    return period.number or f"#{period.id}"


def _period(case: Case, period: PeriodFacts) -> Span:
    """The days of a period, cut where every licence that it covers ended."""
    first, last = period.first or EVER, period.last or NEVER
    ends = [one.ended_on or NEVER for one in case.licences if one.package and one.package == period.package]
    ended = max(ends, default=NEVER)
    name = f"{_numbered(period)} ({period.plan})" if period.plan else _numbered(period)
    facts = [
        ("contract", _numbered(period)),
        ("plan", period.plan),
        *_dated(("first day", first), ("last day", last)),
    ]
    text = f"support package {name} runs from {first} to {last}"
    if ended < last:
        return Span(first, ended, text, f"the licence of package {name} ended on {ended}", tuple(facts))
    return Span(first, last, text, f"support package {name} ended on {last}", tuple(facts))


def quotation(rule: EntitlementRule, case: Case) -> Timeline:
    """A quotation grants free support; `without` is for those who never had a package.

    One of which neither a day nor what it grants is on file (an offer of a price, say) grants nothing.
    """
    granting = [one for one in case.quotations if one.first or one.last or one.grants.strip()]
    if granting:
        return covering(rule, [_quoted(one) for one in granting])
    if case.periods or unlisted(case):
        return ()
    wanted = f"the quotation of {case.customer}, which states what support is free"
    if case.quotations:
        wanted = f"what support is free by quotation {case.quotations[0].number}: its days, or what it grants"
    return (_none_on_file(rule, wanted),)


def _none_on_file(rule: EntitlementRule, wanted: str) -> Stretch:
    """What follows when nothing of the kind is on file; where that is "unclear", it is missing."""
    missing = (wanted,) if rule.without == "unclear" else ()
    return said(rule, EVER, rule.without, f"not on file: {wanted}")._replace(missing=missing)


def _quoted(one: QuotationFacts) -> Span:
    facts = [("quotation", one.number), *_dated(("from", one.first), ("to", one.last))]
    facts += [("grants", one.grants)] if one.grants else []
    text = f"quotation {one.number} grants free support" + (f": {one.grants}" if one.grants else "")
    text += f", to {one.last}" if one.last else ""
    over = f"the free support of quotation {one.number} ended on {one.last}"
    return Span(one.first or EVER, one.last or NEVER, text, over, tuple(facts))


def warranty(rule: EntitlementRule, case: Case) -> Timeline:
    """So many days from shipment, the last one included."""
    spans = [_warranted(rule, one, one.shipped_on) for one in case.licences if one.shipped_on]
    if not spans and case.licences:
        names = sorted(called(one) for one in case.licences)
        return (lacking(rule, f"when licence {names[0]} was shipped"),)
    return covering(rule, spans)


def _warranted(rule: EntitlementRule, licence: LicenceFacts, shipped: date) -> Span:
    last = later(shipped, rule.days)
    name = called(licence)
    return Span(
        shipped,
        min(last, licence.ended_on or NEVER),
        f"licence {name} was shipped on {shipped}: under warranty to {last}",
        f"the warranty of licence {name} ended on {last}",
        (("licence", name), ("shipped", str(shipped)), ("warranty to", str(last))),
    )


def _dated(*pairs: tuple[str, date | None]) -> list[tuple[str, str]]:
    return [(name, str(day)) for name, day in pairs if day is not None]


BASES = {"charge": charge, "package": package, "quotation": quotation, "warranty": warranty}
