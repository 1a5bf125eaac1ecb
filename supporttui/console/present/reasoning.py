"""The whole of a verdict as lines to read: what decided, on which facts, until when, and what would make it surer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from supporttui.errors import UsageError
from supporttui.terminal.safe import clean_line, width
from supporttui.when import DAY_NAMES, MONTH_NAMES, local_text, zone_of

from .setting import Setting
from .spans import EMPTY, Line, Span, fit_line, line
from .verdict import DAY, Closed, charged, dated, hours, loud, manner, reason, sign, word
from .wrap import wrap

if TYPE_CHECKING:
    from supporttui.desk.reasoning import Promise, Reasoning
    from supporttui.policy.verdict import Ground, Verdict
    from supporttui.store.records import Ticket

READABLE = 96  # cells
LABEL = 11


def lines(found: Reasoning, cells: int, setting: Setting) -> Iterator[Line]:
    """The page, none of its lines wider than `cells`."""
    cells = min(cells, READABLE)
    verdict = found.verdict
    yield from _headline(verdict, cells, setting)
    yield from _loud(verdict, cells, setting)
    yield from _ground(verdict.ground, verdict, cells, setting)
    yield from _when(found, cells, setting)
    yield from _advice(verdict, cells, setting)
    yield from _missing(verdict, found.ticket, cells, setting)
    others = [one for one in verdict.grounds if one is not verdict.ground and one != verdict.ground]
    if others:
        yield from _heading("What else had a say", cells, setting)
        for one in others:
            yield from _other(one, verdict, cells, setting)
    yield from _promises(found, cells, setting)
    yield from _hours(found, cells, setting)


def long_day(day: date) -> str:
    """ "Sun 28 Feb 2027"."""
    return f"{DAY_NAMES[day.weekday()][:3].title()} {day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _headline(verdict: Verdict, cells: int, setting: Setting) -> Iterator[Line]:
    role = manner(verdict.coverage).role
    mark = f"{sign(verdict.coverage, setting.glyphs)} "
    for at, text in enumerate(wrap(word(verdict), cells - len(mark))):
        yield line(Span(mark if not at else "  ", role), Span(text, f"{role} title"))
    for text in wrap(reason(verdict), cells - len(mark)):
        yield line("  ", text)
    yield EMPTY


def _loud(verdict: Verdict, cells: int, setting: Setting) -> Iterator[Line]:
    """What is to be told whatever the verdict, in full and with its clause."""
    for one in loud(verdict):
        yield from _marked(f"{setting.glyphs.overdue} ", one.text, "error", cells)
        if one in verdict.advice and one.clause != verdict.ground.clause:
            yield from _under(one, verdict, cells)
        yield EMPTY


def _ground(ground: Ground, verdict: Verdict, cells: int, setting: Setting) -> Iterator[Line]:
    """Clause, rule, facts and what comes after, of the rule that decided."""
    yield from _pair("clause", ground.clause, cells)
    yield from _pair("rule", ground.rule, cells)
    for at, (name, value) in enumerate(ground.facts):
        yield from _pair("facts" if not at else "", f"{clean_line(name)}: {clean_line(value)}", cells)
    yield from _pair("until", _until(verdict), cells)


def _until(verdict: Verdict) -> str:
    """ "Sun 28 Feb 2027, and from the day after not covered"."""
    if verdict.changes_on is None:
        return "nothing on file ends it"
    last = long_day(verdict.changes_on - DAY)
    then = f"; from {long_day(verdict.changes_on)}: {charged(verdict.becomes, '')}" if verdict.becomes else ""
    return f"{last}, that day included{then}"


def _when(found: Reasoning, cells: int, setting: Setting) -> Iterator[Line]:
    """For which day it was decided, and what time it is there and at the customer's."""
    verdict = found.verdict
    yield from _pair(
        "decided", f"for {long_day(verdict.day)}, by the days of {clean_line(verdict.zone)}", cells
    )
    yield from _pair("desk", f"{_local(found.at, found.vendor_zone)}, {clean_line(found.vendor_zone)}", cells)
    if found.customer_zone and found.customer_zone != found.vendor_zone:
        theirs = f"{_local(found.at, found.customer_zone)}, {clean_line(found.customer_zone)}"
        yield from _pair("customer", theirs + _other_day(found), cells)


def _other_day(found: Reasoning) -> str:
    """Where it is another day at the customer's, that is said: a limit may lie between."""
    theirs = _day_in(found.at, found.customer_zone)
    if theirs is None or theirs == found.verdict.day:
        return ""
    return "; it is a day later there" if theirs > found.verdict.day else "; it is a day earlier there"


def _day_in(at: datetime, zone: str) -> date | None:
    try:
        return at.astimezone(zone_of(zone)).date()
    except UsageError:
        return None


def _local(at: datetime, zone: str) -> str:
    try:
        return local_text(at, zone_of(zone))
    except UsageError:
        return f"{local_text(at, zone_of('UTC'))} (no such zone)"


def _advice(verdict: Verdict, cells: int, setting: Setting) -> Iterator[Line]:
    quiet = [one for one in verdict.advice if not one.loud]
    if quiet:
        yield from _heading("To be told besides", cells, setting)
    for one in quiet:
        yield from _marked(f" {setting.glyphs.note} ", one.text, "", cells)
        yield from _under(one, verdict, cells)


def _missing(verdict: Verdict, ticket: Ticket, cells: int, setting: Setting) -> Iterator[Line]:
    if not verdict.missing:
        return
    yield from _heading("What would make it surer", cells, setting)
    for one in verdict.missing:
        yield from _marked(f" {setting.glyphs.dot} ", one, "", cells)
        where = enter_where(one, ticket)
        if where:
            yield from _marked(f"   {setting.glyphs.to} ", where, "muted", cells)


# How what is missing begins, and where one enters it; the first that fits.
ON_TICKET = "e on the ticket"
PLACES = (
    ("the customer", ON_TICKET),
    ("the product", ON_TICKET),
    ("the release", ON_TICKET),
    ("the operating system", ON_TICKET),
    ("the category", ON_TICKET),
    ("release ", "supporttui release add, with the day and what it replaces"),
    ("a licence ", "C: the customer's licences; supporttui licence add"),
    ("a monthly charge ", "C: the customer's licences; supporttui licence set"),
    ("the monthly charge ", "C: the customer's licences; supporttui licence set"),
    ("when licence ", "C: the customer's licences; supporttui licence set"),
    ("the first and the last day of contract ", "C: the customer's contracts; supporttui contract set"),
    ("a support package ", "C: the customer's contracts; supporttui contract add"),
    ("the quotation ", "C: the customer's quotations; supporttui quotation add"),
    ("when the team got access ", "supporttui os set, the day of access"),
    ("when ", "supporttui release set, the day of the release"),
)


def enter_where(missing: str, ticket: Ticket) -> str:
    """Where one enters a fact that is missing, "" when that is not known."""
    named = missing.removesuffix(" in the book")
    if named != missing and not missing.startswith("release "):
        kinds = (("customer", ticket.customer), ("product", ticket.product))
        kind = next((kind for kind, name in kinds if name and name == named), "os")
        return f"supporttui {kind} add; or e on the ticket, if it is misspelt there"
    return next((where for begin, where in PLACES if missing.startswith(begin)), "")


def _other(one: Ground, verdict: Verdict, cells: int, setting: Setting) -> Iterator[Line]:
    """Sign and words of a rule that did not decide; only the sign has the role of what it says."""
    found = manner(one.coverage)
    mark = f" {sign(one.coverage, setting.glyphs)} "
    first = True
    for words in wrap(dated(clean_line(f"{found.word}: {one.text}")), cells - width(mark)):
        yield line(Span(mark if first else " " * width(mark), found.role), words)
        first = False
    yield from _under(one, verdict, cells)


def _under(one: Ground, verdict: Verdict, cells: int) -> Iterator[Line]:
    """Clause, facts and end of a rule that did not decide, dim and indented."""
    told = [f"clause: {one.clause}"] if one.clause else []
    told += ["; ".join(f"{name}: {value}" for name, value in one.facts)] if one.facts else []
    if one.until is not None:
        then = f", then {manner(one.then).word}" if one.then else ""
        told.append(f"until {long_day(one.until)}{then}")
    for words in told:
        for text in wrap(dated(clean_line(words)), cells - 3):
            yield line("   ", Span(text, "muted"))


def _promises(found: Reasoning, cells: int, setting: Setting) -> Iterator[Line]:
    """The plan, its targets and the ladder."""
    yield from _heading("What is promised", cells, setting)
    yield from _pair("plan", found.plan or "none", cells)
    if found.plan_now != found.plan:
        yield from _pair("", f"a ticket of today would get {found.plan_now or 'none'}", cells)
    for at, one in enumerate(found.targets):
        yield from _pair("targets" if not at else "", _promise(one), cells)
    if not found.targets:
        yield from _pair("targets", "the policy promises none for this ticket", cells)
    yield from _pair("escalation", _ladder(found.ladder, found.rungs), cells)


def _promise(one: Promise) -> str:
    clause = f" ({one.clause})" if one.clause else ""
    return f"{one.what} within {one.within}{clause}"


def _ladder(name: str, rungs: Sequence[Promise]) -> str:
    if not rungs:
        return "none"
    return f"{', '.join(f'{one.within}: {one.what}' for one in rungs)} ({name})"


def _hours(found: Reasoning, cells: int, setting: Setting) -> Iterator[Line]:
    yield from _heading("Support hours", cells, setting)
    now, severity = found.hours, found.ticket.severity
    if now.is_open:
        yield from _marked(" ", f"the desk works on severity {severity} now", "", cells)
        return
    told = hours(severity, Closed(now.until), setting, found.at)
    if now.until is not None and found.customer_zone and found.customer_zone != found.vendor_zone:
        told += f", at the customer's {_local(now.until, found.customer_zone)}"
    yield from _marked(" ", told, "warning", cells)
    if now.phone:
        yield from _marked(" ", f"after hours call {now.phone}", "warning", cells)
    if now.note:
        yield from _marked(" ", now.note, "muted", cells)


# -- pieces ---------------------------------------------------------------------------------------


def _heading(words: str, cells: int, setting: Setting) -> Iterator[Line]:
    yield EMPTY
    yield fit_line(line(Span(f"{setting.glyphs.rule * 2} {words}", "muted")), cells)


def _pair(label: str, text: str, cells: int) -> Iterator[Line]:
    """ "clause     the words of it", later lines under the words; nothing for no words."""
    if text:
        for at, one in enumerate(wrap(dated(clean_line(text)), cells - LABEL)):
            yield line(Span(f"{label if not at else '':<{LABEL}}", "muted"), one)


def _marked(mark: str, text: str, role: str, cells: int) -> Iterator[Line]:
    """A sign before the words, later lines under the words."""
    taken = width(mark)
    for at, one in enumerate(wrap(dated(clean_line(text)), cells - taken)):
        yield line(Span(mark if not at else " " * taken, role), Span(one, role))
