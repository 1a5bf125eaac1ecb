"""Reading the book: lists, one record with the names of what it refers to, and what happened to it."""

from __future__ import annotations

from supporttui.desk.look import snapshot
from supporttui.desk.session import Desk
from supporttui.errors import UsageError
from supporttui.quickclass import dataclass
from supporttui.store import book
from supporttui.store.book import KINDS
from supporttui.store.book_criteria import equal, on_hosts_of, showing

from .deeds import changes_of
from .fields import Field, sheet_of
from .references import NAMED_BY, Names
from .values import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from supporttui.store.book_criteria import Criterion

ORDERS = {
    "contract": ("customer", "package", "start_on", "id"), "licence": ("customer", "product", "purchased_on", "id"),
    "release": ("product", "released_on", "id"), "installation": ("host", "product", "id"),
    "os-release": ("os", "name", "id"), "modification": ("customer", "noted_on", "id"),
    "quotation": ("customer", "support_from", "id"),
}  # fmt: skip
WORDED = frozenset(
    {"text", "long", "choice", "email", "phone", "zone"}
)  # types of fields that words are looked for in


def listed(
    desk: Desk,
    kind: str,
    of: Mapping[str, Any] | None = None,
    *,
    words: str = "",
    removed: bool = False,
    limit: int = 0,
) -> list[Any]:
    """Records of a kind, by name.

    of: fields and the value that each must have (references by id), such as {"customer": 3}; an installation
    may be asked by its host's customer.  words: all of them stand in its text fields, case ignored.
    removed: removed ones too.  limit: 0 is all.  Errors: UsageError.
    """
    criteria = [_criterion(kind, name, value) for name, value in (of or {}).items()]
    if words.strip():
        criteria.append(showing([one.name for one in sheet_of(kind).fields if one.type in WORDED], words))
    order = ORDERS.get(kind) or (NAMED_BY[kind], "id")
    with snapshot(desk):
        return book.select(desk.store, kind, *criteria, order=order, limit=limit, removed=removed)


def _criterion(kind: str, name: str, value: Any) -> Criterion:
    if kind == "installation" and name == "customer":
        return on_hosts_of(value)
    if name not in KINDS[kind].columns:
        raise UsageError(f"{sheet_of(kind).one} has no field '{name}'")
    return equal(**{name: value})


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a record as people read it.  to: the id of the record that it names, 0 for none."""

    field: Field
    text: str
    to: int = 0


def page(desk: Desk, kind: str, record: Any, names: Names | None = None) -> tuple[Shown, ...]:
    """Every field of a record as text, references by name, in the order of forms."""
    names = names or Names(desk)
    return tuple(
        Shown(field, text_of(names, field, record), _to(field, record))
        for field in sheet_of(kind).fields
        if not field.narrows
    )


def _to(field: Field, record: Any) -> int:
    return int(getattr(record, field.name)) if field.type == "reference" else 0


def text_of(names: Names, field: Field, record: Any) -> str:
    """One field of a record as text that an entry reads again."""
    if field.narrows:
        host = names.record("host", record.host)
        return names.text("customer", host.customer) if host else ""
    value = getattr(record, field.name)
    if field.type != "reference":
        return shown(field, value)
    if not value or (field.name == "package" and hasattr(record, "package") and value == record.id):
        return ""
    other = names.record(field.reference, value)
    if other is None:
        return f"#{value}"
    return names.reference(field.reference, other)


def texts(desk: Desk, kind: str, record: Any) -> dict[str, str]:
    """The values of a form for a record: field → text."""
    names = Names(desk)
    return {field.name: text_of(names, field, record) for field in sheet_of(kind).fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of a record's history.  changes: (field, before, after).  undone: an undo took it back since."""

    id: int
    at: datetime
    actor: str
    what: str
    version: int
    changes: tuple[tuple[str, str, str], ...] = ()
    undoes: int = 0
    undone: bool = False


def history(desk: Desk, kind: str, id: int, limit: int = 200) -> list[Happened]:
    """What happened to a record, the newest first."""
    sheet_of(kind)
    with snapshot(desk):
        found = book.events_of(desk.store, kind, id, limit)
        names = Names(desk)
        undone: set[int] = set()
        lines = []
        for one in found:
            if one.undoes and one.id not in undone:
                undone.add(one.undoes)
            lines.append(
                Happened(
                    id=one.id, at=one.at, actor=one.actor, what=one.what, version=one.version, undoes=one.undoes,
                    changes=tuple(changes_of(names, one)), undone=one.id in undone,
                )
            )  # fmt: skip
    return lines
