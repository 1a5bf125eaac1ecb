"""The page of renewals in rows: what ends soon and may be renewed, what is too late, what lapsed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from supporttui.policy.currencies import money
from supporttui.terminal.safe import clean_line, fit, width

from . import outline
from .outline import Row
from .setting import Setting
from .spans import EMPTY, Line, Span, fit_line, line
from .wrap import wrap

if TYPE_CHECKING:
    from supporttui.desk.quoting import Kind
    from supporttui.desk.renewals import Board, Renewal

READABLE = 96  # cells of running text
WIDE = 104  # cells from which on products have a column
TO_MOST = 28  # cells of a name
SECTIONS = (
    ("last-call", "Last call", "the two weeks before the end have begun"),
    ("open", "May be renewed", "until the last day"),
    ("closed", "Too late to renew", "not expired yet"),
    ("early", "Not to be renewed yet", ""),
    ("lapsed", "Lapsed", "the last days"),
)
ROLES = {"last-call": "warning", "open": "good", "closed": "error", "early": "muted", "lapsed": "muted"}
KINDS = {
    "title": "bold",
    "good": "good",
    "warning": "warning",
    "price": "bold",
    "fact": "",
    "detail": "muted",
}


class Widths(NamedTuple):
    """Cells of the columns: as wide as what stands in them on this page."""

    number: int
    customer: int
    prices: tuple[int, ...]
    products: int


def rows(found: Board, folded: Collection[str], cells: int, setting: Setting) -> list[Row]:
    """The page in rows of `cells` cells."""
    if found.trouble or not found.rows:
        return [Row(one) for one in _nothing(found, cells, setting)]
    wide = _widths(found, cells)
    out = [Row(_titles(found, wide, cells, setting))]
    for name, title, note in SECTIONS:
        mine = [row for row in found.rows if row.state == name]
        if not mine:
            continue
        note = note.replace("the last days", f"in the last {found.ahead} days")
        said = f"{len(mine)}, {note}" if note else str(len(mine))
        out.append(outline.heading(name, title, said, cells, setting, folded=name in folded))
        if name not in folded:
            out += [_row(row, found.day, wide, cells, setting) for row in mine]
    if found.more:
        more = f"   {found.more} more end later; supporttui renewals lists them all"
        out.append(outline.text(line(Span(more, "muted")), cells, setting))
    return out


def _nothing(found: Board, cells: int, setting: Setting) -> Sequence[Line]:
    """Why there is nothing, and how something gets here."""
    room = max(1, min(cells, READABLE) - 2)
    if found.trouble:
        said = [
            (found.trouble, "warning"),
            (
                "X NET's policy has one (policy show xnet); `supporttui policy check` tells how it is read.",
                "muted",
            ),
        ]
    else:
        said = [
            (
                f"No package ends in the next {found.ahead} days, and none lapsed in the last {found.ahead}.",
                "",
            ),
            (
                "A package is a contract of a customer with its first and last day; the licences that name it give its "
                "price. Enter both on the customer's page (C), or import them: supporttui contract import, supporttui "
                "licence import.",
                "muted",
            ),
        ]
    shown: list[Line] = [EMPTY]
    for text, role in said:
        shown += [line(" ", Span(part, role)) for part in wrap(clean_line(text), room)]
        shown.append(EMPTY)
    return [fit_line(one, cells, setting.glyphs.ellipsis) for one in shown]


def _widths(found: Board, cells: int) -> Widths:
    number = max(max(width(clean_line(row.called)) for row in found.rows), len("contract"))
    customer = max(max(width(clean_line(row.customer_name)) for row in found.rows), len("customer"))
    prices = tuple(
        max(width(plan.name), *(width(_price(row, at)) for row in found.rows))
        for at, plan in enumerate(found.plans)
    )
    least = 26 + sum(prices) + 2 * len(prices)
    number = min(number, max(8, cells // 8))
    customer = max(8, min(customer, TO_MOST, cells - least - number))
    products = cells - least - number - customer - 2 if cells >= WIDE else 0
    return Widths(number, customer, prices, min(products, TO_MOST))


def _titles(found: Board, wide: Widths, cells: int, setting: Setting) -> Line:
    spans = (
        f"    {'last day':10}  {'ends':>8}  {fit('contract', wide.number)}  {fit('customer', wide.customer)}"
    )
    if wide.products:
        spans += f"  {fit('products', wide.products)}"
    for plan, room in zip(found.plans, wide.prices, strict=True):
        spans += f"  {fit(clean_line(plan.name), room, align='right')}"
    return fit_line(line(Span(spans, "muted")), cells, setting.glyphs.ellipsis)


def _row(row: Renewal, day: date, wide: Widths, cells: int, setting: Setting) -> Row:
    """Mark, last day, how far away, number, customer, products and what each plan costs."""
    glyphs, role = setting.glyphs, ROLES[row.state]
    ends = fit(_away(row, day), 8, align="right")
    spans = [
        Span(f" {_mark(row, setting)} ", role), Span(f"{row.last}  "), Span(ends, role if row.state != "open" else ""),
        Span(f"  {fit(clean_line(row.called), wide.number, ellipsis=glyphs.ellipsis)}"),
        Span(f"  {fit(clean_line(row.customer_name), wide.customer, ellipsis=glyphs.ellipsis)}", "bold"),
    ]  # fmt: skip
    if wide.products:
        names = clean_line(", ".join(dict.fromkeys(row.products)))
        spans.append(Span(f"  {fit(names, wide.products, ellipsis=glyphs.ellipsis)}"))
    for at, room in enumerate(wide.prices):
        spans.append(Span(f"  {fit(_price(row, at), room, align='right')}"))
    if row.trouble:
        spans.append(Span(f"  {clean_line(row.trouble)}", "warning"))
    return Row(
        fit_line(spans, cells, glyphs.ellipsis), ("contract", row.contract), copies=clean_line(row.called)
    )


def _mark(row: Renewal, setting: Setting) -> str:
    glyphs = setting.glyphs
    marks = {
        "last-call": glyphs.soon,
        "open": f" {glyphs.dot}",
        "closed": glyphs.overdue,
        "lapsed": f" {glyphs.nobody}",
    }
    return marks.get(row.state, "  ")


def _away(row: Renewal, day: date) -> str:
    days = (row.last - day).days
    if not days:
        return "today"
    return f"in {days} d" if days > 0 else f"{-days} d ago"


def _price(row: Renewal, at: int) -> str:
    price: Decimal | None = row.prices[at]
    if price is None:
        return "?"
    return money(price, clean_line(row.currency)) + ("" if row.final else " +")


def quote_lines(said: Sequence[tuple[Kind, str]], cells: int) -> list[Line]:
    """An offer as lines of at most `cells` cells."""
    out: list[Line] = [EMPTY]
    for kind, text in said:
        indent = "   " if text.startswith(" ") else " "
        if kind == "price":
            out.append(EMPTY)
        words = wrap(clean_line(text.strip()), max(1, min(cells, READABLE) - len(indent)))
        out += [line(indent, Span(part, KINDS[kind])) for part in words]
    return out
