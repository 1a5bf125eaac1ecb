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
from .verdict import dated
from .wrap import wrap

if TYPE_CHECKING:
    from supporttui.desk.quoting import Kind
    from supporttui.desk.renewals import Board, Renewal

READABLE = 96  # cells of running text
NARROW = 72  # cells below which the last day is told by how far away it is alone
WIDE = 104  # cells from which on products have a column
TO_MOST = 28  # cells of a name
SECTIONS = (
    ("last-call", "Last call"),
    ("open", "May be renewed"),
    ("closed", "Too late to renew"),
    ("early", "Not to be renewed yet"),
    ("lapsed", "Lapsed"),
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
    for name, title in SECTIONS:
        mine = [row for row in found.rows if row.state == name]
        if not mine:
            continue
        said = f"{len(mine)}, {_until(name, mine[0], found)}"
        out.append(outline.heading(name, title, said, cells, setting, folded=name in folded))
        if name not in folded:
            for row in mine:
                out.append(_row(row, found.day, wide, cells, setting))
                out += _why(row, cells, setting)
    if found.more:
        more = f"   {found.more} more end later; supporttui renewals lists them all"
        out.append(outline.text(line(Span(more, "muted")), cells, setting))
    return out


def first(found: Board) -> tuple[str, int] | None:
    """The key of the first package on the page."""
    order = [name for name, _ in SECTIONS]
    top = min(found.rows, key=lambda row: order.index(row.state), default=None)
    return None if top is None else ("contract", top.contract)


def _until(name: str, row: Renewal, found: Board) -> str:
    """What the dates of a section's packages mean; all of them have the same distances."""
    opens, closes = (row.last - row.opens).days, (row.last - row.closes).days
    until = f"until {closes} days before it" if closes else "until it"
    return {
        "last-call": "their last day is near; may be renewed until it",
        "open": f"from {opens} days before the last day {until}",
        "closed": f"could be renewed {until.replace('it', 'the last day')}",
        "early": f"from {opens} days before the last day",
    }.get(name, f"in the last {found.ahead} days")


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
    least = (
        (33 if cells >= NARROW else 21) + sum(prices) + 2 * len(prices)
    )  # mark, days, currency and the gaps between
    number = min(number, max(8, cells // 8))
    customer = max(8, min(customer, TO_MOST, cells - least - number))
    products = cells - least - number - customer - 2 if cells >= WIDE else 0
    return Widths(number, customer, prices, min(products, TO_MOST))


def _titles(found: Board, wide: Widths, cells: int, setting: Setting) -> Line:
    dated = f"{'last day':10}  " if cells >= NARROW else ""
    spans = f"    {dated}{'ends':>8}  {fit('contract', wide.number)}  {fit('customer', wide.customer)}"
    if wide.products:
        spans += f"  {fit('products', wide.products)}"
    spans += f"  {'':3}"
    for plan, room in zip(found.plans, wide.prices, strict=True):
        spans += f"  {fit(clean_line(plan.name), room, align='right')}"
    return fit_line(line(Span(spans, "muted")), cells, setting.glyphs.ellipsis)


def _row(row: Renewal, day: date, wide: Widths, cells: int, setting: Setting) -> Row:
    """Mark, last day, how far away, number, customer, products and what each plan costs."""
    glyphs, role = setting.glyphs, ROLES[row.state]
    ends = fit(_away(row, day), 8, align="right")
    spans = [
        Span(f" {_mark(row, setting)} ", role), Span(f"{row.last}  " if cells >= NARROW else ""), Span(ends, role if row.state != "open" else ""),
        Span(f"  {fit(clean_line(row.called), wide.number, ellipsis=glyphs.ellipsis)}"),
        Span(f"  {fit(clean_line(row.customer_name), wide.customer, ellipsis=glyphs.ellipsis)}", "bold"),
    ]  # fmt: skip
    if wide.products:
        names = clean_line(", ".join(dict.fromkeys(row.products)))
        spans.append(Span(f"  {fit(names, wide.products, ellipsis=glyphs.ellipsis)}"))
    spans.append(Span(f"  {fit(clean_line(row.currency), 3)}", "muted"))
    for at, room in enumerate(wide.prices):
        spans.append(Span(f"  {fit(_price(row, at), room, align='right')}"))
    return Row(
        fit_line(spans, cells, glyphs.ellipsis),
        ("contract", row.contract),
        copies=clean_line(row.called),
        record=("contract", row.contract),
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
    """The amount alone, since the currency stands before the prices; "?" where it isn't known."""
    price: Decimal | None = row.prices[at]
    return "?" if price is None else money(price, clean_line(row.currency)).split(" ")[-1]


def _why(row: Renewal, cells: int, setting: Setting) -> list[Row]:
    """Below a package: why its price isn't known, or isn't the last word."""
    if not row.trouble:
        return []
    known = any(price is not None for price in row.prices)
    words = f"{row.trouble}: {'not final, ask sales' if known else 'no price'}"
    parts = wrap(clean_line(words), max(1, cells - 6))
    return [outline.text(line(" " * 5, Span(part, "warning")), cells, setting) for part in parts]


def quote_lines(said: Sequence[tuple[Kind, str]], cells: int) -> list[Line]:
    """An offer as lines of at most `cells` cells."""
    out: list[Line] = [EMPTY]
    before = ""
    for kind, text in said:
        indent = "   " if text.startswith(" ") else " "
        if kind == "price" or (kind == "fact" and before in ("detail", "warning")):
            out.append(EMPTY)
        before = kind
        words = wrap(dated(clean_line(text.strip())), max(1, min(cells, READABLE) - len(indent)))
        out += [line(indent, Span(part, KINDS[kind])) for part in words]
    return out
