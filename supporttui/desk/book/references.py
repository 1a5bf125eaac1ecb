"""Records by the names that people use for them, and back.

Invariant: the text that `Names.reference` gives finds the same record again, or
says of which several it could be.  "#12" always means the record with that id.
"""

from __future__ import annotations

from typing import Any

from supporttui.desk import check
from supporttui.desk.session import Desk
from supporttui.errors import NotFound, UsageError
from supporttui.store import book
from supporttui.store.book import KINDS
from supporttui.store.book_criteria import begins, equal, on_hosts_of
from supporttui.store.columns import fold

from .fields import sheet_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from supporttui.store.book_criteria import Criterion

# The column that names a record of a kind.
NAMED_BY = {
    "customer": "name", "site": "code", "contact": "name", "product": "name", "release": "name", "os-release": "name",
    "licence": "number", "contract": "number", "host": "name", "quotation": "number", "known-error": "title",
}  # fmt: skip
OWNED = frozenset(kind for kind, spec in KINDS.items() if "customer" in spec.columns)
MOST_NAMED = 3  # of those that it could be, as many stand in the message
NEAR = 2_000  # names that are looked through for the nearest one


def find(
    desk: Desk,
    kind: str,
    reference: str,
    *,
    customer: int = 0,
    product: int = 0,
    removed: bool = False,
    hint: bool = True,
) -> Any:
    """The record that a person means.

    customer, product: whose it must be (0: anybody's).  removed: a removed one too.  hint: say what to do when
    there is none.  Errors: NotFound with the nearest name, UsageError where it could be several.
    """
    sheet = sheet_of(kind)
    text = " ".join(reference.split())
    if not text:
        raise UsageError(f"which {sheet.title}? write {_how(kind)}")
    found = _matching(desk, kind, text, customer, product, removed)
    if not found:
        more = _hint(desk, kind, text, customer, product, removed) if hint else ""
        raise NotFound(f"there is no {sheet.title} {check.quoted(text)}{more}")
    if len(found) > 1:
        found = _preferred(kind, found)
    if len(found) > 1:
        names = Names(desk)
        which = ", ".join(f"#{one.id} ({names.label(kind, one)})" for one in found[:MOST_NAMED])
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise UsageError(
            f"{check.quoted(text)} may be {which}{more}: write which one, such as #{found[0].id}"
        )
    return found[0]


def _preferred(kind: str, found: list[Any]) -> list[Any]:
    """Periods of one chain of contracts may share their number: it means the latest of them."""
    if kind != "contract" or len({one.package for one in found}) > 1:
        return found
    return [max(found, key=lambda one: (str(one.start_on or ""), one.id))]


def _matching(desk: Desk, kind: str, text: str, customer: int, product: int, removed: bool) -> list[Any]:
    if text.startswith("#") and text[1:].isascii() and text[1:].isdigit():
        return _by_id(desk, kind, text[1:], customer, product, removed)
    if kind == "known-error" and text[:1] in "kK" and text[1:].isascii() and text[1:].isdigit():
        return _by_id(desk, kind, text[1:], customer, product, removed)
    found = _by_name(desk, kind, text, customer, product, removed)
    if not found and text.isascii() and text.isdigit():
        found = _by_id(desk, kind, text, customer, product, removed)
    return found


def _by_id(desk: Desk, kind: str, digits: str, customer: int, product: int, removed: bool) -> list[Any]:
    if len(digits) > 18:
        return []
    whose = _scope(kind, customer, product)
    return book.select(desk.store, kind, equal(id=int(digits)), *whose, removed=removed)


def _scope(kind: str, customer: int, product: int) -> list[Criterion]:
    """Whose the record must be."""
    found: list[Criterion] = []
    if customer and kind in OWNED:
        found.append(equal(customer=customer))
    elif customer and kind == "installation":
        found.append(on_hosts_of(customer))
    if product and "product" in KINDS[kind].columns:
        found.append(equal(product=product))
    return found


def _by_name(desk: Desk, kind: str, text: str, customer: int, product: int, removed: bool) -> list[Any]:
    found = (
        _exact(desk, kind, text, customer, product, removed)
        if kind in NAMED_BY and kind != "os-release"
        else []
    )
    if found:
        return found
    if kind == "customer":
        return book.numbered(desk.store, text, removed=removed)
    for whose, rest in _split(kind, text):
        if found := _under(desk, kind, whose, rest, customer, product, removed):
            return found
    return []


def _exact(desk: Desk, kind: str, text: str, customer: int, product: int, removed: bool) -> list[Any]:
    whose = _scope(kind, customer, product)
    return book.select(desk.store, kind, equal(**{NAMED_BY[kind]: text}), *whose, removed=removed)


def _split(kind: str, text: str) -> Iterator[tuple[str, str]]:
    """Where a name may end and the next one begin: "HyperIP 7.2", "Acme Corp/mvs1"."""
    if kind in ("site", "host", "contact"):
        marks = [at for at, char in enumerate(text) if char == "/"]
        yield from ((text[:at].strip(), text[at + 1 :].strip()) for at in marks)
    elif kind in ("release", "os-release", "installation"):
        marks = [at for at, char in enumerate(text) if char == " "]
        yield from ((text[:at], text[at + 1 :]) for at in reversed(marks))


def _under(
    desk: Desk, kind: str, whose: str, rest: str, customer: int, product: int, removed: bool
) -> list[Any]:
    if not whose or not rest:
        return []
    if kind == "os-release":
        return book.select(desk.store, kind, equal(os=whose, name=rest), removed=removed)
    if kind == "installation":
        return _installed(desk, whose, rest, customer, removed)
    if kind == "release":
        return _released(desk, whose, rest, product, removed)
    owners = _matching(desk, "customer", whose, 0, 0, removed)
    return [
        one
        for owner in owners
        if customer in (0, owner.id)
        for one in _exact(desk, kind, rest, owner.id, 0, removed)
    ]


def _released(desk: Desk, whose: str, rest: str, product: int, removed: bool) -> list[Any]:
    """A release as "PRODUCT LEVEL", or where its product is known as "LEVEL EDITION"."""
    if product:
        of_product = _exact(desk, "release", whose, 0, product, removed)
        if found := [one for one in of_product if fold(one.edition) == fold(rest)]:
            return found
    owners = _exact(desk, "product", whose, 0, 0, removed)
    found = []
    for owner in owners:
        found += _exact(desk, "release", rest, 0, owner.id, removed)
        for level, edition in _split("release", rest):
            of_product = _exact(desk, "release", level, 0, owner.id, removed)
            found += [one for one in of_product if fold(one.edition) == fold(edition)]
    return found


def _installed(desk: Desk, whose: str, rest: str, customer: int, removed: bool) -> list[Any]:
    hosts = _matching(desk, "host", whose, customer, 0, removed)
    products = _exact(desk, "product", rest, 0, 0, removed)
    return [
        one
        for host in hosts
        for product in products
        for one in book.select(
            desk.store, "installation", equal(host=host.id, product=product.id), removed=removed
        )
    ]


def _how(kind: str) -> str:
    named = NAMED_BY.get(kind)
    return f"its {named} or #id" if named else "its #id; the list shows it"


def _hint(desk: Desk, kind: str, text: str, customer: int, product: int, removed: bool) -> str:
    """What to do: the nearest name, that it was removed or is another's, or how to see them all or write the first."""
    sheet = sheet_of(kind)
    if not removed and _matching(desk, kind, text, customer, product, True):
        return f" any more: it was removed; supporttui {sheet.command} restore brings it back"
    if not removed and (elsewhere := _matching(desk, kind, text, 0, 0, False) if customer or product else []):
        whose = "product" if product and getattr(elsewhere[0], "product", product) != product else "customer"
        return f" of that {whose}: it is {Names(desk).label(kind, elsewhere[0])}"
    if kind in NAMED_BY:
        whose_else = _scope(kind, customer, product)
        spelled = book.spellings(desk.store, kind, NAMED_BY[kind], *whose_else, limit=NEAR)
        if not spelled:
            return f" yet; supporttui {sheet.command} add writes one"
        from difflib import get_close_matches

        by_fold = {fold(name): name for name in spelled}
        wanted = fold(text.rpartition(" ")[2] if kind in ("release", "os-release") else text)
        if close := get_close_matches(wanted, by_fold, n=1):
            return f"; did you mean '{by_fold[close[0]]}'?"
    return f"; supporttui {sheet.command} list shows them"


class Names:
    """What records are called, each read once: for pages and lists that name many."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[tuple[str, int], Any] = {}

    def load(self, kind: str, records: Iterable[Any]) -> None:
        """Read at once whatever these records refer to."""
        wanted: dict[str, set[int]] = {}
        for field in sheet_of(kind).fields:
            if field.type == "reference" and not field.narrows:
                wanted.setdefault(field.reference, set()).update(getattr(one, field.name) for one in records)
        for other, ids in wanted.items():
            fresh = self._read(other, ids)
            if fresh and other in ("release", "host"):
                self.load(other, fresh)

    def _read(self, kind: str, ids: Iterable[int]) -> list[Any]:
        missing = sorted(one for one in ids if one and (kind, one) not in self._known)
        found = book.of_ids(self._desk.store, kind, missing, removed=True)
        self._known.update(((kind, one.id), one) for one in found)
        return found

    def record(self, kind: str, id: int) -> Any:
        """The record, a removed one too; None where there is none."""
        if id and (kind, id) not in self._known:
            self._read(kind, [id])
        return self._known.get((kind, id))

    def text(self, kind: str, id: int) -> str:
        """The reference to a record by its id, "" for 0."""
        found = self.record(kind, id) if id else None
        return self.reference(kind, found) if found is not None else f"#{id}" if id else ""

    def reference(self, kind: str, record: Any) -> str:
        """What `find` takes for a record: its name where it has one, else "#id"."""
        if kind == "release":
            whole = f"{self.text('product', record.product)} {record.name} {record.edition}"
            return whole.strip()
        if kind == "os-release":
            return f"{record.os} {record.name}"
        named = getattr(record, NAMED_BY[kind], "") if kind in NAMED_BY else ""
        return str(named) or f"#{record.id}"

    def label(self, kind: str, record: Any) -> str:
        """A record in a message: "licence L-2041 of Acme Corp"."""
        title = sheet_of(kind).title
        said = f"{title} {self.reference(kind, record)}"
        if kind == "installation":
            host = self.record("host", record.host)
            whose = f" of {self.text('customer', host.customer)}" if host else ""
            return f"{self.text('product', record.product)} on {self.text('host', record.host)}{whose}"
        if kind == "known-error":
            return f"{said} in {self.text('product', record.product)}"
        return f"{said} of {self.text('customer', record.customer)}" if kind in OWNED else said


def named_records(
    desk: Desk, kind: str, prefix: str, limit: int, customer: int = 0, product: int = 0
) -> Sequence[str]:
    """Names that begin so, for completion; of a customer or a product where that is given."""
    names = Names(desk)
    whose = _scope(kind, customer, product)
    if kind not in NAMED_BY:
        return [f"#{one.id}" for one in book.select(desk.store, kind, *whose, limit=limit)]
    named = NAMED_BY[kind]
    beginning = begins(named, " ".join(prefix.split()))
    found = book.select(desk.store, kind, beginning, *whose, order=(named,), limit=limit)
    names.load(kind, found)
    return list(dict.fromkeys(names.reference(kind, one) for one in found))
