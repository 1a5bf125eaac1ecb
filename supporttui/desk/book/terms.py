"""Which days a support package gets when they are left out: from the day of the purchase for the plan's years.

A day that was entered is never moved.
"""

from __future__ import annotations

from supporttui.desk.session import Desk
from supporttui.store import book
from supporttui.store.book_criteria import differs, equal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any

    from supporttui.store.book_records import Contract, Licence


def last_day(desk: Desk, old: Contract | None, row: Mapping[str, Any]) -> dict[str, date]:
    """The last day that the plan's years give to a contract whose first day is entered without it."""
    first, ends = row.get("start_on"), row.get("end_on") or (old.end_on if old else None)
    if first is None or ends or (old and "end_on" in row):  # who empties the last day means it
        return {}
    plan = row.get("plan") or (old.plan if old else "")
    years = next((one.years for one in desk.policy.file.plans if one.name == plan), 0)
    if not years:
        return {}
    from supporttui.policy.packages import term_end

    return {"end_on": term_end(first, years)}


def begun_by(desk: Desk, licence: Licence) -> Contract | None:
    """The contract that begins on the day on which this licence was purchased; None where no day is wanted.

    That is the first of the licence's package, as long as nobody entered its first day and nothing renews it.
    """
    day = licence.purchased_on
    if not licence.package or day is None:
        return None
    first: Contract | None = book.get(desk.store, "contract", licence.package)
    if first is None or first.removed or first.start_on or any(
        end and end < day for end in (first.end_on, first.ended_on)
    ):  # fmt: skip
        return None
    renewed = book.select(desk.store, "contract", equal(package=first.id), differs(id=first.id))
    return None if renewed else first
