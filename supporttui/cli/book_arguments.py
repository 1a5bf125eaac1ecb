"""The arguments of the book's families, made from the table of fields (`desk.book.fields`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parser import Parser, text, whole

if TYPE_CHECKING:
    from supporttui.desk.book import Field, Sheet

    from .session import Session

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
NARROWED = frozenset(
    {"site", "contact", "licence", "contract", "host", "installation", "modification", "quotation"}
)
FILTERS = frozenset({"reference", "choice"})
MANY = 10**6


def epilog(sheet: Sheet, last: str) -> str:
    """Examples, and a last line."""
    examples = "\n".join(f"  supporttui {sheet.command} {one}" for one in EXAMPLES.get(sheet.kind, ()))
    return f"Examples:\n{examples}\n\n{last}" if examples else last


def sheet_of(kind: str) -> Sheet:
    """The sheet of a kind, read when it is first asked for."""
    from supporttui.desk.book.fields import SHEETS

    return SHEETS[kind]


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

    sheet = sheet_of(kind)
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


def configure_one(kind: str, verb: str, parser: Parser) -> None:
    sheet = sheet_of(kind)
    parser.description = {
        "show": f"Show {sheet.one}"
        + (" and everything that the book has on it." if kind == "customer" else "."),
        "restore": f"Bring a removed {sheet.title} back.",
        "history": f"List what happened to {sheet.one}, the newest first.",
    }[verb]
    configure_reference(kind, parser)
    _narrowing(parser, kind)


def configure_list(kind: str, parser: Parser) -> None:
    sheet = sheet_of(kind)
    parser.description = f"List {sheet.plural}."
    parser.epilog = epilog(sheet, "Exit codes: see supporttui --help.")
    parser.add_argument("words", nargs="*", type=text, metavar="WORD", help="all of them stand in its texts")
    _add_fields(parser, sheet, only=FILTERS, how="only of this")
    parser.add_argument("--removed", action="store_true", help="removed ones too")
    parser.add_argument("--limit", type=whole(1, MANY), metavar="N", help="at most N")


def configure_add(kind: str, parser: Parser) -> None:
    from supporttui.desk.book.references import NAMED_BY

    sheet = sheet_of(kind)
    parser.description = f"Write a new {sheet.title} into the book."
    parser.epilog = epilog(sheet, "Exit codes: see supporttui --help.")
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
    sheet = sheet_of(kind)
    parser.description = f"Set fields of {sheet.one}; an empty value (--notes=) clears one."
    parser.epilog = epilog(sheet, "Exit codes: see supporttui --help.")
    configure_reference(kind, parser)
    _add_fields(parser, sheet)
    if kind in ("customer", "product"):
        parser.add_argument(
            "--tickets", action="store_true", help="put its name on the tickets that carry a former one"
        )


def configure_remove(kind: str, parser: Parser) -> None:
    sheet = sheet_of(kind)
    parser.description = f"Take {sheet.one} out of the book; restore and undo bring it back."
    configure_reference(kind, parser, many=True)
    _narrowing(parser, kind)
    parser.add_argument(
        "--with-parts",
        action="store_true",
        help="with all that can't be without it; what only names it stays",
    )


def configure_restore(kind: str, parser: Parser) -> None:
    configure_one(kind, "restore", parser)
    parser.add_argument(
        "--with-parts", action="store_true", help="with what was removed along with it and not touched since"
    )
