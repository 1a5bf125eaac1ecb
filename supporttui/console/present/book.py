"""Records of the book as rows of a page: one line each, columns where there is room for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from supporttui.desk.book.values import amount
from supporttui.desk.dossier import Deed, Dossier
from supporttui.errors import UsageError
from supporttui.store.book_records import Contract, Host, Licence, Quotation
from supporttui.terminal.safe import clean_line, fit, width
from supporttui.when import local_text, zone_of

from . import outline
from .outline import Row
from .setting import Setting, clock_text
from .spans import Line, Span, fit_line, line, line_width, spread

WIDE = 76  # cells from which a row has all its columns
READABLE = 96  # cells of a row whose end belongs to its beginning
SOON = 90  # days before its last day from which a package is marked
DONE = {"added": "added", "changed": "changed", "removed": "removed", "restored": "brought back"}

Maker = Callable[[Dossier, int, Setting, datetime], Iterator[Row]]


def record_row(
    spans: Sequence[Span], kind: str, id: int, cells: int, setting: Setting, copies: str = ""
) -> Row:
    """A row that one can stand on, which tells of a record."""
    shown = fit_line(spans, cells, setting.glyphs.ellipsis)
    return Row(shown, ("book", kind, id), copies=copies, record=(kind, id))


def cell(text: object, cells: int, setting: Setting, *, align: str = "left") -> str:
    """A value in so many cells and a blank behind it."""
    cut = setting.glyphs.ellipsis
    shown = clean_line(str(text))
    return f"{fit(shown, cells, ellipsis=cut, align='right' if align == 'right' else 'left')} "


def money(value: Any, currency: str) -> str:
    """ "USD 1,450.00", "" for nothing."""
    return f"{currency} {amount(value)}".strip() if value is not None else ""


def grouped(records: Sequence[Any], by: str) -> dict[int, list[Any]]:
    """Records by the id that one of their fields holds."""
    found: dict[int, list[Any]] = {}
    for one in records:
        found.setdefault(getattr(one, by), []).append(one)
    return found


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"


# -- a customer's ----------------------------------------------------------------------------------


def sites(book: Dossier, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    for one in book.of("site"):
        spans = (
            Span(f"   {cell(one.code, 8, setting)}"),
            Span(cell(one.name, 22 if cells >= WIDE else 14, setting)),
            Span(_there(one.zone, now), "muted"),
            Span(f"  {clean_line(one.phone)}" if one.phone else ""),
            Span(f"  {clean_line(one.address)}" if one.address else "", "muted"),
        )
        yield record_row(spans, "site", one.id, cells, setting, one.phone or one.code)


def _there(zone: str, now: datetime) -> str:
    if not zone:
        return ""
    try:
        return f"{local_text(now, zone_of(zone)).rpartition(' ')[0][-5:]} there, {clean_line(zone)}"
    except UsageError:
        return f"{clean_line(zone)} (no such zone)"


def licences(book: Dossier, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    if book.of("licence"):
        yield outline.text(_licence_head(cells), cells, setting)
    for one in book.of("licence"):
        yield record_row(_licence(one, book, cells, setting), "licence", one.id, cells, setting, one.number)


def _licence_head(cells: int) -> Line:
    users = f"{'users':>7} " if cells >= WIDE else ""
    shipped = f"{'shipped':<10} " if cells >= WIDE else ""
    words = f"   {'number':<8} {'product':<16} {'bought':<10} {shipped}{users}{'price or charge':>17}"
    return line(Span(words, "muted"))


def _licence(one: Licence, book: Dossier, cells: int, setting: Setting) -> Line:
    wide = cells >= WIDE
    product = f"{book.name('product', one.product)} {one.edition}".rstrip()
    users = f"{one.users or ''}{f'+{one.users_added}' if one.users_added else ''}"
    charge = money(one.monthly_charge, one.currency)
    price = f"{charge}/month" if charge else money(one.price, one.currency)
    over = one.ended_on is not None and one.ended_on < book.today
    paid = one.charge_paid_to is not None and one.charge_paid_to < book.today
    state = f"ended {one.ended_on}" if over else f"paid to {one.charge_paid_to}" if paid else ""
    return line(
        Span(f"   {cell(one.number or f'#{one.id}', 8, setting)}"),
        Span(cell(product, 16, setting), "muted" if over else ""),
        Span(cell(one.purchased_on or "not known", 10, setting), "muted" if one.purchased_on is None else ""),
        Span(cell(one.shipped_on or "", 10, setting) if wide else ""),
        Span(cell(users, 7, setting, align="right") if wide else ""),
        Span(cell(price, 17, setting, align="right")),
        Span(f" {state}" if state else "", "warning"),
    )


def contracts(book: Dossier, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    latest = chains(book)
    for one in book.of("contract"):
        words, role = contract_state(one, book.today, latest)
        period = f"{one.start_on or 'not known'} to {one.end_on or 'not known'}"
        left = (
            Span(f"   {cell(one.number or f'#{one.id}', 9, setting)}"),
            Span(cell(one.plan, 8, setting)),
            Span(f"{cell(period, 24, setting).rstrip()}"),
        )
        room = min(cells, READABLE)
        paid = f" {clean_line(money(one.price, one.currency)):>13}" if one.price is not None else ""
        fits = line_width(left) + width(paid) + width(words) + 2 <= room  # a price is never cut
        shown = spread(
            (*left, Span(paid if fits else "")), (Span(f"{words} ", role),), room, setting.glyphs.ellipsis
        )
        yield record_row(shown, "contract", one.id, cells, setting, one.number)


def chains(book: Dossier) -> dict[int, date]:
    """Of each chain of renewals the first day of its latest period."""
    latest: dict[int, date] = {}
    for one in book.of("contract"):
        if one.start_on is not None:
            chain = one.package or one.id
            latest[chain] = max(one.start_on, latest.get(chain, one.start_on))
    return latest


def contract_state(one: Contract, today: date, latest: Mapping[int, date]) -> tuple[str, str]:
    """How a period stands today, and its role: running, ends in N days, renewed, lapsed.  latest: see `chains`."""
    last = _last(one)
    if one.start_on is not None and today < one.start_on:
        return f"begins in {days((one.start_on - today).days)}", ""
    if one.start_on is None or last is None:  # the verdict asks for both
        lacking = " and ".join(name for name, day in (("first", one.start_on), ("last", last)) if day is None)
        return f"{lacking} day not on file", "warning"
    left = (last - today).days
    follower = latest.get(one.package or one.id)
    renewed = follower is not None and one.end_on is not None and follower > one.end_on
    if left < 0:
        return ("over, renewed", "muted") if renewed else (f"lapsed {days(-left)} ago", "overdue")
    said = "ends today" if left == 0 else f"ends in {days(left)}"
    if renewed:
        return f"{said}, renewed", "good"
    return said, "warning" if left <= SOON else ""


def _last(one: Contract) -> date | None:
    """The last day on which it holds."""
    ends = [day for day in (one.end_on, one.ended_on) if day is not None]
    return min(ends, default=None)


def hosts(book: Dossier, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    """Each host with what runs on it below it."""
    installed = grouped(book.of("installation"), "host")
    for host in book.of("host"):
        yield record_row(_host(host, book, setting), "host", host.id, cells, setting, host.name)
        on_it = installed.get(host.id, ())
        for one in on_it:
            gone = one.removed_on is not None and one.removed_on < book.today
            release = (
                book.name("release", one.release) or f"{book.name('product', one.product)}, release not known"
            )
            facts = ["TCP/IP" if one.tcp_ip else "", f"since {one.installed_on}" if one.installed_on else ""]
            facts.append(f"removed {one.removed_on}" if one.removed_on else "")
            spans = (
                Span(f"     {cell(release, 24, setting)}", "muted" if gone else ""),
                Span(f" {', '.join(filter(None, facts))}", "muted"),
            )
            yield record_row(spans, "installation", one.id, cells, setting)
        if not on_it:
            yield outline.text(
                line(Span("     nothing is noted as installed; a here adds it", "muted")), cells, setting
            )


def _host(one: Host, book: Dossier, setting: Setting) -> Line:
    system = f"{one.os} {one.os_release}".strip()
    site = book.name("site", one.site)
    return line(
        Span(f"   {cell(one.name, 16, setting)}", "bold"),
        Span(clean_line(system) or "system not known", "" if system else "muted"),
        Span(f"  site {clean_line(site)}" if site else "", "muted"),
    )


def modifications(book: Dossier, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    for one in book.of("modification"):
        where = " on ".join(filter(None, (book.name("product", one.product), book.name("host", one.host))))
        by = (
            f"authorised{f' by {one.authorised_by}' if one.authorised_by else ''}"
            if one.authorised
            else "not authorised"
        )
        over = f", until {one.ended_on}" if one.ended_on else ""
        left = (
            Span(f"   {cell(one.noted_on or 'not known', 10, setting)}", "muted"),
            Span(clean_line(one.what)),
            Span(f"  {clean_line(where)}" if where else "", "muted"),
        )
        right = (Span(f"{clean_line(by)}{over} ", "muted" if one.authorised or one.ended_on else "warning"),)
        yield record_row(
            spread(left, right, min(cells, READABLE), setting.glyphs.ellipsis),
            "modification",
            one.id,
            cells,
            setting,
        )


def quotations(book: Dossier, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    for one in book.of("quotation"):
        words, role = _free(one, book.today)
        left = (
            Span(f"   {cell(one.number, 9, setting)}"),
            Span(cell(book.name("product", one.product) or "every product", 14, setting)),
            Span(clean_line(one.grants), "muted"),
        )
        shown = spread(left, (Span(f"{words} ", role),), min(cells, READABLE), setting.glyphs.ellipsis)
        yield record_row(shown, "quotation", one.id, cells, setting, one.number)


def _free(one: Quotation, today: date) -> tuple[str, str]:
    """Whether support is free by it today, as the verdict reads it."""
    if one.support_from is not None and today < one.support_from:
        return f"free from {one.support_from}", "muted"
    if one.support_to is None:
        free = one.support_from is not None or one.grants.strip()
        return ("free, no end known", "good") if free else ("grants no free support", "muted")
    left = (one.support_to - today).days
    return (
        (f"free, {days(left + 1)} left", "good") if left >= 0 else (f"free until {one.support_to}", "muted")
    )


SECTIONS: Mapping[str, tuple[str, str, Maker]] = {
    "licence": ("Licences", "licence", licences),
    "contract": ("Contracts", "contract", contracts),
    "host": ("Hosts and what runs there", "host", hosts),
    "modification": ("Modifications", "modification", modifications),
    "quotation": ("Quotations", "quotation", quotations),
    "site": ("Sites", "site", sites),
}


# -- what happened ---------------------------------------------------------------------------------


def history(book: Dossier, cells: int, setting: Setting, now: datetime) -> Iterator[Row]:
    """Who changed what, and when; each row leads to the record."""
    for deed in book.history:
        event = deed.event
        shown = fit_line(deed_line(deed, setting, now), cells, setting.glyphs.ellipsis)
        there = book.record(event.kind, event.record) is not None
        yield Row(shown, ("event", event.id), record=(event.kind, event.record) if there else ("", 0))


def deed_line(deed: Deed, setting: Setting, now: datetime) -> Line:
    """ "20 Nov 14:46  raj  changed licence L-5001 of Acme Corp: Price 100 → 120"."""
    event, to = deed.event, setting.glyphs.to
    changes = ", ".join(
        f"{title} {clean_line(old) or 'nothing'} {to} {clean_line(new) or 'nothing'}"
        for title, old, new in (deed.changes if event.what == "changed" else ())
    )
    gone = "muted" if deed.undone else ""
    return line(
        Span(f"   {cell(clock_text(event.at, setting.zone, now), 12, setting, align='right')} ", "muted"),
        Span(cell(event.actor, 7, setting)),
        Span(f"{'took back: ' if event.undoes else ''}{DONE.get(event.what, event.what)} "),
        Span(clean_line(event.text) or f"{event.kind} #{event.record}", gone),
        Span(f": {changes}" if changes else "", "muted"),
        Span("  (taken back)" if deed.undone else "", "muted"),
    )
