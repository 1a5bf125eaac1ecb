"""How records of the book are printed: one line, a page, a list; JSON has ids beside names.

Days are YYYY-MM-DD, money is decimal text, references are by name and, in JSON, by id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .output import Column, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from supporttui.desk.book import Names

    from .session import Session

PAGE = 500  # records whose names are read at once
# What `customer show` prints below the customer: kind → heading.
PARTS = (
    ("site", "Sites"), ("contact", "Contacts"), ("licence", "Licences"), ("contract", "Contracts"), ("host", "Hosts"),
    ("installation", "Installed"), ("modification", "Modifications"), ("quotation", "Quotations"),
)  # fmt: skip
RIGHT = frozenset({"money", "number"})


def record_json(kind: str, record: Any, names: Names) -> dict[str, Any]:
    """A record: id, every field, version, removed; a reference is its name, with its id beside it."""
    from supporttui.desk.book.fields import sheet_of

    shown: dict[str, Any] = {"id": record.id}
    for field in sheet_of(kind).fields:
        if field.narrows:
            continue
        value = getattr(record, field.name)
        if field.type == "reference":
            shown[field.name] = names.text(field.reference, value)
            shown[f"{field.name}_id"] = value
        elif field.type == "money":
            shown[field.name] = None if value is None else format(value, "f")
        else:
            shown[field.name] = plain(value)
    return {**shown, "version": record.version, "removed": record.removed}


def print_list(session: Session, kind: str, records: Sequence[Any]) -> None:
    """Records in the form that was asked for."""
    out = session.out
    if out.form == "json":
        out.json_list(one for one in _json(session, kind, records))
    elif out.form == "tsv":
        print_tsv(session, kind, records)
    elif records:
        _table(session, kind, records)


def _json(session: Session, kind: str, records: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for names, some in _named(session, kind, records):
        yield from (record_json(kind, one, names) for one in some)


def _named(session: Session, kind: str, records: Sequence[Any]) -> Iterator[tuple[Names, Sequence[Any]]]:
    """Records with the names of what they refer to, some hundred at a time."""
    from supporttui.desk.book import Names

    for start in range(0, len(records), PAGE):
        names, some = Names(session.desk), records[start : start + PAGE]
        names.load(kind, some)
        yield names, some


def print_tsv(session: Session, kind: str, records: Sequence[Any]) -> None:
    """Every field by its name: what `import` takes again."""
    from supporttui.desk.book.fields import sheet_of
    from supporttui.desk.book.looking import text_of

    fields = sheet_of(kind).fields
    rows = (
        [one.id, *(text_of(names, field, one) for field in fields), one.version]
        for names, some in _named(session, kind, records)
        for one in some
    )
    session.out.tsv(["id", *(field.name for field in fields), "version"], rows)


def _table(session: Session, kind: str, records: Sequence[Any], *, without: str = "") -> None:
    """The columns that say something, the widest text last in line to give way."""
    from supporttui.desk.book.fields import sheet_of
    from supporttui.desk.book.looking import text_of

    sheet = sheet_of(kind)
    fields = [sheet.field(name) for name in sheet.shown if name != without]
    rows = [
        [f"#{one.id}", *(_cell(text_of(names, field, one)) for field in fields), *_gone(one, records)]
        for names, some in _named(session, kind, records)
        for one in some
    ]
    filled = [at for at in range(len(fields) + 1) if at == 0 or any(row[at] for row in rows)]
    titles = [Column("id", right=True), *(_column(field) for field in fields)]
    columns = [titles[at] for at in filled]
    if any(one.removed for one in records):
        columns.append(Column(""))
        filled.append(len(fields) + 1)
    session.out.table(columns, [[row[at] for at in filled] for row in rows])


def _column(field: Any) -> Column:
    flexible = field.name in ("notes", "what", "title", "grants", "name", "customer")
    return Column(field.title.lower(), right=field.type in RIGHT, flexible=flexible)


def _cell(text: str) -> str:
    return " ".join(text.split())


def _gone(record: Any, records: Sequence[Any]) -> list[str]:
    return ["removed" if record.removed else ""]


def print_record(session: Session, kind: str, record: Any, said: str) -> None:
    """One record after something was done to it."""
    print_records(session, kind, [record], said, alone=True)


def print_records(
    session: Session, kind: str, records: Sequence[Any], said: str, *, alone: bool = False
) -> None:
    """Records after something was done to them; alone: JSON is one object, not a list."""
    from supporttui.desk.book import Names
    from supporttui.desk.releasing import news

    names, out = Names(session.desk), session.out
    if out.form == "json":
        found = [record_json(kind, one, names) for one in records]
        out.json(found[0] if alone else found)
    elif out.form == "tsv":
        print_tsv(session, kind, records)
    else:
        for one in records:
            out.line(f"{names.label(kind, one)} {said} (#{one.id}, version {one.version})", clipped=True)
    for line in news(session.desk):
        session.hint(line)


def print_page(session: Session, kind: str, record: Any) -> None:
    """One record with every field that says something."""
    from supporttui.desk.book import Names

    names, out = Names(session.desk), session.out
    if out.form == "json":
        out.json(record_json(kind, record, names))
    elif out.form == "tsv":
        print_tsv(session, kind, [record])
    else:
        out.line(f"{names.label(kind, record)}  (#{record.id}, version {record.version})")
        _fields(session, kind, record, names)


def _fields(session: Session, kind: str, record: Any, names: Names) -> None:
    from supporttui.desk.book import page

    shown = page(session.desk, kind, record, names)
    short = [(one.field.title, one.text) for one in shown if one.text and "\n" not in one.text]
    session.out.pairs(pair for pair in short if pair[1] != "no")
    for one in shown:
        if "\n" in one.text:
            session.out.line(one.field.title)
            session.out.body(one.text, "    ")


# -- a customer, whole ----------------------------------------------------------------------------


def print_customer(session: Session, record: Any) -> None:
    """A customer with everything that the book has on it, and its open tickets."""
    from supporttui.desk import book
    from supporttui.desk.look import snapshot

    with snapshot(session.desk):
        parts = {kind: book.listed(session.desk, kind, {"customer": record.id}) for kind, _title in PARTS}
        tickets = _open_tickets(session, record.name)
    out = session.out
    if out.form == "json":
        shown = record_json("customer", record, book.Names(session.desk))
        for kind, title in PARTS:
            shown[title.lower()] = list(_json(session, kind, parts[kind]))
        out.json({**shown, "tickets": tickets_json(session, tickets)})
    elif out.form == "tsv":
        print_tsv(session, "customer", [record])
    else:
        print_page(session, "customer", record)
        for kind, title in PARTS:
            if parts[kind]:
                out.line()
                out.line(title)
                _table(session, kind, parts[kind], without="customer")
        _print_tickets(session, tickets)


def _open_tickets(session: Session, name: str) -> Sequence[Any]:
    from supporttui.store import tickets
    from supporttui.store.criteria import AllOf, Compare, Flag, Sort

    where = AllOf((Flag("open"), Compare("customer", "=", name)))
    return tickets.page(session.desk.store, where, Sort("due"), limit=PAGE)


def tickets_json(session: Session, tickets: Iterable[Any]) -> list[dict[str, Any]]:
    """Open tickets as `list` prints them."""
    from .shapes import line_json

    return [line_json(one, session.now) for one in tickets]


def _print_tickets(session: Session, tickets: Sequence[Any]) -> None:
    from .shapes import LINE_COLUMNS, line_cells

    out = session.out
    out.line()
    out.line("Open tickets" if tickets else "No open ticket.")
    if tickets:
        out.table(LINE_COLUMNS, [line_cells(one, session.now) for one in tickets])


# -- what happened --------------------------------------------------------------------------------


def print_history(session: Session, kind: str, record: Any) -> None:
    """What happened to a record, the newest first."""
    from supporttui.desk.book import Names, history

    found, out = history(session.desk, kind, record.id), session.out
    if out.form == "json":
        out.json_list(
            {
                "id": one.id, "at": plain(one.at), "actor": one.actor, "what": one.what, "version": one.version,
                "changes": [{"field": title, "from": old, "to": new} for title, old, new in one.changes],
                "undone": one.undone, "undoes": one.undoes,
            }
            for one in found
        )  # fmt: skip
        return
    rows = [(plain(one.at), one.actor, one.what, _changed(one), "yes" if one.undone else "") for one in found]
    if out.form == "tsv":
        out.tsv(("at", "actor", "what", "changes", "undone"), rows)
        return
    out.line(f"{Names(session.desk).label(kind, record)}  (#{record.id}, version {record.version})")
    for one in found:
        marks = "  (undone)" * one.undone + "  (an undo)" * bool(one.undoes)
        out.line(f"{session.local(one.at)}  {one.actor} {one.what} it{marks}")
        for title, old, new in one.changes:
            out.line(
                f"    {title}: {_cell(old)} → {_cell(new)}" if old else f"    {title}: {_cell(new)}",
                clipped=True,
            )


def _changed(one: Any) -> str:
    return "; ".join(f"{title}: {_cell(old)} → {_cell(new)}" for title, old, new in one.changes)
