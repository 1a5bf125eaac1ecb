"""Known errors: what is known of a fault, and which tickets are about it.

A known error goes from reported over confirmed, workaround and planned to fixed; a step that
says more than the record does is refused with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from supporttui.errors import NotFound, Refused, UsageError
from supporttui.quickclass import dataclass
from supporttui.store import book
from supporttui.store import known_errors as known_store
from supporttui.store.book_criteria import differs, equal
from supporttui.store.columns import fold
from supporttui.store.known_errors import Tally

from . import check
from .act import NOTHING, Change, Entry, change, transaction

if TYPE_CHECKING:
    from supporttui.store.book_criteria import Criterion
    from supporttui.store.book_records import KnownError, Product, Release
    from supporttui.store.records import Ticket

    from .session import Desk

KIND = "known-error"
STATES = ("reported", "confirmed", "workaround", "planned", "fixed")
# From a state to those that may follow; what is fixed comes back as confirmed.
MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    "reported": ("confirmed",),
    "confirmed": ("reported", "workaround", "planned", "fixed"),
    "workaround": ("confirmed", "planned", "fixed"),
    "planned": ("confirmed", "workaround", "fixed"),
    "fixed": ("confirmed", "planned"),
}
CORRECTED = ("planned", "fixed")  # the states that name the release of a correction
MOST_FOUND_IN = 500
_REFERENCE = re.compile(r"[kK#]?0*(\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A known error as people see it.  fixed_in: "NETEX 7.3", "" none; fixed_on: when that came or comes out."""

    record: KnownError
    product: str
    fixed_in: str = ""
    fixed_on: date | None = None
    tally: Tally = Tally()

    @property
    def name(self) -> str:
        return name_of(self.record.id)


def name_of(number: int) -> str:
    """ "K12", as people call it."""
    return f"K{number}"


# -- looking them up --------------------------------------------------------------------------------


def find(desk: Desk, reference: str | int) -> KnownError:
    """The known error called K12, 12, or by its whole title.  Errors: NotFound, UsageError."""
    text = str(reference).strip()
    with desk.store.read():
        if match := _REFERENCE.fullmatch(text):
            found = book.select(desk.store, KIND, equal(id=int(match[1])))
        else:
            found = book.select(desk.store, KIND, equal(title=text))
    if len(found) > 1:
        names = ", ".join(name_of(one.id) for one in found)
        raise UsageError(f"{check.quoted(text)} is the title of {names}: name one of them")
    if not found:
        raise NotFound(f"there is no known error {check.quoted(text)}")
    one: KnownError = found[0]
    return one


def show(desk: Desk, reference: str | int) -> Known:
    """One known error with its release and its counts."""
    with desk.store.read():
        return seen(desk, [find(desk, reference)])[0]


def listed(
    desk: Desk,
    *,
    product: str = "",
    state: str = "",
    release: str = "",
    text: str = "",
    limit: int = 0,
) -> list[Known]:
    """Known errors, the newest first.

    state: one of STATES, or "open" for all but fixed.  release: one that shows the error, by name.
    text: words that title, symptom and workaround must show.
    """
    criteria: list[Criterion] = []
    with desk.store.read():
        if product:
            criteria.append(equal(product=product_named(desk, product).id))
        if state and fold(state) == "open":
            criteria.append(differs(state="fixed"))
        elif state:
            criteria.append(equal(state=check.one_of("state", state, STATES)))
        found = book.select(desk.store, KIND, *criteria, order=("-id",))
        kept = [one for one in found if _shows(one, release, text)]
        return seen(desk, kept[:limit] if limit else kept)


def _shows(one: KnownError, release: str, text: str) -> bool:
    from .suggesting import releases_in

    shown = releases_in(one.found_in)
    if release and shown and fold(release) not in shown:
        return False
    said = fold(f"{name_of(one.id)} {one.title} {one.symptom} {one.workaround}") if text else ""
    return all(word in said for word in fold(text).split())


def seen(desk: Desk, records: Sequence[KnownError]) -> list[Known]:
    """Records with the names of what they refer to and their counts; the caller holds a snapshot."""
    releases = _by_id(desk, "release", {one.fixed_in for one in records if one.fixed_in})
    products = _by_id(desk, "product", {one.product for one in records})
    tallies = known_store.tallies(desk.store, [one.id for one in records])
    return [
        Known(
            record=one,
            product=products[one.product].name if one.product in products else "",
            fixed_in=_release_name(products, releases.get(one.fixed_in)),
            fixed_on=releases[one.fixed_in].released_on if one.fixed_in else None,
            tally=tallies.get(one.id, Tally()),
        )
        for one in records
    ]  # fmt: skip


def _by_id(desk: Desk, kind: str, ids: set[int]) -> dict[int, Any]:
    return {number: book.get(desk.store, kind, number) for number in ids}


def _release_name(products: Mapping[int, Product], release: Release | None) -> str:
    if release is None:
        return ""
    product = products.get(release.product)
    return f"{product.name if product else ''} {release.name}".strip()


def of_ticket(desk: Desk, number: int) -> list[Known]:
    """The known errors that a ticket was linked to."""
    with desk.store.read():
        records = [book.get(desk.store, KIND, known) for known in book.known_of(desk.store, number)]
        return seen(desk, [one for one in records if not one.removed])


def product_named(desk: Desk, name: str) -> Product:
    """A product of the book by its name.  Errors: NotFound."""
    found = book.select(desk.store, "product", equal(name=name.strip()))
    if not found:
        raise NotFound(f"the book has no product {check.quoted(name)}: add it first (supporttui product add)")
    one: Product = found[0]
    return one


def today(desk: Desk) -> date:
    """The civil day at the vendor's."""
    return desk.now().astimezone(desk.policy.zone).date()


def is_out(desk: Desk, release: Release) -> bool:
    """Whether a release is out: its day has come, at the vendor's."""
    return release.released_on is not None and release.released_on <= today(desk)


# -- what a record may say --------------------------------------------------------------------------


def checked(desk: Desk, old: KnownError | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an addition (old None) or those that a change sets anew, with what follows from them.

    A correction that is entered makes the state planned, or fixed when its release is out; a
    state without a correction forgets the release.  Errors: Refused with the reason, UsageError.
    """
    new = {**_plain(old), **values}
    if not str(new.get("title", "")).split():
        raise UsageError("a known error needs a title: say in a few words what goes wrong")
    if not new.get("product"):
        raise UsageError("a known error needs a product")
    if len(str(new.get("found_in", ""))) > MOST_FOUND_IN:
        raise UsageError(
            f"found_in has room for {MOST_FOUND_IN} characters; leave it empty for every release"
        )
    out = dict(values)
    if "title" in out:
        out["title"] = check.field("the title", str(out["title"]))
    if "found_in" in out:
        out["found_in"] = ", ".join(
            part for one in str(out["found_in"]).split(",") if (part := " ".join(one.split()))
        )
    release = _fixed_in(desk, new)
    state = check.one_of("state", str(values.get("state", "")), STATES) or _follows(
        desk, old, new, release, values
    )
    if state not in CORRECTED and release is not None and "fixed_in" not in values:
        out["fixed_in"], release = 0, None  # what is no longer planned has no release
    _check_state(desk, old, state, new, release)
    if old is None or state != old.state:
        out["state"] = state
    return out


def _plain(old: KnownError | None) -> dict[str, Any]:
    return {name: getattr(old, name) for name in old.__dataclass_fields__} if old else {}


def _fixed_in(desk: Desk, new: Mapping[str, Any]) -> Release | None:
    if not new.get("fixed_in"):
        return None
    release: Release = book.get(desk.store, "release", int(new["fixed_in"]))
    if release.product != new["product"]:
        product = book.get(desk.store, "product", int(new["product"])).name
        raise Refused(
            f"release {release.name} is none of {product}: the correction comes in a release of {product}"
        )
    return release


def _follows(
    desk: Desk,
    old: KnownError | None,
    new: Mapping[str, Any],
    release: Release | None,
    values: Mapping[str, Any],
) -> str:
    """The state where none was given: what the other values say."""
    state = old.state if old else "reported"
    if release is not None and (old is None or old.fixed_in != release.id):
        return "fixed" if is_out(desk, release) else "planned"
    if release is None and state in CORRECTED:
        return "workaround" if new.get("workaround") else "confirmed"
    marked = new.get("reproducible") and new.get("material")
    return (
        "confirmed"
        if state == "reported" and marked and {"reproducible", "material"} & set(values)
        else state
    )


def _check_state(
    desk: Desk, old: KnownError | None, state: str, new: Mapping[str, Any], release: Release | None
) -> None:
    it = name_of(old.id) if old else "it"
    settled = state == "fixed" and release is not None and old is not None and old.fixed_in == release.id
    if old is not None and state not in (old.state, *MAY_FOLLOW[old.state]) and not settled:
        raise Refused(_why_not(it, old.state, state))
    if state == "workaround" and not str(new.get("workaround", "")).strip():
        raise Refused(f"{it} has no workaround: write it first, or set the state to confirmed")
    if state in CORRECTED and release is None:
        raise Refused(f"{it} can't be {state} without a release: say in which it is corrected (fixed_in)")
    if state not in CORRECTED and release is not None:
        raise Refused(f"{it} is corrected in {release.name}: its state is planned, or fixed once that is out")
    if state == "fixed" and release is not None and not is_out(desk, release):
        raise Refused(f"{it} can't be fixed: {release.name} isn't out yet (it is planned until then)")
    if (
        state == "planned"
        and release is not None
        and is_out(desk, release)
        and (old is None or old.state != "planned")
    ):
        raise Refused(f"{it} can't be planned for {release.name}, which is out already: it is fixed")


def _why_not(it: str, old: str, new: str) -> str:
    if old == "reported":
        return f"{it} was only reported: confirm it first (state confirmed), then set {new}"
    if old == "fixed":
        return f"{it} is fixed: if the error came back, set it to confirmed"
    return f"{it} is {old} and can't go back to {new}: set it to confirmed, or undo what was done"


# -- writing ----------------------------------------------------------------------------------------


def add(desk: Desk, values: Mapping[str, Any], *, ticket: int = 0, batch: str = "") -> KnownError:
    """A new known error; ticket: linked to it at once, 0 for none.  References are ids."""
    from . import book as writing
    from .act import new_batch

    batch = batch or new_batch()
    with transaction(desk):
        record: KnownError = writing.add(desk, KIND, values, batch=batch)
        if ticket:
            link(desk, ticket, record.id, batch=batch)
        return record


def set_values(
    desk: Desk, known: int, values: Mapping[str, Any], *, seen: int | None = None, batch: str = ""
) -> KnownError:
    """Change a known error.  Errors: Refused for a state that it can't have, Conflict, UsageError."""
    from . import book as writing

    record: KnownError = writing.change(desk, KIND, known, values, seen=seen, batch=batch)
    return record


def from_ticket(ticket: Ticket, product: int) -> dict[str, Any]:
    """What a known error begins with that is made from a ticket: its fault, in its release."""
    return {
        "product": product, "title": ticket.subject, "symptom": ticket.description,
        "found_in": ticket.release, "state": "reported",
    }  # fmt: skip


def link(
    desk: Desk, number: int, known: int, *, remove: bool = False, seen: int | None = None, batch: str = ""
) -> Ticket:
    """Say that a ticket is about a known error, or no longer.  One undo takes it back."""

    def decide(_ticket: Ticket) -> Change:
        record = book.get(desk.store, KIND, known)
        if record.removed and not remove:
            raise Refused(f"{name_of(known)} was removed: restore it first")
        if (known in book.known_of(desk.store, number)) is not remove:
            return NOTHING
        (book.untie if remove else book.tie)(desk.store, known, number)
        data = {"known": known, "title": record.title[:200], "removed": remove}
        inverse = {"known": [known, "add" if remove else "remove"]}
        return Change(entries=(Entry(KIND, data=data, inverse=inverse),))

    return change(desk, number, decide, seen=seen, batch=batch)


def relink(desk: Desk, number: int, known: Sequence[Any], sign: int) -> None:
    """Undo (sign -1) or redo (1) a link: the inverse says what an undo does."""
    adds = (known[1] == "add") is (sign < 0)
    (book.tie if adds else book.untie)(desk.store, int(known[0]), number)
