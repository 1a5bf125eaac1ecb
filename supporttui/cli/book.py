"""The families of the book: customer, product, release, licence, contract … with the same verbs each.

Options, help and columns come from the one table of fields (`desk.book.fields`),
so that a new field is on the command line as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from supporttui.errors import NotFound, UsageError

from .book_arguments import (
    configure_add,
    configure_list,
    configure_one,
    configure_reference,
    configure_remove,
    configure_restore,
    configure_set,
    epilog,
    flag_of,
    sheet_of,
    values_of,
)
from .parser import Parser, Verb

if TYPE_CHECKING:
    from .session import Session

__all__ = [
    "COMMANDS",
    "KINDS",
    "configure_add",
    "configure_reference",
    "configure_set",
    "family",
    "flag_of",
    "tell_news",
    "values_of",
]

# The family's name → the kind of record.
KINDS = {
    "customer": "customer", "product": "product", "release": "release", "os": "os-release", "licence": "licence",
    "contract": "contract", "site": "site", "contact": "contact", "host": "host", "installation": "installation",
    "modification": "modification", "quotation": "quotation",
}  # fmt: skip
VERBS = ("list", "add", "show", "set", "remove", "restore", "import", "history")


# -- the families ---------------------------------------------------------------------------------


def family(kind: str, more: Callable[[], Mapping[str, Verb]] | None = None) -> Verb:
    """The command of one kind; more: verbs that it has besides."""

    def parts() -> Mapping[str, Verb]:
        return {**_verbs(kind), **(more() if more else {})}

    return Verb(partial(_configure_family, kind, parts), _no_verb, parts=parts)


def _no_verb(session: Session) -> None:
    raise UsageError(f"what should be done? {', '.join(VERBS)}")


def _configure_family(kind: str, parts: Callable[[], Mapping[str, Verb]], parser: Parser) -> None:
    sheet = sheet_of(kind)
    verbs = tuple(parts())
    parser.add_argument(
        "verb", nargs="?", choices=verbs, metavar="VERB", help=f"{', '.join(verbs)}; list when left out"
    )
    parser.epilog = epilog(sheet, f"supporttui {sheet.command} VERB --help prints the page of a verb.")


def _verbs(kind: str) -> dict[str, Verb]:
    from . import book_import

    made = {
        "list": Verb(partial(configure_list, kind), partial(_run_list, kind)),
        "add": Verb(partial(configure_add, kind), partial(_run_add, kind)),
        "show": Verb(partial(configure_one, kind, "show"), partial(_run_show, kind)),
        "set": Verb(partial(configure_set, kind), partial(_run_set, kind), writes=True),
        "remove": Verb(partial(configure_remove, kind), partial(_run_remove, kind)),
        "restore": Verb(partial(configure_restore, kind), partial(_run_restore, kind)),
        "import": Verb(partial(book_import.configure, kind), partial(book_import.run, kind)),
        "history": Verb(partial(configure_one, kind, "history"), partial(_run_history, kind)),
    }
    return {name: made[name] for name in VERBS}


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
        sheet = sheet_of(kind)
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
        raise UsageError(f"say what to set, such as {flag_of(sheet_of(kind).fields[-1])} TEXT")
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
    from supporttui.desk.book.deeds import gone_with

    from .book_print import print_record

    desk, args = session.desk, session.args
    old = _find(session, kind, args.reference, removed=True)
    record = book.restore(desk, kind, old.id, parts=args.with_parts)
    print_record(session, kind, record, "restored" if old.removed else "is there")
    if left := len(gone_with(desk, kind, old.id)):
        records, them = ("1 record was", "it") if left == 1 else (f"{left:,} records were", "them")
        again = f"supporttui {sheet_of(kind).command} restore '#{old.id}' --with-parts"
        session.hint(f"{records} removed along with it: {again} brings {them} back")
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
