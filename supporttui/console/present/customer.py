"""One customer as rows of a page: who to call and what time it is there, what is open, what was bought and agreed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, MutableMapping
from datetime import datetime
from functools import partial

from supporttui.desk.customers import CustomerPage, Person
from supporttui.desk.dossier import Dossier
from supporttui.errors import UsageError
from supporttui.store.columns import fold
from supporttui.store.records import TicketLine
from supporttui.terminal.safe import clean_line, fit
from supporttui.when import age, local_text, zone_of

from . import book, outline, queue
from .outline import Row
from .setting import Setting, clock_text, seconds_between, severity_role
from .spans import Line, Span, fit_line, line, spread
from .wrap import wrap

AT = 17


def rows(
    page: CustomerPage,
    known: Dossier,
    folded: Collection[str],
    cells: int,
    setting: Setting,
    now: datetime,
    made: MutableMapping[Hashable, list[Row]],
) -> list[Row]:
    """The page in rows of `cells` cells.  known: what the book has on the customer.

    made: rows of the book as they were laid out before, so that a long book costs once; empty for a new one.
    """
    first, *top = _top(page, known, cells, setting, now)
    out = [
        Row(
            fit_line(first, cells),
            ("book", "customer", page.customer.id),
            record=("customer", page.customer.id),
        )
    ]
    out += [outline.text(one, cells, setting) for one in top]
    apart = True
    for name, title, count, make in _parts(page, known, cells, setting, now):
        # What is empty or folded takes one line, and those that follow each other stand together.
        empty = not count and name in BOOK
        if apart or not (empty or name in folded):
            out.append(outline.text((), cells, setting))
        note = "none; a adds one" if empty and name != "history" else f"{count}"
        out.append(outline.heading(name, title, note, cells, setting, folded=name in folded or empty))
        if name not in folded and not empty:
            out += _kept(made, (name, cells), make) if name in LASTING else make()
        apart = not (empty or name in folded)
    return out


BOOK = frozenset({*book.SECTIONS, "history"})
LASTING = frozenset(book.SECTIONS) - {"site"}  # what no clock changes


def _kept(
    made: MutableMapping[Hashable, list[Row]], key: Hashable, make: Callable[[], Iterator[Row]]
) -> list[Row]:
    if key not in made:
        made[key] = list(make())
    return made[key]


def _parts(
    page: CustomerPage, known: Dossier, cells: int, setting: Setting, now: datetime
) -> Iterator[tuple[str, str, int, Callable[[], Iterator[Row]]]]:
    """(name, title, how many, its rows) of each section."""
    yield "people", "Contacts", len(page.people), lambda: _people(page, known, cells, setting)
    yield "open", "Open tickets", len(page.open), lambda: _open(page, cells, setting, now)
    for kind, (title, _kind, make) in book.SECTIONS.items():
        yield kind, title, len(known.of(kind)), partial(make, known, cells, setting, now)
    yield "ended", "Ended last", len(page.ended), lambda: _ended(page, cells, setting, now)
    yield "products", "Products on tickets", len(page.products), lambda: _products(page, cells, setting, now)
    yield "history", "History", len(known.history), lambda: book.history(known, cells, setting, now)


def _top(page: CustomerPage, known: Dossier, cells: int, setting: Setting, now: datetime) -> Iterator[Line]:
    customer = page.customer
    yield line(
        Span(f" {clean_line(customer.name)}", "title"),
        Span(f"  {clean_line(customer.key)}" if customer.key else "", "muted"),
    )
    there = local_time(customer.zone, now)
    sites = ", ".join(clean_line(site) for site in page.sites) or "none known"
    yield line(Span(" site  ", "muted"), sites)
    yield line(Span(" there ", "muted"), there or Span("no zone is known", "muted"))
    yield line(Span(" plan  ", "muted"), *_plan(customer.plan, known))
    yield line(Span(" open  ", "muted"), *_counts(page))
    for text in wrap(customer.notes, cells - 9) if customer.notes else ():
        yield line(Span("       "), Span(text, "muted"))


def _plan(plan: str, known: Dossier) -> Iterator[Span]:
    """The package that is in force, or the one that was last; else the customer's own plan."""
    begun = [one for one in known.of("contract") if one.start_on is None or one.start_on <= known.today]
    if not begun:
        yield Span(clean_line(plan)) if plan else Span("none known", "muted")
        return
    latest = max(begun, key=lambda one: (str(one.end_on or "9"), one.id))
    words, role = book.contract_state(latest, known.today, book.chains(known))
    yield Span(f"{clean_line(latest.plan)} by {clean_line(latest.number) or f'contract #{latest.id}'}, ")
    yield Span(words, role)


def local_time(zone: str, now: datetime) -> str:
    """ "Fri 20 Nov 2026 14:46 CST, America/Chicago"; "" for no zone."""
    if not zone:
        return ""
    try:
        return f"{local_text(now, zone_of(zone))}, {clean_line(zone)}"
    except UsageError:
        return f"{clean_line(zone)} (no such zone)"


def _counts(page: CustomerPage) -> list[Span]:
    """ "Severity 1: 1 of 3, 2: 0 of 5": what is open, and how many there ever were."""
    if not page.severities:
        return [Span("no ticket yet", "muted")]
    spans: list[Span] = []
    for number, is_open, all_ in page.severities:
        between = ", " if spans else ""
        spans += [
            Span(between or "Severity ", "muted"),
            Span(str(number), severity_role(number) if is_open else "muted"),
            Span(f": {is_open} of {all_}", "" if is_open else "muted"),
        ]
    return spans


def _people(page: CustomerPage, known: Dossier, cells: int, setting: Setting) -> Iterator[Row]:
    """Two rows a person, each of which copies what it shows, and leads to the contact that the book has."""
    listed = {fold(one.name): one.id for one in known.of("contact")}
    if not page.people:
        yield outline.text(line(Span("   no contact is known", "muted")), cells, setting)
    name_cells = min(26, max((len(clean_line(one.name)) for one in page.people), default=0) + 2)
    for at, person in enumerate(page.people):
        yield from _person(person, at, name_cells, cells, setting, listed.get(fold(person.name), 0))


def _person(
    person: Person, at: int, name_cells: int, cells: int, setting: Setting, contact: int
) -> Iterator[Row]:
    cut = setting.glyphs.ellipsis
    name = fit(clean_line(person.name) or "no name", name_cells, ellipsis=cut)
    site = f"  site {clean_line(person.site)}" if person.site else ""
    key = ("person", person.name, at if not person.name else 0)
    phone = clean_line(person.phone)
    first = (
        Span(f"   {name} "),
        Span(phone or "no telephone", "" if phone else "muted"),
        Span(site, "muted"),
    )
    record = ("contact", contact)
    yield Row(fit_line(first, cells, cut), (*key, "phone"), 0, person.phone or person.email, record)
    if person.email:
        second = (Span(" " * (name_cells + 4)), Span(clean_line(person.email)))
        yield Row(fit_line(second, cells, cut), (*key, "email"), 0, person.email, record)


def _open(page: CustomerPage, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    if not page.open:
        yield outline.text(line(Span("   none: nothing is open", "muted")), cells, setting)
    for row in page.open:
        yield Row(queue.row(row, cells, setting, now), ("open", row.number), row.number, str(row.number))


def _ended(page: CustomerPage, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    if not page.ended:
        yield outline.text(line(Span("   none yet", "muted")), cells, setting)
    for row, at in page.ended:
        yield Row(_end(row, at, cells, setting, now), ("ended", row.number), row.number, str(row.number))


def _end(row: TicketLine, at: datetime, cells: int, setting: Setting, now: datetime) -> Line:
    when, cut = clock_text(at, setting.zone, now), setting.glyphs.ellipsis
    spans = (
        Span(f"  {min(row.severity, 9)}", severity_role(row.severity)),
        Span(f" {fit(when, AT, align='right')} ", "muted"),
        Span(f"{fit(str(row.number), setting.number_width + 1, align='right')} "),
        Span(fit(clean_line(row.status), 9), "muted"),
    )
    owner = fit(clean_line(row.owner) or setting.glyphs.nobody, 7, ellipsis=cut)
    return spread((*spans, Span(clean_line(row.subject))), (Span(owner, "muted"),), cells, cut)


def _products(page: CustomerPage, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    if not page.products:
        yield outline.text(line(Span("   no ticket names one", "muted")), cells, setting)
    for product, release, count, at in page.products:
        name = fit(clean_line(f"{product} {release}".rstrip()), 28, ellipsis=setting.glyphs.ellipsis)
        tickets = f"{count:>4} ticket{'' if count == 1 else 's'}"
        last = f"  last {age(max(0, seconds_between(at, now)))}"
        yield outline.text(line(f"   {name} {tickets:<13}", Span(last, "muted")), cells, setting)
