"""The families of the book: customer, product, release, licence, contract … with the same verbs each.

Options, help and columns come from the one table of fields (`desk.book.fields`),
so that a new field is on the command line as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from supporttui.errors import NotFound, UsageError

from .parser import Parser, Verb, text, whole

if TYPE_CHECKING:
    from supporttui.desk.book import Field, Sheet

    from .session import Session

# The family's name → the kind of record.
KINDS = {
    "customer": "customer", "product": "product", "release": "release", "os": "os-release", "licence": "licence",
    "contract": "contract", "site": "site", "contact": "contact", "host": "host", "installation": "installation",
    "modification": "modification", "quotation": "quotation",
}  # fmt: skip
# What --zone means everywhere else is the zone of times in text.
FLAGS = {"zone": "--time-zone"}
EXAMPLES = {
    "customer": ('add "Acme Corp" --key 10042 --time-zone America/Chicago', 'show "Acme Corp"', "import customers.csv --dry-run"),
    "product": ("add HyperIP --family WAN", "list"),
    "release": ("add 7.2 --product HyperIP --released-on 2026-11-22 --replaces 7.1", 'show "HyperIP 7.2"'),
    "os-release": ("add 3.1 --os z/OS --accessed-on today", "list"),
    "licence": ('add L-2041 --customer "Acme Corp" --product HyperIP --purchased-on 2026-01-15 --price "12,000.00 USD"',
                'list --customer "Acme Corp"'),
    "contract": ('add C-1007 --customer "Acme Corp" --plan smp-1y --start-on 2026-01-15 --end-on 2027-01-14',
                 "quote C-1007", "renew C-1007 --plan smp-2y"),
    "site": ('add MSP-1 --customer "Acme Corp" --name Minneapolis --time-zone America/Chicago',),
    "contact": ('add "J. Ortiz" --customer "Acme Corp" --email ortiz@acme.example --phone "+1 763 555 0100"',),
    "host": ('add mvs1 --customer "Acme Corp" --os z/OS --os-release 3.1',),
    "installation": ("add --host mvs1 --product HyperIP --release 7.2 --tcp-ip yes", "set 'mvs1 HyperIP' --release 7.3"),
    "modification": ('add "exit 7 replaced" --customer "Acme Corp" --host mvs1 --noted-on today',),
    "known-error": ('add "Abends at start" --product HyperIP --found-in "7.1, 7.2"', "set K12 --state planned --fixed-in 7.3",
                    "link 1042 K12"),
    "quotation": ('add Q-311 --customer "Acme Corp" --support-from 2026-01-15 --support-to 2026-04-14',),
}  # fmt: skip
VERBS = ("list", "add", "show", "set", "remove", "restore", "import", "history")
NARROWED = frozenset(
    {"site", "contact", "licence", "contract", "host", "installation", "modification", "quotation"}
)
FILTERS = frozenset({"reference", "choice"})
MANY = 10**6


# -- the families ---------------------------------------------------------------------------------


def family(kind: str, more: Callable[[], Mapping[str, Verb]] | None = None) -> Verb:
    """The command of one kind; more: verbs that it has besides."""

    def parts() -> Mapping[str, Verb]:
        return {**_verbs(kind), **(more() if more else {})}

    return Verb(partial(_configure_family, kind, parts), _no_verb, parts=parts)


def _no_verb(session: Session) -> None:
    raise UsageError(f"what should be done? {', '.join(VERBS)}")


def _configure_family(kind: str, parts: Callable[[], Mapping[str, Verb]], parser: Parser) -> None:
    sheet = _sheet(kind)
    verbs = tuple(parts())
    parser.add_argument(
        "verb", nargs="?", choices=verbs, metavar="VERB", help=f"{', '.join(verbs)}; list when left out"
    )
    parser.epilog = _epilog(sheet, f"supporttui {sheet.command} VERB --help prints the page of a verb.")


def _epilog(sheet: Sheet, last: str) -> str:
    examples = "\n".join(f"  supporttui {sheet.command} {one}" for one in EXAMPLES.get(sheet.kind, ()))
    return f"Examples:\n{examples}\n\n{last}" if examples else last


def _sheet(kind: str) -> Sheet:
    from supporttui.desk.book.fields import sheet_of

    return sheet_of(kind)


def _verbs(kind: str) -> dict[str, Verb]:
    from . import book_import

    made = {
        "list": Verb(partial(_configure_list, kind), partial(_run_list, kind)),
        "add": Verb(partial(configure_add, kind), partial(_run_add, kind)),
        "show": Verb(partial(_configure_one, kind, "show"), partial(_run_show, kind)),
        "set": Verb(partial(configure_set, kind), partial(_run_set, kind), writes=True),
        "remove": Verb(partial(_configure_remove, kind), partial(_run_remove, kind)),
        "restore": Verb(partial(_configure_one, kind, "restore"), partial(_run_restore, kind)),
        "import": Verb(partial(book_import.configure, kind), partial(book_import.run, kind)),
        "history": Verb(partial(_configure_one, kind, "history"), partial(_run_history, kind)),
    }
    return {name: made[name] for name in VERBS}


# -- arguments ------------------------------------------------------------------------------------


def flag_of(field: Field) -> str:
    """The option that sets a field: start_on → --start-on."""
    return FLAGS.get(field.name) or "--" + field.name.replace("_", "-")


def _add_fields(parser: Parser, sheet: Sheet, *, only: frozenset[str] | None = None, how: str = "") -> None:
    for field in sheet.fields:
        if only is not None and field.type not in only:
            continue
        words = (
            f"{field.help}{_choices(field)}" if not how else f"{how} {field.title.lower()}{_choices(field)}"
        )
        action = parser.add_argument(
            flag_of(field), dest=f"field_{field.name}", type=text, metavar=_metavar(field), help=words
        )
        action.words = field.choices or (("yes", "no") if field.type == "yes" else ())  # type: ignore[attr-defined]


def _choices(field: Field) -> str:
    return f": {', '.join(field.choices)}" if field.choices else ""


def _metavar(field: Field) -> str:
    names = {
        "day": "DAY",
        "money": "AMOUNT",
        "yes": "YES|NO",
        "number": "N",
        "zone": "ZONE",
        "currency": "CODE",
    }
    return field.reference.upper() if field.type == "reference" else names.get(field.type, "TEXT")


def values_of(session: Session) -> dict[str, str]:
    """The fields that were given."""
    given = vars(session.args).items()
    return {
        name.removeprefix("field_"): value
        for name, value in given
        if name.startswith("field_") and value is not None
    }


def configure_reference(kind: str, parser: Parser, *, many: bool = False) -> None:
    from supporttui.desk.book.references import NAMED_BY

    sheet = _sheet(kind)
    named = NAMED_BY.get(kind)
    words = f"its {sheet.field(named).title.lower()}, or #id" if named else "#id; list shows it"
    if kind in ("site", "host", "contact"):
        words += "; CUSTOMER/NAME says whose"
    if kind in ("release", "os-release"):
        words = f"such as '{'HyperIP 7.2' if kind == 'release' else 'z/OS 3.1'}', or #id"
    if kind == "installation":
        words = "'HOST PRODUCT', or #id"
    if kind == "known-error":
        words = "such as K12, or its title"
    parser.add_argument(
        "reference", type=text, nargs="+" if many else None, metavar=sheet.command.upper(), help=words
    )


def _narrowing(parser: Parser, kind: str) -> None:
    if kind in NARROWED:
        parser.add_argument(
            "--customer", dest="of_customer", type=text, metavar="CUSTOMER", help="whose it is"
        )
    if kind in ("release", "known-error"):
        parser.add_argument(
            "--product", dest="of_product", type=text, metavar="PRODUCT", help="of which product it is"
        )


def _configure_one(kind: str, verb: str, parser: Parser) -> None:
    title = _sheet(kind).title
    parser.description = {
        "show": f"Show a {title}"
        + (" and everything that the book has on it." if kind == "customer" else "."),
        "restore": f"Bring a removed {title} back.",
        "history": f"List what happened to a {title}, the newest first.",
    }[verb]
    configure_reference(kind, parser)
    _narrowing(parser, kind)


def _configure_list(kind: str, parser: Parser) -> None:
    sheet = _sheet(kind)
    parser.description = f"List {sheet.plural}."
    parser.epilog = _epilog(sheet, "Exit codes: see supporttui --help.")
    parser.add_argument("words", nargs="*", type=text, metavar="WORD", help="all of them stand in its texts")
    _add_fields(parser, sheet, only=FILTERS, how="only of this")
    parser.add_argument("--removed", action="store_true", help="removed ones too")
    parser.add_argument("--limit", type=whole(1, MANY), metavar="N", help="at most N")


def configure_add(kind: str, parser: Parser) -> None:
    from supporttui.desk.book.references import NAMED_BY

    sheet = _sheet(kind)
    parser.description = f"Write a new {sheet.title} into the book."
    parser.epilog = _epilog(sheet, "Exit codes: see supporttui --help.")
    named = NAMED_BY.get(kind) or ("what" if kind == "modification" else "")
    if named:
        field = sheet.field(named)
        parser.add_argument(
            "named",
            nargs="?",
            type=text,
            metavar=field.name.upper(),
            help=f"{field.help}; the same as {flag_of(field)}",
        )
    parser.set_defaults(naming=named)
    _add_fields(parser, sheet)


def configure_set(kind: str, parser: Parser) -> None:
    sheet = _sheet(kind)
    parser.description = f"Set fields of a {sheet.title}; an empty value (--notes=) clears one."
    parser.epilog = _epilog(sheet, "Exit codes: see supporttui --help.")
    configure_reference(kind, parser)
    _add_fields(parser, sheet)
    if kind in ("customer", "product"):
        parser.add_argument(
            "--tickets", action="store_true", help="put its name on the tickets that carry a former one"
        )


def _configure_remove(kind: str, parser: Parser) -> None:
    title = _sheet(kind).title
    parser.description = f"Take a {title} out of the book; restore and undo bring it back."
    configure_reference(kind, parser, many=True)
    _narrowing(parser, kind)
    parser.add_argument(
        "--with-parts",
        action="store_true",
        help="with all that can't be without it; what only names it stays",
    )


# -- verbs ----------------------------------------------------------------------------------------


def _find(session: Session, kind: str, reference: str, *, removed: bool = False) -> Any:
    from supporttui.desk import book

    desk, args = session.desk, session.args
    session.open_existing()
    customer, product = getattr(args, "of_customer", None), getattr(args, "of_product", None)
    return book.find(
        desk, kind, reference, removed=removed,
        customer=book.find(desk, "customer", customer, removed=removed).id if customer else 0,
        product=book.find(desk, "product", product, removed=removed).id if product else 0,
    )  # fmt: skip


def _run_list(kind: str, session: Session) -> None:
    from supporttui.desk import book
    from supporttui.desk.book.entering import Entering

    from .book_print import print_list

    args, desk = session.args, session.desk
    try:
        session.open_existing()
    except NotFound:
        session.hint("the book is empty: there is no store yet")
        print_list(session, kind, [])
        return
    given = {name: value for name, value in values_of(session).items() if value}
    wanted = Entering(desk, kind).filter(given)
    found = book.listed(
        desk, kind, wanted, words=" ".join(args.words), removed=args.removed, limit=args.limit or 0
    )
    print_list(session, kind, found)
    if not found and session.form == "text":
        sheet = _sheet(kind)
        more = "of that sort" if given or args.words else "yet"
        session.hint(f"the book has no {sheet.title} {more}; supporttui {sheet.command} add writes one")


def _run_add(kind: str, session: Session) -> None:
    from supporttui.desk import book

    from .book_print import print_record

    args, values = session.args, values_of(session)
    if getattr(args, "named", None) is not None:
        if args.naming in values:
            raise UsageError(f"the {args.naming} is given twice: {args.named!r} and {values[args.naming]!r}")
        values[args.naming] = args.named
    print_record(session, kind, book.add(session.desk, kind, values), "added")
    tell_news(session)


def _run_show(kind: str, session: Session) -> None:
    from .book_print import print_customer, print_page

    record = _find(session, kind, session.args.reference)
    if kind == "customer":
        print_customer(session, record)
    else:
        print_page(session, kind, record)


def _run_set(kind: str, session: Session) -> None:
    from supporttui.desk import book
    from supporttui.desk.book.renaming import RENAMED, rename, tickets_named

    from .book_print import print_record

    args, values = session.args, values_of(session)
    rewrites = getattr(args, "tickets", False)
    if not values and not rewrites:
        raise UsageError(f"say what to set, such as {flag_of(_sheet(kind).fields[-1])} TEXT")
    old, desk = _find(session, kind, args.reference), session.desk
    if rewrites:
        record, number = rename(desk, kind, old.id, values, seen=args.seen)
        print_record(session, kind, record, _said(old, record))
        session.hint(f"{_tickets(number)} rewritten" + ("; undo takes all of it back" if number else ""))
        return
    record = book.change(desk, kind, old.id, values, seen=args.seen)
    print_record(session, kind, record, _said(old, record))
    tell_news(session)
    if kind in RENAMED and old.name != record.name and (number := tickets_named(desk, kind, record)):
        session.hint(
            f"{_tickets(number)} found by the former name only: "
            f"supporttui {kind} set '{record.name}' --tickets puts the new one on them"
        )


def _tickets(number: int) -> str:
    return f"{number} ticket is" if number == 1 else f"{number} tickets are"


def _said(old: Any, record: Any) -> str:
    return "changed" if record.version != old.version else "is as it was"


def _run_remove(kind: str, session: Session) -> None:
    from supporttui.desk import book
    from supporttui.desk.act import new_batch, transaction

    from .book_print import print_records

    desk, batch = session.desk, new_batch()
    session.open_existing()
    with transaction(desk):
        found = [_find(session, kind, one) for one in session.args.reference]
        gone = [book.remove(desk, kind, one.id, batch=batch, parts=session.args.with_parts) for one in found]
    print_records(session, kind, gone, "removed")
    tell_news(session)


def _run_restore(kind: str, session: Session) -> None:
    from supporttui.desk import book

    from .book_print import print_record

    old = _find(session, kind, session.args.reference, removed=True)
    record = book.restore(session.desk, kind, old.id)
    print_record(session, kind, record, "restored" if old.removed else "is there")
    tell_news(session)


def tell_news(session: Session) -> None:
    """Say what followed: which errors a release corrects, who is told, what was withdrawn."""
    from supporttui.desk import releasing

    for line in releasing.news(session.desk):
        session.hint(line)


def _run_history(kind: str, session: Session) -> None:
    from .book_print import print_history

    print_history(session, kind, _find(session, kind, session.args.reference, removed=True))


# -- what a contract has besides ------------------------------------------------------------------


def _renewing() -> Mapping[str, Verb]:
    from . import renewals

    return {
        "quote": Verb(renewals.configure_quote, renewals.run_quote),
        "renew": Verb(renewals.configure_renew, renewals.run_renew, writes=True),
    }


COMMANDS = {name: family(kind, _renewing if name == "contract" else None) for name, kind in KINDS.items()}
