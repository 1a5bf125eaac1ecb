"""`renewals`, and what it is about: a contract's quote and its renewal."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from .output import Column, record
from .parser import Parser, Verb, text

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from supporttui.desk.contracts import Offer, Renewed
    from supporttui.desk.renewals import Renewal
    from supporttui.policy.packages import Plan, Quote

    from .session import Session

DAY = 86_400


# -- the list -------------------------------------------------------------------------------------


def days(word: str) -> int:
    """Whole days from "90", "90d" or "2w"."""
    from supporttui.when import parse_duration

    word = text(word)
    if word.isascii() and word.isdigit() and len(word) < 6:
        return int(word)
    try:
        seconds = int(parse_duration(word).total_seconds())
    except UsageError as error:
        raise ArgumentTypeError(str(error)) from None
    if seconds % DAY:
        raise ArgumentTypeError(f"{word!r} is not in whole days")
    return seconds // DAY


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "--within", type=days, metavar="TIME",
        help="packages that end in this time, such as 30d (the policy's renewal_days)",
    )  # fmt: skip
    parser.add_argument(
        "--lapsed", type=days, default=0, metavar="TIME", help="and those that lapsed in this time"
    )
    parser.add_argument("--all", action="store_true", help="every period, renewed and ended ones too")


def _run(session: Session) -> None:
    from supporttui.desk import renewals

    args, desk = session.args, session.desk
    if args.all and (args.within is not None or args.lapsed):
        raise UsageError("--all lists every period; leave --within and --lapsed out")
    session.open_existing()
    found = renewals.renewals(desk, within=args.within, lapsed=args.lapsed, everything=args.all)
    sold = renewals.plans(desk)
    out = session.out
    if out.form == "json":
        out.json_list(_as_json(row, sold) for row in found)
    elif out.form == "tsv":
        out.tsv(
            ["contract", "number", "customer", "products", "plan", "first", "last", "state", "opens", "closes", "currency",
             *(plan.name for plan in sold), "trouble"],
            ([row.contract, row.number, row.customer_name, ", ".join(row.products), row.plan, row.first, row.last,
              row.state, row.opens, row.closes, row.currency, *row.prices, row.trouble] for row in found),
        )  # fmt: skip
    elif found:
        out.table(_columns(sold), [_cells(row) for row in found], [row.state == "last-call" for row in found])
    else:
        session.hint(
            "no contract with a last day is on file; contract list shows the others"
            if session.args.all
            else "no package ends in that time; renewals --all lists every period"
        )


def _as_json(row: Renewal, sold: tuple[Plan, ...]) -> dict[str, Any]:
    found = record(row, leave_out=frozenset({"prices"}))
    return found | {"prices": {plan.name: _text(price) for plan, price in zip(sold, row.prices, strict=True)}}


def _text(price: Decimal | None) -> str | None:
    return None if price is None else f"{price:f}"


def _columns(sold: tuple[Plan, ...]) -> list[Column]:
    prices = [Column(plan.name, right=True) for plan in sold]
    return [
        Column("last day"), Column("state"), Column("renew until"), Column("contract"),
        Column("customer", flexible=True), Column("products", flexible=True), *prices, Column("note"),
    ]  # fmt: skip


def _cells(row: Renewal) -> list[str]:
    from supporttui.desk.quoting import STATES
    from supporttui.policy.currencies import money

    until = f"from {row.opens}" if row.state == "early" else str(row.closes)
    shown = until if row.state in ("early", "open", "last-call") else ""
    prices = ["?" if price is None else money(price, row.currency) for price in row.prices]
    return [
        str(row.last), STATES[row.state], shown, row.called, row.customer_name, ", ".join(row.products), *prices,
        row.trouble,
    ]  # fmt: skip


# -- contract quote -------------------------------------------------------------------------------


def _day(word: str) -> str:
    return text(word)


def _ordered_on(session: Session) -> date | None:
    from supporttui.desk.book import today
    from supporttui.desk.book.values import day

    given = session.args.ordered
    return None if given is None else day(given, today=today(session.desk))


def _which(parser: Parser) -> None:
    parser.add_argument("contract", type=text, metavar="CONTRACT", help="its number, or #id")
    parser.add_argument("--ordered", type=_day, metavar="DAY", help="the day of the order (today)")


def configure_quote(parser: Parser) -> None:
    """The arguments of `contract quote`."""
    _which(parser)
    parser.add_argument("--plan", type=text, metavar="PLAN", help="this plan alone: its name, or its years")


def run_quote(session: Session) -> None:
    """Say when a contract may be renewed, and what each plan costs."""
    from supporttui.desk import contracts

    session.open_existing()
    desk, args = session.desk, session.args
    wanted = contracts.plan_of(desk, args.plan) if args.plan else None
    period = contracts.find_contract(desk, args.contract)
    found = contracts.offer(desk, period.id, ordered_on=_ordered_on(session))
    quotes = [one for one in found.quotes if wanted in (None, one.plan)]
    if session.form == "json":
        session.out.json(_offer_json(found, quotes))
    elif session.form == "tsv":
        session.out.tsv(
            ["contract", "plan", "first", "last", "currency", "base", "price", "final", "missing", "open"],
            ([found.called, one.plan.name, one.first, one.last, one.currency, one.base, one.price, one.final,
              "; ".join(one.missing), "; ".join(one.open)] for one in quotes),
        )  # fmt: skip
    else:
        from supporttui.desk.quoting import lines

        for _kind, line in lines(found, quotes, contracts.refusal(found, contracts.rules_of(desk))):
            session.out.line(line)


def _offer_json(found: Offer, quotes: list[Quote]) -> dict[str, Any]:
    window, after = found.window, found.renewed_by
    return {
        "contract": found.contract.id,
        "number": found.contract.number,
        "version": found.contract.version,
        "customer": found.customer.name,
        "plan": found.contract.plan,
        "first": found.contract.start_on,
        "last": found.contract.end_on,
        "state": found.state,
        "opens": window and window.opens,
        "closes": window and window.closes,
        "renewed_by": after and after.id,
        "trouble": found.trouble,
        "quotes": [quote_json(one) for one in quotes],
    }


def quote_json(one: Quote) -> dict[str, Any]:
    """A quote as JSON has it: amounts as decimal text, None where they aren't known."""
    lines = [
        record(item, leave_out=frozenset({"price"})) | {"price": _text(item.price), "share": _text(share)}
        for item, share in zip(one.items, one.shares, strict=True)
    ]
    return {
        "plan": one.plan.name, "years": one.plan.years, "percent": _text(one.plan.percent), "first": one.first,
        "last": one.last, "currency": one.currency, "base": _text(one.base), "price": _text(one.price),
        "final": one.final, "rule": one.rule, "missing": one.missing, "open": one.open, "lines": lines,
    }  # fmt: skip


# -- contract renew -------------------------------------------------------------------------------


def configure_renew(parser: Parser) -> None:
    """The arguments of `contract renew`."""
    _which(parser)
    parser.add_argument(
        "--plan", type=text, required=True, metavar="PLAN", help="the plan's name, or its years"
    )
    parser.add_argument("--price", type=text, metavar="AMOUNT", help="the price as agreed (the quote's)")
    parser.add_argument(
        "--number", type=text, default="", metavar="NUMBER", help="the new period's number (the old one's)"
    )
    parser.add_argument("--force", action="store_true", help="outside the window, where the policy allows it")
    parser.add_argument(
        "--reason", type=text, default="", metavar="TEXT", help="with --force: why; it is recorded"
    )


def run_renew(session: Session) -> None:
    """Write the next period of a contract."""
    from supporttui.desk import contracts

    args = session.args
    if args.force != bool(args.reason.strip()):
        raise UsageError(
            "--force and --reason TEXT go together: a renewal outside the window is recorded with its reason"
        )
    session.open_existing()
    desk = session.desk
    price, currency = _price(args.price)
    period = contracts.find_contract(desk, args.contract)
    done = contracts.renew(
        desk, period.id, args.plan, ordered_on=_ordered_on(session), price=price, currency=currency,
        number=args.number, reason=args.reason, seen=getattr(args, "seen", None),
    )  # fmt: skip
    _print_renewed(session, done)


def _price(given: str | None) -> tuple[Decimal | None, str]:
    """The amount that was agreed, and the currency written beside it."""
    from supporttui.desk.book.values import money

    return (None, "") if given is None else money(given)


def _print_renewed(session: Session, done: Renewed) -> None:
    from supporttui.policy.currencies import money

    made = done.contract
    if session.form == "json":
        session.out.json(record(made) | {"said": done.text, "open": done.open})
    elif session.form == "tsv":
        session.out.tsv(
            ["contract", "number", "plan", "first", "last", "price", "currency"],
            [[made.id, made.number, made.plan, made.start_on, made.end_on, made.price, made.currency]],
        )
    else:
        price = "price left open" if made.price is None else money(made.price, made.currency)
        session.out.line(f"{done.text}: {price} (#{made.id})")
    for line in done.open:
        session.hint(f"price left open: {line}")


COMMANDS = {"renewals": Verb(_configure, _run)}
