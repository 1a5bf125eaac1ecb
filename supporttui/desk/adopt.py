"""Taking over a changed policy: every open deadline is derived anew, once.

Rungs that fired stay fired; what is newly past fires at the next tick, as
one notice for each ticket (escalation rules, section 5).
"""

from __future__ import annotations

from collections.abc import Callable

from supporttui.store import deadlines, journal, meta, tickets
from supporttui.store.criteria import Flag, Sort

from .act import ADOPTING, MIXED, POLICY_HASH, fetch, replan, transaction
from .look import snapshot
from .session import Desk
from .timeline import CLOCK_KINDS, timeline_of

NAME = "policy-name"
BATCH = 200

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.policy.timeline import Timeline


def adopt(desk: Desk, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Derive all open deadlines under the desk's policy, if some of the store's were derived under another.

    Returns the number of tickets that were planned anew.  Interrupted in the
    middle, or crossed by a desk under another policy, it is done again at the next
    call: the hash is written last, and only if nobody wrote beside it.  A desk that
    took the store over once leaves it to whoever took it over after that: two consoles
    under different policies would else derive everything anew at each other's ticks.
    """
    mine = desk.policy.hash
    with snapshot(desk):
        known = meta.get(desk.store, POLICY_HASH)
        foreign = known != mine and (known or _derived_under(desk) not in ("", mine))
    overruled = desk.adopted and known and not known.startswith((ADOPTING, MIXED))
    desk.adopted = True
    if known == mine or overruled:
        return 0
    with transaction(desk):
        meta.put(desk.store, POLICY_HASH, ADOPTING + mine)
    numbers = open_numbers(desk) if foreign else []
    for start in range(0, len(numbers), BATCH):
        with transaction(desk):
            for number in numbers[start : start + BATCH]:
                replan(desk, number)
        progress(min(start + BATCH, len(numbers)))
    with transaction(desk):
        if meta.get(desk.store, POLICY_HASH) == ADOPTING + mine:
            meta.put(desk.store, POLICY_HASH, mine)
            meta.put(desk.store, NAME, desk.policy.name)
    return len(numbers)


def _derived_under(desk: Desk) -> str:
    """The policy of a store's first open deadline, for one that was filled by an import alone; "" without any."""
    return next((line.policy_hash for line in deadlines.upcoming(desk.store, limit=1)), "")


def open_numbers(desk: Desk) -> list[int]:
    """The numbers of all open tickets, in order."""
    found: list[int] = []
    sort = Sort("number")
    with snapshot(desk):
        while True:
            page = tickets.page(
                desk.store, Flag("open"), sort, limit=1000, after=found[-1] if found else None
            )
            found.extend(line.number for line in page)
            if len(page) < 1000:
                return found


def open_timelines(desk: Desk) -> list[tuple[int, Timeline]]:
    """The timelines of all open tickets: what `policy diff` compares two policies on."""
    with snapshot(desk):
        return [(number, timeline(desk, number)) for number in open_numbers(desk)]


def timeline(desk: Desk, number: int) -> Timeline:
    """One ticket's timeline.  Errors: NotFound."""
    with snapshot(desk):
        entries = journal.of_ticket(desk.store, number, kinds=CLOCK_KINDS)
        return timeline_of(fetch(desk, number), entries)
