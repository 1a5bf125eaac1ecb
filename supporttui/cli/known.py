"""`known`: the known errors, which tickets are about them, which a ticket may be about, what is still owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from .output import Column, record
from .parser import Parser, Verb, text, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supporttui.desk.known_errors import Known, Owing

    from .session import Session

# action → how its words are written
FORMS = {
    "list": "known list [WORD …]",
    "show": "known show KNOWN",
    "add": "known add TITLE --product NAME",
    "set": "known set KNOWN --state STATE …",
    "link": "known link NUMBER KNOWN",
    "unlink": "known unlink NUMBER KNOWN",
    "suggest": "known suggest NUMBER",
    "owed": "known owed",
}
# option → (field of the record, what its argument is called, help)
FIELDS = {
    "--title": ("title", "TEXT", "set: the error in a few words"),
    "--symptom": ("symptom", "TEXT", "what a customer sees; - reads it from standard input"),
    "--workaround": (
        "workaround",
        "TEXT",
        "what helps until it is corrected; - reads it from standard input",
    ),
    "--found-in": ("found_in", "RELEASES", "the releases that show it, with commas; empty for all"),
    "--fixed-in": ("fixed_in", "RELEASE", "the release that corrects it"),
    "--reproducible": ("reproducible", "YES|NO", "it can be shown at will"),
    "--material": ("material", "YES|NO", "it significantly impairs use"),
    "--notes": ("notes", "TEXT", "anything else worth knowing"),
}
LONG = frozenset({"symptom", "workaround"})
NARROWS = {"product": ("list", "add", "set", "owed"), "state": ("list", "add", "set"), "release": ("list",),
           "ticket": ("add",)}  # fmt: skip


def _configure(parser: Parser) -> None:
    parser.add_argument("action", choices=tuple(FORMS), metavar="ACTION", help=", ".join(FORMS))
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="a known error is named K12, 12 or by its title; a ticket by its number",
    )
    parser.add_argument("--product", type=text, metavar="NAME", help="of which product")
    parser.add_argument(
        "--state", type=text, metavar="STATE",
        help="reported, confirmed, workaround, planned or fixed; list: or open, for all but fixed",
    )  # fmt: skip
    parser.add_argument("--release", type=text, metavar="RELEASE", help="list: those that this release shows")
    parser.add_argument(
        "--ticket", type=ticket, metavar="NUMBER", help="add: made from this ticket, and linked to it"
    )
    for flag, (_field, metavar, help) in FIELDS.items():
        parser.add_argument(flag, type=text, metavar=metavar, help=help)


def _run(session: Session) -> None:
    args = session.args
    _check(args)
    actions: dict[str, Callable[[Session], None]] = {
        "list": _list, "show": _show, "add": _add, "set": _set, "link": _link, "unlink": _link, "suggest": _suggest,
        "owed": _owed,
    }  # fmt: skip
    actions[args.action](session)


def _check(args: Any) -> None:
    """Refuse what doesn't belong to the action."""
    counts = {"list": (0, 99), "owed": (0, 0), "link": (2, 2), "unlink": (2, 2), "add": (0, 99)}
    least, most = counts.get(args.action, (1, 1))
    if not least <= len(args.words) <= most:
        raise UsageError(f"known {args.action} is written: {FORMS[args.action]}")
    for name, actions in NARROWS.items():
        if getattr(args, name) is not None and args.action not in actions:
            raise UsageError(f"--{name} belongs to known {' and '.join(actions)}, not to known {args.action}")
    for flag, (field, _metavar, _help) in FIELDS.items():
        if getattr(args, field) is not None and args.action not in ("add", "set"):
            raise UsageError(f"{flag} belongs to known add and known set, not to known {args.action}")


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
    _print_one(session, session.args.words[0])


def _print_one(session: Session, reference: str | int) -> None:
    from supporttui.desk import known_errors
    from supporttui.store import book

    out = session.out
    one = known_errors.show(session.desk, text(str(reference)))
    numbers = book.tickets_of(session.store, one.record.id)
    owing = known_errors.owes(session.desk, one)
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
    found = known_hints.of_ticket(session.desk, _number(session.args.words[0]))
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
    from supporttui.desk import known_errors

    session.open_existing()
    found: list[Owing] = known_errors.owed(session.desk, session.args.product or "")
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


def _values(session: Session) -> dict[str, Any]:
    """The fields that were given, as they were written."""
    args, found = session.args, dict[str, Any]()
    for name in ("product", "state", *(field for field, _metavar, _help in FIELDS.values())):
        given = getattr(args, name)
        if given is not None:
            found[name] = session.input_text(given, f"the {name}") if name in LONG else given
    return found


def _add(session: Session) -> None:
    from supporttui.desk import known_errors, look

    args, values = session.args, _values(session)
    if args.words:
        values["title"] = " ".join(map(text, args.words))
    if args.ticket:
        found = look.ticket(session.desk, args.ticket, journal_limit=1).ticket
        made = known_errors.from_ticket(
            found, known_errors.product_named(session.desk, args.product or found.product).id
        )
        values = {**made, **{name: value for name, value in values.items() if name != "product"}}
    one = known_errors.add(session.desk, values, ticket=args.ticket or 0)
    _said(
        session,
        one.id,
        f"K{one.id} added, {one.state}" + (f", linked to {args.ticket}" if args.ticket else ""),
    )


def _set(session: Session) -> None:
    from supporttui.desk import known_errors

    values = _values(session)
    if not values:
        raise UsageError("nothing to set: give --state, --workaround, --fixed-in or another field")
    old = known_errors.find(session.desk, text(session.args.words[0]))
    one = known_errors.set_values(session.desk, old.id, values, seen=session.args.seen)
    state = f": {old.state} → {one.state}" if one.state != old.state else f", {one.state}"
    _said(session, one.id, f"K{one.id} set{state}")


def _said(session: Session, known: int, line: str) -> None:
    from supporttui.desk import releasing

    if session.form == "text":
        session.out.line("; ".join((line, *releasing.news(session.desk))))
    else:
        _print_one(session, known)


def _link(session: Session) -> None:
    from supporttui.desk import known_errors

    number, remove = _number(session.args.words[0]), session.args.action == "unlink"
    one = known_errors.find(session.desk, text(session.args.words[1]))
    changed = known_errors.link(session.desk, number, one.id, remove=remove, seen=session.args.seen)
    print_ticket(
        session, changed, f"{'no longer ' if remove else ''}about known error K{one.id} ({one.title})"
    )


def _number(word: str) -> int:
    """A ticket's number.  Errors: UsageError."""
    from argparse import ArgumentTypeError

    try:
        return ticket(word)
    except ArgumentTypeError as error:
        raise UsageError(str(error)) from None


COMMANDS = {"known": Verb(_configure, _run, writes=True)}
