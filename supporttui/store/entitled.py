"""What the book holds about one ticket's customer and product: few reads, each by an index.

Rows are tuples in the order that each function names; days are text, "" unknown.
"""

from __future__ import annotations

from supporttui.store.book import NUMBERED, lowered
from supporttui.store.columns import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from typing import Any

    from supporttui.store.session import Store

Row = tuple["Any", ...]
MOST = 12
"""Of more licences or contracts than this for one product only those are read that decide on the day."""


def customer(store: Store, text: str) -> Row | None:
    """(id, name, plan, zone) of the customer with this name, or else with this key."""
    sql = "SELECT id, name, plan, zone FROM customer WHERE {} AND removed = 0 LIMIT 1"
    found = store.execute(sql.format("name_key = ?"), (fold(text),))
    if not found:
        found = store.execute(sql.format(NUMBERED), lowered(text))
    return found[0] if found else None


def site_zone(store: Store, customer: int, code: str) -> str:
    """The zone of a customer's site, "" where it is the customer's own."""
    found = store.execute(
        "SELECT zone FROM site WHERE customer = ? AND code_key = ? AND removed = 0", (customer, fold(code))
    )
    return str(found[0][0]) if found else ""


def product(store: Store, text: str) -> Row | None:
    """(id, name) of the product with this name."""
    found = store.execute("SELECT id, name FROM product WHERE name_key = ? AND removed = 0", (fold(text),))
    return found[0] if found else None


def releases(store: Store, product: int, names: Sequence[str]) -> list[Row]:
    """(name, edition, released, support ends, follower, its product, its day, newer): one row for each follower.

    newer: a later release of the product of which isn't on file what it follows, "" for none.
    """
    marks = ", ".join("?" * len(names))
    return store.execute(
        "SELECT r.name, r.edition, r.released_on, r.support_ends_on, f.name, p.name, f.released_on, "
        "coalesce((SELECT n.name FROM product_release n WHERE n.product = r.product AND n.replaces = 0 "
        "AND n.released_on > r.released_on AND r.released_on <> '' AND n.edition IN ('', r.edition) "
        "AND n.removed = 0 ORDER BY n.released_on LIMIT 1), '') "
        "FROM product_release r "
        "LEFT JOIN product_release f ON f.replaces = r.id AND f.replaces <> 0 AND f.removed = 0 "
        "LEFT JOIN product p ON p.id = f.product "
        f"WHERE r.product = ? AND r.name_key IN ({marks}) AND r.removed = 0",
        (product, *(fold(name) for name in names)),
    )


def os_access(store: Store, os: str, release: str) -> list[Row]:
    """(day of access,) of a release of an operating system."""
    return store.execute(
        "SELECT accessed_on FROM os_release WHERE os_key = ? AND name_key = ? AND removed = 0",
        (fold(os), fold(release)),
    )


_LICENCE = "id, number, edition, purchased_on, shipped_on, ended_on, monthly_charge, charge_paid_to, package"
_CHARGED = "monthly_charge NOT IN ('', '0', '0.0', '0.00', '0.000')"


def licences(
    store: Store, customer: int, product: int, day: str, kinds: Container[str]
) -> tuple[list[Row], bool]:
    """((id, number, edition, purchased, shipped, ended, monthly charge, paid to, package) …, whether all are there).

    Of very many a few, with those that decide on a day for the kinds of rules that there are: "charge", whose
    runs longest, or else one that isn't on file; "warranty", which were shipped last.
    """
    sql = f"SELECT {_LICENCE} FROM licence WHERE customer = ? AND product = ? AND removed = 0"
    both = (customer, product)
    found = store.execute(f"{sql} LIMIT ?", (*both, MOST + 1))
    if len(found) <= MOST:
        return found, True
    chosen = found[:2]
    if "charge" in kinds:
        chosen += _charged(store, sql, both, day)
    if "warranty" in kinds:
        chosen += store.execute(f"{sql} AND shipped_on <= ? ORDER BY shipped_on DESC LIMIT 2", (*both, day))
    return list({row[0]: row for row in chosen}.values()), False


def _charged(store: Store, sql: str, both: tuple[int, int], day: str) -> list[Row]:
    """Licences whose charge runs longest; where none runs, one whose charge isn't on file and those paid last."""
    endless = f"{sql} AND charge_paid_to = '' AND {_CHARGED} AND purchased_on <= ?"
    if found := store.execute(f"{endless} AND ended_on = '' LIMIT 1", (*both, day)):
        return found
    ending = f"{endless} AND ended_on >= ? ORDER BY ended_on DESC LIMIT 2"
    running = (
        f"{sql} AND charge_paid_to >= ? AND {_CHARGED} AND purchased_on <= ? "
        "AND (ended_on = '' OR ended_on >= ?) ORDER BY charge_paid_to DESC LIMIT 3"
    )
    found = store.execute(ending, (*both, day, day)) + store.execute(running, (*both, day, day, day))
    if not found:
        found = store.execute(f"{sql} AND monthly_charge = '' LIMIT 1", both)
        found += store.execute(f"{sql} ORDER BY charge_paid_to DESC LIMIT 2", both)
    return found


_CONTRACT = "c.id, c.number, c.plan, c.start_on, c.end_on, c.ended_on, c.package"


def periods(
    store: Store, customer: int, product: int, packages: Sequence[int] | None, day: str, released: str
) -> list[Row]:
    """(id, number, plan, first, last, ended early, package) of the contracts that cover a product.

    packages: of all its licences, None when not all of them were read.  Where there are none, the contracts
    of the customer that no licence is tied to count.  Of very many those that decide on a day: running,
    coming, ended last, or running when the ticket's release came out.
    """
    if packages is None:
        found = store.execute(_PACKAGES, (customer, product, day, MANY + 1))
        if len(found) > MANY:
            return _searched(store, f"EXISTS ({_TIED_NOW})", (customer, product, day), day, released)
        packages = sorted({row[0] for row in found})
    if not packages:
        return _searched(store, f"NOT EXISTS ({_TIED})", (customer,), day, released)
    marks = ", ".join("?" * len(packages))
    found = store.execute(
        f"SELECT {_CONTRACT} FROM contract c WHERE c.package IN ({marks}) AND c.removed = 0", tuple(packages)
    )
    return found if len(found) <= MOST else _deciding(found, day, released)


MANY = 60
_PACKAGES = (
    "SELECT package FROM licence WHERE customer = ? AND product = ? AND package <> 0 AND removed = 0 "
    "AND (ended_on = '' OR ended_on >= ?) LIMIT ?"
)
_TIED = "SELECT 1 FROM licence l WHERE l.package = c.package AND l.package <> 0 AND l.removed = 0"
_TIED_NOW = f"{_TIED} AND l.product = ? AND (l.ended_on = '' OR l.ended_on >= ?)"


def _deciding(rows: Sequence[Row], day: str, released: str) -> list[Row]:
    """Of contracts those that decide on a day."""
    by_end = sorted(rows, key=lambda row: (row[4], row[0]), reverse=True)
    running = [row for row in by_end if row[3] <= day <= row[4] and (not row[5] or row[5] >= day)]
    coming = sorted((row for row in rows if row[3] > day), key=lambda row: (row[3], row[0]))
    ended = [row for row in by_end if "" < row[4] < day]
    early = [row for row in by_end if "" < row[5] < day <= row[4]]
    endless = [row for row in by_end if not row[4]]
    made = [row for row in by_end if released and row[3] <= released <= row[4]]
    chosen = (*running[:3], *coming[:MOST], *ended[:2], *_last_early(early), *endless[:1], *made[:1])
    return list({row[0]: row for row in chosen}.values())


def _last_early(rows: Sequence[Row]) -> Sequence[Row]:
    return sorted(rows, key=lambda row: (row[5], row[0]))[-1:]


def _searched(store: Store, tie: str, parameters: tuple[Any, ...], day: str, released: str) -> list[Row]:
    """The same of a customer's contracts that meet a condition, each part by their index."""
    sql = (
        f"SELECT {_CONTRACT} FROM contract c WHERE c.customer = ? AND {tie} AND c.removed = 0 "
        "AND {} ORDER BY {} LIMIT {}"
    )
    running = "c.end_on >= ? AND c.start_on <= ? AND (c.ended_on = '' OR c.ended_on >= ?)"
    parts: list[tuple[str, tuple[str, ...], str, int]] = [
        (running, (day, day, day), "c.end_on DESC", 3),
        ("c.start_on > ?", (day,), "c.start_on", MOST),
        ("c.end_on > '' AND c.end_on < ?", (day,), "c.end_on DESC", 2),
        ("c.end_on >= ? AND c.ended_on > '' AND c.ended_on < ?", (day, day), "c.ended_on DESC", 1),
        ("c.end_on = ''", (), "c.id", 1),
    ]
    if released:
        parts.append(("c.end_on >= ? AND c.start_on <= ?", (released, released), "c.end_on", 1))
    found: dict[int, Row] = {}
    for condition, given, order, most in parts:
        rows = store.execute(sql.format(condition, order, most), (*parameters, *given))
        found.update({row[0]: row for row in rows})
    return list(found.values())


def modifications(store: Store, customer: int, product: int) -> list[Row]:
    """(what, noted, authorised, last day, host) of those of the product, or of a host that has it."""
    return store.execute(
        "SELECT m.what, m.noted_on, m.authorised, m.ended_on, coalesce(h.name, '') "
        "FROM modification m LEFT JOIN host h ON h.id = m.host AND m.host <> 0 "
        "WHERE m.customer = ? AND m.removed = 0 AND (m.product = ? OR (m.product = 0 AND (m.host = 0 "
        "OR NOT EXISTS (SELECT 1 FROM installation i WHERE i.host = m.host AND i.removed = 0) "
        "OR EXISTS (SELECT 1 FROM installation i WHERE i.host = m.host AND i.product = ? AND i.removed = 0)))) "
        "ORDER BY m.authorised, m.id DESC LIMIT ?",
        (customer, product, product, MOST),
    )


def quotations(store: Store, customer: int, product: int) -> list[Row]:
    """(number, from, to, grants) of those for the product, and for every product."""
    return store.execute(
        "SELECT number, support_from, support_to, grants FROM quotation "
        "WHERE customer = ? AND product IN (0, ?) AND removed = 0 "
        "ORDER BY support_to <> '', support_to DESC, id DESC LIMIT ?",
        (customer, product, MOST),
    )


def installed(store: Store, customer: int, names: Sequence[str], day: str) -> list[Row]:
    """(host, product, by TCP/IP) of these products on the customer's hosts on a day."""
    marks = ", ".join("?" * len(names))
    return store.execute(
        "SELECT h.name, p.name, i.tcp_ip FROM product p CROSS JOIN host h "
        "JOIN installation i ON i.host = h.id AND i.product = p.id AND i.removed = 0 "
        f"WHERE p.name_key IN ({marks}) AND p.removed = 0 AND h.customer = ? AND h.removed = 0 "
        "AND i.installed_on <= ? AND (i.removed_on = '' OR i.removed_on >= ?)",
        (*(fold(name) for name in names), customer, day, day),
    )
