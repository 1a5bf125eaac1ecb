"""`policy check` and `policy diff`: what is wrong with a policy, and what it would move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supporttui.errors import PolicyError
from supporttui.store.criteria import Flag, Sort

from .output import Column, record

if TYPE_CHECKING:
    from supporttui.policy import Move, Policy, Timeline
    from supporttui.policy.checking import Finding

    from .session import Session

COLUMNS = (
    Column("ticket", right=True),
    Column("deadline"),
    Column("change"),
    Column("from"),
    Column("to"),
    Column("rule", flexible=True),
)
MOVE_TSV = ("ticket", "key", "kind", "role", "change", "old_due", "new_due", "clause")


def run_check(session: Session, policy: Policy) -> int:
    """Print the findings; exit code 78 when one of them is an error."""
    from supporttui.policy import check

    found = [*check(policy), *_nowhere(session, policy), *_readings(policy)]
    out = session.out
    if out.form == "json":
        out.json_list({"level": one.level, "key": one.key, "message": one.message} for one in found)
    elif out.form == "tsv":
        out.tsv(["level", "key", "message"], ([one.level, one.key, one.message] for one in found))
    else:
        for one in found:
            out.line(f"{one.level}: {one.key}: {one.message}")
        errors = sum(one.level == "error" for one in found)
        verdict = f"{errors} to mend" if errors else "can be used"
        out.line(f"{policy.source}: policy {policy.name}, {policy.hash}: {verdict}")
    return PolicyError.exit_code if any(one.level == "error" for one in found) else 0


def _readings(policy: Policy) -> Iterator[Finding]:
    """How sentences of the vendor that could mean several things are read."""
    from supporttui.policy.checking import Finding
    from supporttui.policy.entitling_file import readings as entitlement_readings
    from supporttui.policy.packages import readings

    if policy.package is not None:
        yield from (Finding("note", key, said) for key, said in readings(policy.package))
    yield from (Finding("note", key, said) for key, said in entitlement_readings(policy.file))


def _nowhere(session: Session, policy: Policy) -> Iterator[Finding]:
    """Words of roles that the roster and the channels file of this machine don't know."""
    from supporttui.policy.checking import Finding
    from supporttui.policy.roster import load_roster
    from supporttui.watch.channels.settings import load_channels
    from supporttui.watch.reachable import fault

    places = {name: session.settings.path(name) for name in ("roster", "channels")}
    try:
        roster = load_roster(places["roster"]) if places["roster"].exists() else None
        channels = load_channels(places["channels"]) if places["channels"].exists() else None
    except (PolicyError, OSError) as error:
        yield Finding("warning", "roster and channels", str(error))
        return
    for n, role in enumerate(policy.roles):
        for m, word in enumerate(role.reaches):
            if why := fault(word, roster, channels):
                yield Finding("warning", f"role[{n}].reaches[{m}]", f"'{role.name}' {why}")


def run_diff(session: Session, old: Policy, new: Policy) -> None:
    """Print which open deadlines of the store would move; writes nothing."""
    from supporttui.policy import diff

    moves = diff(old, new, _timelines(session))
    out = session.out
    if out.form == "json":
        out.json_list(record(move) for move in moves)
    elif out.form == "tsv":
        out.tsv(MOVE_TSV, ([getattr(move, name) for name in MOVE_TSV] for move in moves))
    elif not moves:
        out.line("no open deadline would move")
    else:
        out.table(COLUMNS, [_cells(session, move) for move in moves])
        tickets = len({move.ticket for move in moves})
        session.hint(f"{_many(len(moves), 'deadline')} of {_many(tickets, 'ticket')} would move")


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _cells(session: Session, move: Move) -> list[str]:
    old, new = session.local(move.old_due) or "–", session.local(move.new_due) or "–"
    return [str(move.ticket), move.label or move.kind, move.change, old, new, move.clause]


def _timelines(session: Session) -> Iterator[tuple[int, Timeline]]:
    """The open tickets as the clock sees them, from one look at the store."""
    from supporttui.desk.timeline import CLOCK_KINDS, timeline_of
    from supporttui.store import journal, tickets

    from .listing import MOST, lines

    store = session.open_existing()
    for line in lines(session, Flag("open"), Sort("number"), MOST):
        with store.read():
            ticket = tickets.get(store, line.number)
            entries = journal.of_ticket(store, line.number, kinds=CLOCK_KINDS)
        if ticket is not None:
            yield ticket.number, timeline_of(ticket, entries)
