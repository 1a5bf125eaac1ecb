"""The book's records as the store selects them, and that nobody else writes SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import supporttui
from supporttui.store import Store, book, open_store
from supporttui.store.book_criteria import (
    alike,
    among,
    at_least,
    begins,
    differs,
    equal,
    of_named,
    on_hosts_of,
    showing,
)

if TYPE_CHECKING:
    from supporttui.store.book_criteria import Criterion

PACKAGE = Path(supporttui.__file__).parent


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    tmp_path.chmod(0o700)
    with open_store(tmp_path / "desk.sqlite3") as opened:
        for name, notes in (("Straße", "50% off"), ("acme", "a_b"), ("ÅNGSTRÖM", "")):
            book.insert(opened, "customer", {"name": name, "notes": notes})
        gone = book.insert(opened, "customer", {"name": "gone"})
        book.update(opened, "customer", gone, 1, {"removed": True})
        product = book.insert(opened, "product", {"name": "HyperIP"})
        for name, day in (("7.2", date(2026, 1, 2)), ("7.1", None), ("7.3", date(2025, 1, 2))):
            book.insert(opened, "release", {"product": product, "name": name, "released_on": day})
        for customer, host in ((1, "mvs1"), (2, "mvs2")):
            on = book.insert(opened, "host", {"customer": customer, "name": host})
            book.insert(opened, "installation", {"host": on, "product": product, "tcp_ip": customer == 1})
        yield opened


def ids(store: Store, kind: str, *criteria: Criterion, **more: object) -> list[int]:
    return [one.id for one in book.select(store, kind, *criteria, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "criterion, found",
    [
        (equal(name="STRASSE"), [1]),
        (equal(name="ångström"), [3]),
        (equal(id=2), [2]),
        (differs(name="acme"), [1, 3]),
        (alike(notes="A_B"), [2]),
        (alike(notes="A_B", name="ACME"), [2]),
        (at_least(id=2), [2, 3]),
        (among("id", [1, 3, 9]), [1, 3]),
        (begins("name", "ÅNG"), [3]),
        (showing(("name", "notes"), "0% stra"), [1]),
        (showing(("notes",), "_"), [2]),
        (showing(("name",), "nobody"), []),
    ],
)
def test_a_criterion_selects(store: Store, criterion: Criterion, found: list[int]) -> None:
    assert ids(store, "customer", criterion) == found


def test_whose_it_is(store: Store) -> None:
    assert ids(store, "host", of_named("customer", "STRASSE")) == [1]
    assert ids(store, "installation", on_hosts_of(2)) == [2]
    assert ids(store, "installation", equal(tcp_ip=True)) == [1]
    book.update(store, "host", 2, 1, {"removed": True})
    assert ids(store, "installation", on_hosts_of(2)) == [2]
    assert ids(store, "installation", on_hosts_of(2, standing=True)) == []


def test_orders_limits_and_what_was_removed(store: Store) -> None:
    assert ids(store, "release", order=("released_on",)) == [2, 3, 1]
    assert ids(store, "release", order=("?released_on",)) == [3, 1, 2]
    assert ids(store, "release", order=("-id",), limit=2) == [3, 2]
    assert ids(store, "customer", order=("name",)) == [2, 1, 3]
    assert ids(store, "customer", removed=True) == [1, 2, 3, 4]
    assert book.spellings(store, "customer", "name", at_least(id=2), limit=9) == ["acme", "ÅNGSTRÖM"]


def test_any_number_of_ids_is_read(store: Store) -> None:
    many = [*range(1, 2 * book.AT_ONCE), 1]
    assert [one.id for one in book.of_ids(store, "customer", many, removed=True)] == [1, 2, 3, 4, 1]
    assert book.of_ids(store, "customer", []) == []


@pytest.mark.parametrize(
    "criterion",
    [equal(nmae="x"), among("id; DROP TABLE host", [1]), begins("notes", "x"), of_named("product", "x")],
)
def test_what_is_no_column_makes_no_statement(store: Store, criterion: Criterion) -> None:
    with pytest.raises(ValueError):
        book.select(store, "customer", criterion)
    with pytest.raises(ValueError):
        book.select(store, "customer", order=("name DESC; --",))


def test_sql_is_written_in_the_store_alone() -> None:
    pattern = re.compile(r"\.execute(?:_many|_compiled)?\(|\"(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) ")
    wrong = [
        f"{path.relative_to(PACKAGE)}: {found[0]}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] != "store"
        and (found := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert not wrong, wrong
