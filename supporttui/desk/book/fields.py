"""What people enter of each kind of record: the one table behind forms, options, imports and docs/book.md.

Pure data: nothing here reads a store or a policy.  A test holds every field
against the records of `store.book_records`.
"""

from __future__ import annotations

from typing import Literal

from supporttui.errors import UsageError
from supporttui.quickclass import dataclass

Type = Literal[
    "text",
    "long",
    "day",
    "money",
    "currency",
    "yes",
    "number",
    "zone",
    "email",
    "phone",
    "choice",
    "reference",
]
"""text: one line; long: several; day: a civil date; number: whole, 0 or more; choice: one of a list;
reference: another record, by the name that people use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind.

    title: as forms and pages show it.  help: one line, what belongs in it.  reference: the kind that is
    referred to; within: the fields of the same record that say whose (a site, of which customer).
    choices: the words that are valid; policy: the policy's list that has them instead ("plans"; where
    that is empty, any word goes).  suggests: the policy's list that is only offered.  example: how it may be written.
    narrows: it is not kept, it only says whose record the others mean.
    """

    name: str
    title: str
    type: Type = "text"
    help: str = ""
    required: bool = False
    reference: str = ""
    within: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    policy: str = ""
    suggests: str = ""
    example: str = ""
    narrows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one kind of record is: its words, its fields, and what tells one from another.

    plural: in lists and messages.  command: its family on the command line.  known_by: the fields that
    a second import recognises a record by.  shown: the columns of a list.
    """

    kind: str
    title: str
    plural: str
    command: str
    fields: tuple[Field, ...]
    known_by: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def one(self) -> str:
        """ "a licence", "an installation"."""
        return f"{'an' if self.title[0] in 'aeiou' else 'a'} {self.title}"

    def field(self, name: str) -> Field:
        """The field of this name, or title (case, blanks, "-" and "_" count as equal).  Errors: UsageError."""
        for one in self.fields:
            if one.name == name:
                return one
        wanted = plain_name(name)
        for one in self.fields:
            if wanted in (plain_name(one.name), plain_name(one.title)):
                return one
        from supporttui.desk.check import nearest, quoted

        names = [one.name for one in self.fields]
        raise UsageError(f"{self.one} has no field {quoted(name)}{nearest(wanted.replace(' ', '_'), names)}")


def plain_name(name: str) -> str:
    """A field's name or title as it is compared."""
    return " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()


def _customer(help: str) -> Field:
    return Field(
        name="customer", title="Customer", type="reference", reference="customer", required=True, help=help,
        example="Acme Corp",
    )  # fmt: skip


def _product(help: str, *, required: bool = True) -> Field:
    return Field(
        name="product", title="Product", type="reference", reference="product", required=required, help=help,
        example="HyperIP",
    )  # fmt: skip


def _site(help: str) -> Field:
    return Field(
        name="site", title="Site", type="reference", reference="site", within=("customer",), help=help, example="MSP-1"
    )  # fmt: skip


def _day(name: str, title: str, help: str) -> Field:
    return Field(name=name, title=title, type="day", help=help, example="2026-11-22")


def _money(name: str, title: str, help: str) -> Field:
    return Field(name=name, title=title, type="money", help=help, example="1,234.50")


_CURRENCY = Field(
    name="currency", title="Currency", type="currency", help="ISO code of the amounts", example="EUR"
)
_NOTES = Field(name="notes", title="Notes", type="long", help="anything else worth knowing")
_ZONE = Field(
    name="zone", title="Time zone", type="zone", help="IANA name of the local time", example="Asia/Tokyo"
)
_PHONE = Field(
    name="phone", title="Telephone", type="phone", help="with country code", example="+1 763 555 0100"
)

_SHEETS = (
    Sheet(
        kind="customer", title="customer", plural="customers", command="customer",
        known_by=("name",), shown=("name", "key", "plan", "zone"),
        fields=(
            Field(name="name", title="Name", required=True, help="as tickets name it", example="Acme Corp"),
            Field(name="key", title="Customer number", help="the number or short name it has with you", example="10042"),
            Field(name="plan", title="Plan", type="choice", policy="plans",
                  help="the support plan that holds where no package says otherwise"),
            _ZONE, _NOTES,
        ),
    ),
    Sheet(
        kind="site", title="site", plural="sites", command="site",
        known_by=("customer", "code"), shown=("code", "customer", "name", "zone", "phone"),
        fields=(
            _customer("whose place it is"),
            Field(name="code", title="Site ID", required=True, help="the site ID that customers quote", example="MSP-1"),
            Field(name="name", title="Name", help="what people call it", example="Minneapolis"),
            _ZONE,
            Field(name="address", title="Address", type="long", help="where it is"),
            _PHONE, _NOTES,
        ),
    ),
    Sheet(
        kind="contact", title="contact", plural="contacts", command="contact",
        known_by=("customer", "name"), shown=("name", "customer", "email", "phone", "site"),
        fields=(
            _customer("for whom the person works"),
            Field(name="name", title="Name", required=True, help="the person's name", example="J. Ortiz"),
            Field(name="email", title="E-mail", type="email", help="address", example="ortiz@acme.example"),
            _PHONE, _site("where the person is"), _NOTES,
        ),
    ),
    Sheet(
        kind="product", title="product", plural="products", command="product",
        known_by=("name",), shown=("name", "family", "notes"),
        fields=(
            Field(name="name", title="Name", required=True, suggests="products", help="as tickets name it", example="HyperIP"),
            Field(name="family", title="Family", help="joins products that belong together", example="WAN"),
            _NOTES,
        ),
    ),
    Sheet(
        kind="release", title="release", plural="releases", command="release",
        known_by=("product", "name", "edition"),
        shown=("product", "name", "edition", "released_on", "replaces", "support_ends_on"),
        fields=(
            _product("of which product"),
            Field(name="name", title="Level", required=True, help="the release level", example="7.2"),
            Field(name="edition", title="Edition", help="where editions have releases of their own"),
            Field(name="kind", title="Kind", type="choice", choices=("major", "minor", "service"), help="how large a step it is"),
            _day("released_on", "Released on", "when customers could get it"),
            Field(name="replaces", title="Replaces", type="reference", reference="release", within=("product",),
                  help="the release it follows; of another product: a replacement product", example="7.1"),
            _day("support_ends_on", "Support ends on", "the last day of support, where one was announced for it"),
            _NOTES,
        ),
    ),
    Sheet(
        kind="os-release", title="operating-system release", plural="operating-system releases", command="os",
        known_by=("os", "name"), shown=("os", "name", "accessed_on", "notes"),
        fields=(
            Field(name="os", title="Operating system", required=True, help="its name", example="z/OS"),
            Field(name="name", title="Release", required=True, help="its release level", example="3.1"),
            _day("accessed_on", "Accessed on", "when the team got access to it"),
            _NOTES,
        ),
    ),
    Sheet(
        kind="licence", title="licence", plural="licences", command="licence",
        known_by=("number", "customer", "product", "edition", "site", "purchased_on"),
        shown=("number", "customer", "product", "edition", "purchased_on", "price", "currency", "package"),
        fields=(
            _customer("who bought it"), _product("which product"),
            Field(name="number", title="Number", help="licence or order number", example="L-2041"),
            _site("where it is used"),
            Field(name="edition", title="Edition", help="the edition that was bought", example="Enterprise"),
            Field(name="users", title="Users", type="number", help="how many users were bought", example="25"),
            Field(name="users_added", title="Users added", type="number",
                  help="since the purchase, not in the price: renewals go past sales"),
            _day("purchased_on", "Purchased on", "support packages begin on this day"),
            _day("shipped_on", "Shipped on", "the warranty counts from this day"),
            _day("ended_on", "Ended on", "its last day, if it ended"),
            _money("price", "Price", "what was paid for it once"),
            _CURRENCY,
            _money("monthly_charge", "Monthly charge", "for a rented product; standard support is part of it"),
            _day("charge_paid_to", "Charge paid to", "the last day that is paid for; empty: taken as paid"),
            Field(name="package", title="Package", type="reference", reference="contract", within=("customer",),
                  help="a contract of the chain that covers it", example="C-1007"),
            _NOTES,
        ),
    ),
    Sheet(
        kind="contract", title="contract", plural="contracts", command="contract",
        known_by=("number", "customer", "plan", "start_on"),
        shown=("number", "customer", "plan", "start_on", "end_on", "ended_on", "price", "currency"),
        fields=(
            _customer("with whom"),
            Field(name="plan", title="Plan", type="choice", policy="plans", required=True, help="the plan that was bought"),
            Field(name="number", title="Number", help="contract or order number", example="C-1007"),
            _day("ordered_on", "Ordered on", "when it was bought"),
            _day("start_on", "First day", "of the period; left out, the day on which its licence was purchased"),
            _day("end_on", "Last day", "of the period; left out, as the plan's years give it"),
            _day("ended_on", "Ended early on", "its last day, if it was ended before"),
            _money("price", "Price paid", "for the whole period"),
            _CURRENCY,
            Field(name="package", title="Renews", type="reference", reference="contract", within=("customer",),
                  help="any contract of the chain that this one continues; empty: the first of its chain", example="C-1007"),
            _NOTES,
        ),
    ),
    Sheet(
        kind="host", title="host", plural="hosts", command="host",
        known_by=("customer", "name"), shown=("name", "customer", "site", "os", "os_release"),
        fields=(
            _customer("whose CPU it is"),
            Field(name="name", title="Name", required=True, help="host name, or the CPU's serial", example="mvs1"),
            _site("where it stands"),
            Field(name="os", title="Operating system", help="what runs on it", example="z/OS"),
            Field(name="os_release", title="OS release", help="the release level of that", example="3.1"),
            _NOTES,
        ),
    ),
    Sheet(
        kind="installation", title="installation", plural="installations", command="installation",
        known_by=("host", "product", "installed_on"),
        shown=("host", "product", "release", "tcp_ip", "installed_on", "removed_on"),
        fields=(
            Field(name="customer", title="Customer", type="reference", reference="customer", narrows=True,
                  help="whose host it is, where two customers have one of that name", example="Acme Corp"),
            Field(name="host", title="Host", type="reference", reference="host", within=("customer",), required=True,
                  help="the CPU on which it is installed", example="mvs1"),
            _product("which product"),
            Field(name="release", title="Release", type="reference", reference="release", within=("product",),
                  help="its release level", example="7.2"),
            Field(name="tcp_ip", title="TCP/IP", type="yes", help="set up to use TCP/IP", example="yes"),
            _day("installed_on", "Installed on", "since when"),
            _day("removed_on", "Removed on", "its last day on that host"),
            _NOTES,
        ),
    ),
    Sheet(
        kind="modification", title="modification", plural="modifications", command="modification",
        known_by=("customer", "product", "host", "what", "noted_on"),
        shown=("customer", "product", "host", "what", "noted_on", "authorised", "ended_on"),
        fields=(
            _customer("whose host software was changed"),
            Field(name="what", title="What", type="long", required=True, help="what was changed", example="exit 7 replaced"),
            _product("which product; empty: all of the customer's", required=False),
            Field(name="host", title="Host", type="reference", reference="host", within=("customer",),
                  help="on which host; empty: all of them", example="mvs1"),
            _day("noted_on", "Noted on", "since when it is known"),
            Field(name="authorised", title="Authorised", type="yes", help="whether you agreed to it", example="no"),
            Field(name="authorised_by", title="Authorised by", help="who agreed"),
            _day("ended_on", "Ended on", "the last day on which it was in place"),
        ),
    ),
    Sheet(
        kind="quotation", title="quotation", plural="quotations", command="quotation",
        known_by=("customer", "number", "product"),
        shown=("number", "customer", "product", "support_from", "support_to", "grants"),
        fields=(
            _customer("who got it"),
            Field(name="number", title="Number", required=True, help="the quotation's number", example="Q-311"),
            _product("for which product; empty: every product", required=False),
            _day("quoted_on", "Quoted on", "its date"),
            _day("support_from", "Free support from", "first day of the support that it grants"),
            _day("support_to", "Free support to", "last day of it"),
            Field(name="grants", title="Grants", type="long", help="in its own words, what is free"),
            _NOTES,
        ),
    ),
    Sheet(
        kind="known-error", title="known error", plural="known errors", command="known",
        known_by=("product", "title"), shown=("product", "title", "state", "found_in", "fixed_in"),
        fields=(
            _product("in which product"),
            Field(name="title", title="Title", required=True, help="the error in a few words"),
            Field(name="symptom", title="Symptom", type="long", help="what a customer sees"),
            Field(name="workaround", title="Workaround", type="long", help="what helps until it is corrected"),
            Field(name="found_in", title="Found in", help="the releases that show it, with commas; empty: all", example="7.1, 7.2"),
            Field(name="state", title="State", type="choice", help="how far it is",
                  choices=("reported", "confirmed", "workaround", "planned", "fixed")),
            Field(name="fixed_in", title="Fixed in", type="reference", reference="release", within=("product",),
                  help="the release that corrects it", example="7.3"),
            Field(name="reproducible", title="Reproducible", type="yes", help="it can be shown at will"),
            Field(name="material", title="Material", type="yes", help="it significantly impairs use"),
            _NOTES,
        ),
    ),
)  # fmt: skip

SHEETS: dict[str, Sheet] = {sheet.kind: sheet for sheet in _SHEETS}


def sheet_of(kind: str) -> Sheet:
    """The sheet of a kind.  Errors: UsageError."""
    try:
        return SHEETS[kind]
    except KeyError:
        from supporttui.desk.check import nearest, quoted

        raise UsageError(f"the book has no {quoted(kind)}{nearest(kind, SHEETS)}") from None


def fields_of(kind: str) -> tuple[Field, ...]:
    """What people enter of a kind, in the order of forms.  Errors: UsageError."""
    return sheet_of(kind).fields
