"""`known`: the known errors, which tickets are about them, which a ticket may be about, what is still owed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from . import book
from .output import Column, record
from .parser import Parser, Verb, text, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supporttui.desk.known_errors import Known
    from supporttui.desk.way_out import Owing

    from .session import Session

KIND = "known-error"


def _configure_list(parser: Parser) -> None:
    parser.description = "List known errors, the newest first."
    parser.add_argument(
        "words",
        nargs="*",
        type=text,
        metavar="WORD",
        help="all of them stand in title, symptom or workaround",
    )
    _of_product(parser)
    states = parser.add_argument(
        "--state", type=text, default="", metavar="STATE",
        help="only these: reported, confirmed, workaround, planned, fixed, or open for all but fixed",
    )  # fmt: skip
    states.words = ("reported", "confirmed", "workaround", "planned", "fixed", "open")  # type: ignore[attr-defined]
    parser.add_argument(
        "--release", type=text, default="", metavar="RELEASE", help="only those that this release shows"
    )


def _of_product(parser: Parser) -> None:
    parser.add_argument("--product", type=text, default="", metavar="PRODUCT", help="only of this product")


def _configure_add(parser: Parser) -> None:
    book.configure_add(KIND, parser)
    parser.add_argument(
        "--ticket", type=ticket, metavar="NUMBER", help="make it from this ticket, and link it to that"
    )


def _configure_known(parser: Parser) -> None:
    parser.description = "Show a known error with its tickets and what it still owes."
    book.configure_reference(KIND, parser)


def _configure_link(remove: bool, parser: Parser) -> None:
    parser.description = f"Say that a ticket is {'no longer ' if remove else ''}about a known error."
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    book.configure_reference(KIND, parser)


def _configure_suggest(parser: Parser) -> None:
    parser.description = (
        "List what a ticket is about, then what it is likely about, by text, product and release."
    )
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")


def _configure_owed(parser: Parser) -> None:
    parser.description = (
        "List the reproducible material errors that still owe a workaround given to the customers, "
        "or a correction planned for a release."
    )
    _of_product(parser)


# -- looking ----------------------------------------------------------------------------------------


def _list(session: Session) -> None:
    from supporttui.desk import known_errors

    args = session.args
    session.open_existing()
    words = " ".join(map(text, args.words))
    found = known_errors.listed(
        session.desk,
        product=args.product or "",
        state=args.state or "",
        release=args.release or "",
        text=words,
    )
    _print_all(
        session, found, "no known error" + (" matches" if words or args.product or args.state else " yet")
    )


def _print_all(session: Session, found: Sequence[Known], nothing: str) -> None:
    out = session.out
    if out.form == "json":
        out.json_list(_as_json(one) for one in found)
        return
    titles = ("known", "product", "title", "state", "found in", "fixed in", "tickets", "open", "customers")
    rows = [
        (one.name, one.product, one.record.title, one.record.state, one.record.found_in, one.fixed_in, *map(str, one.tally))
        for one in found
    ]  # fmt: skip
    if out.form == "tsv":
        out.tsv([title.replace(" ", "_") for title in titles], rows)
    elif rows:
        flexible = {"title", "found in"}
        right = {"tickets", "open", "customers"}
        out.table([Column(title, right=title in right, flexible=title in flexible) for title in titles], rows)
    else:
        out.line(nothing)


def _as_json(one: Known) -> dict[str, Any]:
    return {
        **record(one.record, leave_out=frozenset({"product", "fixed_in"})), "known": one.name, "product": one.product,
        "fixed_in": one.fixed_in, "fixed_on": str(one.fixed_on or ""), "tickets": one.tally.tickets,
        "open_tickets": one.tally.open, "customers": one.tally.customers,
    }  # fmt: skip


def _show(session: Session) -> None:
    session.open_existing()
    _print_one(session, session.args.reference)


def _print_one(session: Session, reference: str | int) -> None:
    from supporttui.desk import known_errors, way_out
    from supporttui.store.book import tickets_of

    out = session.out
    one = known_errors.show(session.desk, reference)
    numbers = tickets_of(session.store, one.record.id)
    owing = way_out.owes(session.desk, one)
    if out.form == "json":
        out.json({**_as_json(one), "linked": numbers, "owes": owing.why if owing else ""})
        return
    if out.form == "tsv":
        _print_all(session, [one], "")
        return
    item = one.record
    out.line(f"{one.name}  {item.title}")
    marks = [name for name in ("reproducible", "material") if getattr(item, name)]
    out.pairs(
        [
            ("product", one.product), ("state", item.state), ("found in", item.found_in or "every release"),
            ("fixed in", f"{one.fixed_in}{f', {one.fixed_on}' if one.fixed_on else ''}"),
            ("marked", " and ".join(marks)), ("owes", owing.why if owing else ""),
            ("tickets", f"{', '.join(map(str, numbers)) or 'none'} ({one.tally.open} open)"),
        ]
    )  # fmt: skip
    for title in ("symptom", "workaround", "notes"):
        if getattr(item, title).strip():
            out.line()
            out.line(title.capitalize())
            out.body(getattr(item, title), "    ")


def _suggest(session: Session) -> None:
    from supporttui.desk import known_hints

    session.open_existing()
    found = known_hints.of_ticket(session.desk, session.args.number)
    out = session.out
    if out.form == "json":
        out.json_list(
            {**_as_json(one.known), "linked": one.linked, "words": list(one.words)} for one in found
        )
        return
    titles = ("known", "title", "state", "fixed in", "why")
    rows = [
        (one.known.name, one.known.record.title, one.known.record.state, one.known.fixed_in,
         "linked" if one.linked else f"both say {', '.join(one.words[:6])}")
        for one in found
    ]  # fmt: skip
    if out.form == "tsv":
        out.tsv([title.replace(" ", "_") for title in titles], rows)
    elif rows:
        out.table([Column(title, flexible=title == "title") for title in titles], rows)
    else:
        out.line("no known error fits")


def _owed(session: Session) -> None:
    from supporttui.desk import way_out

    session.open_existing()
    found: list[Owing] = way_out.owed(session.desk, session.args.product)
    out = session.out
    if out.form == "json":
        out.json_list({**_as_json(one.known), "owes": one.why, "waiting": list(one.tickets)} for one in found)
        return
    titles = ("known", "product", "title", "state", "owes")
    rows = [
        (one.known.name, one.known.product, one.known.record.title, one.known.record.state, one.why) for one in found
    ]  # fmt: skip
    if out.form == "tsv":
        tickets = [" ".join(map(str, one.tickets)) for one in found]
        out.tsv([*titles, "tickets"], [(*row, waiting) for row, waiting in zip(rows, tickets, strict=True)])
    elif rows:
        out.table([Column(title, flexible=title in ("title", "owes")) for title in titles], rows)
    else:
        out.line("no material error owes a workaround or a correction")


# -- writing ----------------------------------------------------------------------------------------


def _add(session: Session) -> None:
    from supporttui.desk import known_errors, look

    args, values = session.args, book.values_of(session)
    if args.named is not None:
        values["title"] = args.named
    if args.ticket:
        found = look.ticket(session.desk, args.ticket, journal_limit=1).ticket
        product = known_errors.product_named(session.desk, values.pop("product", "") or found.product)
        values = {**known_errors.from_ticket(found, product.id), **values}
    one = known_errors.add(session.desk, values, ticket=args.ticket or 0)
    _said(
        session,
        one.id,
        f"K{one.id} added, {one.state}" + (f", linked to {args.ticket}" if args.ticket else ""),
    )


def _set(session: Session) -> None:
    from supporttui.desk import known_errors

    args, values = session.args, book.values_of(session)
    if not values:
        raise UsageError(
            "say what to set, such as --state confirmed, --workaround TEXT or --fixed-in RELEASE"
        )
    old = known_errors.find(session.desk, args.reference)
    one = known_errors.set_values(session.desk, old.id, values, seen=args.seen)
    state = f"{old.state} → {one.state}" if one.state != old.state else one.state
    _said(
        session, one.id, f"K{one.id} {'changed' if one.version != old.version else 'is as it was'}: {state}"
    )


def _said(session: Session, known: int, line: str) -> None:
    if session.form == "text":
        session.out.line(line)
    else:
        _print_one(session, known)
    book.tell_news(session)


def _link(remove: bool, session: Session) -> None:
    from supporttui.desk import known_errors

    args = session.args
    one = known_errors.find(session.desk, args.reference)
    changed = known_errors.link(session.desk, args.number, one.id, remove=remove, seen=args.seen)
    print_ticket(
        session, changed, f"{'no longer ' if remove else ''}about known error K{one.id} ({one.title})"
    )


def _parts() -> dict[str, Verb]:
    return {
        "list": Verb(_configure_list, _list),
        "add": Verb(_configure_add, _add),
        "show": Verb(_configure_known, _show),
        "set": Verb(partial(book.configure_set, KIND), _set, writes=True),
        "link": Verb(partial(_configure_link, False), partial(_link, False), writes=True),
        "unlink": Verb(partial(_configure_link, True), partial(_link, True), writes=True),
        "suggest": Verb(_configure_suggest, _suggest),
        "owed": Verb(_configure_owed, _owed),
    }


COMMANDS = {"known": book.family(KIND, _parts)}
