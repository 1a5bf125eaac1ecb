"""`billing`: what a month's work comes to; a month is frozen once, and its bill never changes again."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from supporttui.errors import UsageError

from .output import Column
from .parser import Parser, Verb, text, ticket, whole

if TYPE_CHECKING:
    from supporttui.desk.bill import Bill, Line, Sums

    from .session import Session

ACTIONS = ("show", "freeze", "credit")
BY = ("customer", "ticket", "actor")
COLUMNS = (
    Column("line", right=True),
    Column("day"),
    Column("ticket", right=True),
    Column("customer"),
    Column("who"),
    Column("worked", right=True),
    Column("billed", right=True),
    Column("amount", right=True),
    Column("what", flexible=True),
)
CSV = (
    "month", "line", "kind", "day", "ticket", "customer", "actor", "worked_minutes", "billed_minutes",
    "after_hours_minutes", "billable", "verdict", "clause", "reason", "what", "rate", "hourly", "amount", "currency",
    "text", "receipt", "late_from", "note",
)  # fmt: skip


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="show",
        metavar="ACTION",
        help="show; freeze a month for good; credit: take a line of a frozen month back on the next bill",
    )
    parser.add_argument(
        "--month", type=text, default="", metavar="MONTH", help="2026-11, this or last; in the vendor's zone"
    )
    parser.add_argument(
        "--customer", type=text, default="", metavar="NAME", help="only this customer's lines; name or key"
    )
    parser.add_argument("--ticket", type=ticket, default=0, metavar="NUMBER", help="only this ticket's lines")
    parser.add_argument("--by", choices=BY, help="sums for each customer, ticket or actor instead of lines")
    parser.add_argument("--csv", action="store_true", help="print the lines as CSV, for spreadsheets")
    parser.add_argument("--line", type=whole(1, 10**9), metavar="N", help="with credit: which line")
    parser.add_argument("--reason", type=text, default="", metavar="TEXT", help="with credit: why")


def _run(session: Session) -> None:
    from supporttui.desk import billing

    args = session.args
    if args.csv and (session.form != "text" or args.by):
        raise UsageError("--csv prints the lines: leave out --json, --tsv and --by")
    if args.action != "credit" and (args.line is not None or args.reason):
        raise UsageError("--line and --reason go with billing credit")
    if args.action != "show" and not args.month:
        raise UsageError(f"say which month: billing {args.action} --month 2026-11")
    if args.action == "freeze" and (args.customer or args.ticket):
        raise UsageError("a month is frozen as a whole: leave out --customer and --ticket")
    session.open_existing()
    month = billing.read_month(args.month, session.now, session.desk.policy.zone)
    if args.action == "credit":
        _credit(session, month)
        return
    if args.action == "freeze":
        _print(session, billing.freeze(session.desk, month))
        return
    _print(session, billing.bill(session.desk, month, customer=_customer(session), ticket=args.ticket))


def _customer(session: Session) -> str:
    """The name of the customer that was meant; a ticket's customer needn't be in the book."""
    from supporttui.desk.book.references import find
    from supporttui.errors import NotFound

    given: str = session.args.customer
    if not given.strip():
        return ""
    try:
        return str(find(session.desk, "customer", given).name)
    except NotFound:
        return given


def _credit(session: Session, month: str) -> None:
    from supporttui.desk import billing

    if session.args.line is None:
        raise UsageError("say which line: billing credit --month 2026-11 --line 3 --reason TEXT")
    line = billing.credit(session.desk, month, session.args.line, session.args.reason)
    now = billing.read_month("this", session.now, session.desk.policy.zone)
    if session.form == "json":
        session.out.json({"month": month, "line": _line_json(line), "billed_with": now})
        return
    amount = _money(line.amount, line.currency) or f"{_hours(line.billed)} without a price"
    session.out.line(f"line {line.number} of {month} ({amount}) is taken back on the bill of {now}")


def _print(session: Session, bill: Bill) -> None:
    if session.args.csv:
        _print_csv(session.world.stdout, bill)  # type: ignore[arg-type]
    elif session.form == "json":
        session.out.json(_bill_json(bill))
    elif session.form == "tsv":
        session.out.tsv(CSV, (_fields(bill, line) for line in bill.lines))
    else:
        _print_text(session, bill)
    if not bill.intact:
        session.hint(f"the kept lines of {bill.month} are not those that its digest was made of")


# -- text -----------------------------------------------------------------------------------------


def _print_text(session: Session, bill: Bill) -> None:
    out = session.out
    state = "open"
    if bill.frozen_at is not None:
        state = f"frozen by {bill.frozen_by} on {session.local(bill.frozen_at)}, digest {bill.digest[:12]}"
    out.line(f"{bill.month} in {bill.zone}, policy {bill.policy}: {state}")
    if bill.lines:
        out.line()
        _print_lines(session, bill) if not session.args.by else _print_groups(session, bill)
        out.line()
        out.pairs(_totals(bill.sums))
    else:
        out.line("nothing was worked or spent")
    for note in _notes(bill):
        out.line(note)


def _print_lines(session: Session, bill: Bill) -> None:
    rows = [
        (
            str(one.number), f"{one.day:%m-%d}" if not one.late else f"{one.day}", str(one.ticket),
            one.customer or "–", one.actor or "–", _hours(one.worked), _hours(one.billed),
            _money(one.amount, one.currency), _what(one),
        )
        for one in bill.lines
    ]  # fmt: skip
    session.out.table(COLUMNS, rows)


def _print_groups(session: Session, bill: Bill) -> None:
    titles = (session.args.by, "worked", "billable", "billed", "amount")
    columns = [Column(titles[0]), *(Column(title, right=True) for title in titles[1:])]
    rows = [
        (
            str(name) or "–", _hours(sums.worked), _hours(sums.billable), _hours(sums.billed), _monies(sums.money),
        )
        for name, sums in _groups(bill, session.args.by)
    ]  # fmt: skip
    session.out.table(columns, rows)


def _groups(bill: Bill, by: str) -> list[tuple[Any, Sums]]:
    from supporttui.desk.bill import sums_by

    return sums_by(bill.lines, lambda line: getattr(line, by))


def _what(line: Line) -> str:
    """What a line is for: rate or kind, why it is charged or not, what was done."""
    if line.kind == "expense":
        head = f"expense, {line.what}"
    elif line.kind == "credit":
        head = line.text
    elif line.billable:
        head = line.rate or "billable"
    else:
        head = "not billable"
    from supporttui.desk.worked import short

    why = line.reason or ", ".join(part for part in (line.verdict, short(line.clause)) if part)
    note = line.note if line.kind == "expense" else ""  # of time it is told once, below
    parts = (f"{head}: {why}" if why else head, note, "" if line.kind == "credit" else line.text)
    return "; ".join(part for part in parts if part)


def _totals(sums: Sums) -> list[tuple[str, str]]:
    split = f"{_hours(sums.billable)} billable, {_hours(sums.not_billable)} not"
    unclear = f", {_hours(sums.unclear)} without a clear verdict" if sums.unclear else ""
    after = f", {_hours(sums.after_hours)} of it after hours" if sums.after_hours else ""
    return [
        ("worked", f"{_hours(sums.worked)} ({split}{unclear})"),
        ("billed", f"{_hours(sums.billed)}{after}"),
        ("without price", _hours(sums.unpriced) if sums.unpriced else ""),
        ("expenses", _monies(sums.expenses)),
        ("credits", _monies(sums.credits)),
        ("total", _monies(sums.money) or "no money"),
    ]


def _notes(bill: Bill) -> list[str]:
    notes = sorted({line.note for line in bill.lines if line.note and line.kind == "time"})
    said = [f"hours without money: {note}" for note in notes]
    if bill.later:
        entries = "1 entry" if bill.later == 1 else f"{bill.later} entries"
        said.append(f"{entries} for {bill.month} came after it was frozen: billed with {bill.goes_to}")
    return said


def _hours(minutes: int) -> str:
    """ "1:15"; "" for nothing."""
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02}" if minutes else "0:00"


def _money(amount: Decimal | None, currency: str) -> str:
    from supporttui.policy.currencies import money

    return "" if amount is None else money(amount, currency)


def _monies(sums: Mapping[str, Decimal]) -> str:
    return ", ".join(_money(amount, currency) for currency, amount in sums.items())


# -- JSON and CSV ---------------------------------------------------------------------------------


def _bill_json(bill: Bill) -> dict[str, Any]:
    return {
        "month": bill.month,
        "zone": bill.zone,
        "policy": bill.policy,
        "frozen_at": bill.frozen_at,
        "frozen_by": bill.frozen_by,
        "digest": bill.digest,
        "intact": bill.intact,
        "later_entries": bill.later,
        "billed_with": bill.goes_to,
        "lines": [_line_json(line) for line in bill.lines],
        "totals": _sums_json(bill.sums),
        **{f"by_{by}": [{by: name, **_sums_json(sums)} for name, sums in _groups(bill, by)] for by in BY},
    }


def _line_json(line: Line) -> dict[str, Any]:
    from supporttui.desk.bill import as_json

    return {name: value for name, value in as_json(line).items() if name != "rows"}


def _sums_json(sums: Sums) -> dict[str, Any]:
    names = ("worked", "billable", "not_billable", "unclear", "billed", "after_hours", "unpriced")
    found: dict[str, Any] = {name: getattr(sums, name) for name in names}
    for name in ("money", "expenses", "credits"):
        found[name] = {currency: f"{amount:f}" for currency, amount in getattr(sums, name).items()}
    return found


def _print_csv(stream: TextIO, bill: Bill) -> None:
    from supporttui.desk.export import inert
    from supporttui.terminal.stream import InertWriter

    writer = csv.writer(InertWriter(stream), lineterminator="\r\n")
    writer.writerow(CSV)
    for line in bill.lines:
        writer.writerow([_cell(inert, value) for value in _fields(bill, line)])


def _cell(inert: Any, value: Any) -> str:
    """Text made inert for a spreadsheet; numbers as they are, so that a credit stays one."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return "" if value is None else str(inert(str(value)))


def _fields(bill: Bill, line: Line) -> Sequence[Any]:
    return (
        bill.month, line.number, line.kind, line.day.isoformat(), line.ticket, line.customer, line.actor, line.worked,
        line.billed, line.after_hours, line.billable, line.verdict, line.clause, line.reason, line.what, line.rate,
        line.hourly, line.amount, line.currency, line.text, line.receipt, line.late, line.note,
    )  # fmt: skip


COMMANDS = {"billing": Verb(_configure, _run)}
