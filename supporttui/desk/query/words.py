"""The words of the query language: fields, flags and sort keys, each with its help line.

One table feeds the parser, the resolver, completion and the help text, so that
what is documented is what works.
"""

from __future__ import annotations

from typing import Literal, get_args

from supporttui.store.criteria import SortKey
from supporttui.store.frozen import frozen

Kind = Literal["text", "severity", "number", "past", "future"]


@frozen
class Field:
    """A field that may stand before a colon.

    name: as people write it; column: its name in `store.criteria`.
    kind: "past" instants take a duration as an age, "future" ones as time left.
    exact: a plain text value must be the whole value (else: be contained in it).
    """

    name: str
    column: str
    kind: Kind
    help: str
    aliases: tuple[str, ...] = ()
    exact: bool = True


FIELDS = (
    Field("sev", "severity", "severity", "severity: 1, 1,2, <=2 or a name of the policy", ("severity", "s")),
    Field("status", "status", "text", "status: open, waiting-customer, waiting*"),
    Field("owner", "owner", "text", "owner: a name, @me or none", ("assignee",)),
    Field("customer", "customer", "text", 'customer: "Acme Corp" or acme*', ("company",)),
    Field("due", "due", "future", "next deadline: <30m is due within 30 minutes or over, none has none"),
    Field("product", "product", "text", "product: HyperIP or Hyper*"),
    Field("tag", "tag", "text", "tag: spam; none is untagged", ("tags",)),
    Field("channel", "channel", "text", "how it was reported: phone, email, web"),
    Field("reported", "reported_at", "past", "when it was reported: >2d is more than two days ago"),
    Field("updated", "updated_at", "past", "last change: <1h is within the last hour"),
    Field("resolved", "resolved_at", "past", "when it was resolved: yesterday, 2026-11-01..2026-11-20"),
    Field("closed", "closed_at", "past", "when it was closed"),
    Field("overdue", "overdue_since", "past", "overdue since: >1h is over by more than an hour"),
    Field("acknowledged", "acknowledged_until", "future", "next update promised by", ("ack", "promised")),
    Field("snoozed", "snoozed_until", "future", "hidden until", ("snooze",)),
    Field("number", "number", "number", "ticket number: 1042, 1000..1099; #1042 is the same", ("no",)),
    Field("subject", "subject", "text", "words of the subject line, anywhere in it", exact=False),
    Field("contact", "contact", "text", "contact's name, or a part of it", exact=False),
    Field("site", "site", "text", "customer's site"),
    Field("release", "release", "text", "product release: 7.1 or 7.*", ("version",)),
    Field("os", "os", "text", "host operating system"),
    Field("os-release", "os_release", "text", "its release"),
    Field("category", "category", "text", "category"),
    Field("environment", "environment", "text", "environment: production, test", ("env",)),
    Field("plan", "plan", "text", "support plan"),
    Field("external", "external_id", "text", "number in another system", ("external-id",)),
    Field("into", "merged_into", "number", "ticket that it was merged into"),
    Field("logged", "minutes_logged", "number", "minutes of logged time: >120"),
)

FLAGS = {
    "all": "every ticket, open or not",
    "open": "neither resolved, closed nor merged",
    "resolved": "was resolved (closed ones too)",
    "closed": "was closed",
    "overdue": "open, and a deadline is past",
    "paused": "its clock stands still",
    "waiting": "in a status that waits for someone",
    "mine": "owned by me",
    "unassigned": "owned by nobody",
    "acknowledged": "somebody promised an update, and the promise still runs",
    "snoozed": "hidden until later",
    "merged": "merged into another ticket",
}

SORT_KEYS: tuple[SortKey, ...] = get_args(SortKey)
SORT_ALIASES: dict[str, SortKey] = {
    "sev": "severity",
    "no": "number",
    "reported_at": "reported",
    "updated_at": "updated",
}
SORT_HELP: dict[SortKey, str] = {
    "due": "most urgent first",
    "number": "by ticket number",
    "severity": "most severe first",
    "reported": "by the report, oldest first",
    "updated": "by the last change, oldest first",
    "status": "by status",
    "owner": "by owner",
    "customer": "by customer",
    "subject": "by subject",
}
# Words that are part of the grammar and so never free text, unless quoted.
OPERATOR_WORDS = ("or", "and", "not")

_BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}


def field_named(name: str) -> Field | None:
    """The field of a name or alias, in any case; None when there is none."""
    lowered = name.lower()
    return _BY_NAME.get(lowered) or _BY_NAME.get(lowered.replace("_", "-"))


def nearest(word: str, choices: tuple[str, ...]) -> str:
    """The closest of the choices, or "" when none is near."""
    from difflib import get_close_matches  # only a faulty query needs it

    found = get_close_matches(word.lower()[:40], choices, n=1, cutoff=0.6)
    return found[0] if found else ""


def field_names() -> tuple[str, ...]:
    """Every name and alias of a field, and "sort" and "is"."""
    return (*_BY_NAME, "sort", "is")


def help_text() -> str:
    """The page that the command line and the console show for the query language."""
    fields = "\n".join(f"  {field.name + ':':<14} {field.help}" for field in FIELDS)
    flags = "\n".join(f"  {name:<14} {text}" for name, text in FLAGS.items())
    keys = "\n".join(f"  sort:{key:<9} {text}" for key, text in SORT_HELP.items())
    return _PAGE.format(fields=fields, flags=flags, keys=keys)


_PAGE = """\
A query is a list of conditions; a ticket must meet all of them.

  sev:1,2 status:open -tag:spam owner:@me    all four (a comma means "or" within one field)
  customer:"Acme Corp" or (sev:1 overdue)    or, and parentheses
  not owner:none        -owner:none          the opposite
  tape "wrong byte count"                    words anywhere in the ticket; quoted: side by side
  #1042                                      the ticket of that number

Fields
{fields}

Flags
{flags}

Values
  Text is compared without regard to case and as a whole; Hyper* begins with, *IP* contains.
  none (unknown, not set) and any (known) work with every field; quote them to mean the words.
  Numbers and times take <, <=, > and >=, and ranges such as 1..3, 2026-11-01..2026-11-20 or 1d..
  A length of time is an age where the field lies in the past, and time left where it lies ahead:
    reported:>2d   reported more than two days ago     reported:<2h   in the last two hours
    due:<30m       due within 30 minutes, or over      due:>1d        not before tomorrow this time
  A day or month stands for all of it: reported:2026-11-01, reported:2026-11, due:tomorrow, due:<17:00.
  Days begin and end in the desk's zone.

Order (a minus turns it round: sort:-reported)
{keys}
"""
